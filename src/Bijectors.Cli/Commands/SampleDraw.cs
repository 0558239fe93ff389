namespace Bijectors.Cli;

/// <summary>Samples of a flow, drawn a part at a time.</summary>
/// <param name="flow">The flow.</param>
/// <param name="each">How many samples, of a conditional flow for each context.</param>
/// <param name="contexts">The contexts <c>(N, context...)</c>; null for none.</param>
/// <param name="noise">The deviation of the noise that is taken off; null for none.</param>
internal sealed class SampleDraw(Flow flow, int each, Tensor? contexts, double? noise)
{
    // How many samples are drawn at once, about.
    private const long AtOnce = 1000;

    private readonly Denoised? _denoised = noise is { } deviation ? flow.Denoised(deviation) : null;

    /// <summary>How many samples there are in all.</summary>
    public long Count => each * (contexts?.shape[0] ?? 1);

    /// <summary>Samples <c>(Count, event...)</c>, those of the first context first.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="progress">Is told how many are drawn.</param>
    public Tensor All(int seed, IProgress<long> progress)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        flow.eval();
        var parts = new List<Tensor>();
        for (var done = 0L; done < Count; done += parts[^1].shape[0])
        {
            progress.Report(done);
            parts.Add(Part(done, generator));
        }

        return cat([.. parts]).MoveToOuterDisposeScope();
    }

    private Tensor Part(long done, Generator generator)
    {
        using var scope = NewDisposeScope();
        if (contexts is null)
        {
            return Finished(flow.Sample(Math.Min(AtOnce, Count - done), generator: generator), null);
        }

        var rows = Math.Min(Math.Max(1, AtOnce / each), contexts.shape[0] - (done / each));
        var given = contexts.narrow(0, done / each, rows);
        return Finished(flow.SampleEach(each, given, generator).flatten(0, 1), given.repeat_interleave(each, 0));
    }

    private Tensor Finished(Tensor samples, Tensor? given) =>
        flow.Quantize(_denoised?.Of(samples, given) ?? samples).MoveToOuterDisposeScope();
}
