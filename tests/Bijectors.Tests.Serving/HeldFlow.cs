using System.Collections.Concurrent;
using Bijectors.Serving;
using static TorchSharp.torch;

namespace Bijectors.Tests.Serving;

/// <summary>
/// A flow of two numbers whose passes stand still while it is held, so that a test decides what is batched with what.
/// </summary>
internal sealed class HeldFlow : IDisposable
{
    private readonly ManualResetEventSlim _open = new(true);
    private readonly SemaphoreSlim _entered = new(0);
    private readonly ConcurrentQueue<long> _passes = new();

    public HeldFlow() => Flow = Flow.On(Shape.Vector(2), seed: 4).Then(new Watched(Pass)).AffineCoupling(8)
        .Into(Distribution.StandardNormal);

    public Flow Flow { get; }

    /// <summary>The numbers of rows of the passes so far.</summary>
    public IReadOnlyList<long> Passes => [.. _passes];

    /// <summary>What a pass throws for a row with this first number.</summary>
    public double? Poison { get; set; }

    /// <summary>
    /// Sends a request that stands still in the flow; what comes now waits behind it until <see cref="Release"/>.
    /// </summary>
    public async Task<Task<double[]>> Hold(FlowQueue queue)
    {
        _open.Reset();
        var first = queue.ScoreAsync([[0, 0]]);
        await _entered.WaitAsync();
        return first;
    }

    public void Release() => _open.Set();

    public void Dispose()
    {
        _open.Set();
        Flow.Dispose();
    }

    private void Pass(Tensor x)
    {
        _passes.Enqueue(x.shape[0]);
        if (!_open.IsSet)
        {
            _entered.Release();
            _open.Wait();
        }

        if (Poison is { } poison && x.select(1, 0).eq(poison).any().item<bool>())
        {
            throw new InvalidOperationException("poison.");
        }
    }
}
