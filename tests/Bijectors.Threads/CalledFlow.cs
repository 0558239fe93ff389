using static TorchSharp.torch;

namespace Bijectors.Threads;

/// <summary>A flow, what is asked of it, and what one thread alone got.</summary>
internal sealed class CalledFlow : IDisposable
{
    private readonly Flow _flow;
    private readonly List<(Call Call, byte[] Expected)> _calls = [];

    /// <summary>Asks everything once.</summary>
    /// <param name="name">What to call the flow.</param>
    /// <param name="flow">The flow, owned from now on.</param>
    /// <param name="sizes">How many points are scored and drawn in each call.</param>
    public CalledFlow(string name, Flow flow, int[] sizes)
    {
        (Name, _flow) = (name, flow);
        for (var i = 0; i < sizes.Length; i++)
        {
            var call = Make(flow, sizes[i], (ulong)i);
            _calls.Add((call, call.Answer(flow)));
        }
    }

    /// <summary>The model and its dtype.</summary>
    public string Name { get; }

    /// <summary>How many different calls there are.</summary>
    public int Calls => _calls.Count;

    /// <summary>Whether the answer to a call is that of one thread alone, bit for bit.</summary>
    public bool AnswersAsAlone(int call) =>
        _calls[call].Call.Answer(_flow).AsSpan().SequenceEqual(_calls[call].Expected);

    public void Dispose()
    {
        _calls.ForEach(call => call.Call.Dispose());
        _flow.Dispose();
    }

    private static Call Make(Flow flow, long size, ulong seed)
    {
        using var ungraded = no_grad();
        using var generator = new Generator(100 + seed);
        var context = flow.ContextShape is { } shape
            ? randn([size, .. shape.ToArray()], flow.Dtype, generator: generator) : null;

        // Points that the flow knows: its own.
        return new Call(flow.Sample(size, context, generator), context, seed);
    }
}
