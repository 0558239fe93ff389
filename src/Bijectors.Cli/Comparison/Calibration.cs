using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>
/// How the densities of a flow agree with where items lie. The region of highest density that holds a share p of the
/// samples should hold a share p of the items, for every p (R. J. Hyndman, Computing and graphing highest density
/// regions, 1996): below that the flow is too narrow, above it too wide.
/// </summary>
/// <param name="Shares">For each item the share of samples that lie where the density is higher, in rising
/// order.</param>
/// <param name="Samples">Among how many samples that share is.</param>
internal sealed record Calibration(IReadOnlyList<double> Shares, int Samples)
{
    /// <summary>So many items are looked at, at most.</summary>
    public const int MostItems = 1_000;

    private const int MostSamples = 1_000;
    private const int SamplesOfLarge = 256;

    // Where each item has a context of its own, samples are drawn for each.
    private const int MostConditionalItems = 128;
    private const int SamplesEach = 64;

    // Kolmogorov's distribution exceeds this with a probability of 0.05.
    private const double CriticalKolmogorov = 1.358;

    /// <summary>The largest difference between the share of items and the share of samples, with its sign: above 0
    /// where the flow is too wide.</summary>
    public double Deviation { get; } = Largest(Shares);

    /// <summary>What chance alone exceeds in one of 20 cases, by the test of Kolmogorov and Smirnov for two
    /// samples.</summary>
    public double Chance => CriticalKolmogorov * Math.Sqrt(1.0 / Shares.Count + 1.0 / Samples);

    /// <summary>Whether chance alone would explain the deviation.</summary>
    public bool IsWithinChance => Math.Abs(Deviation) <= Chance;

    /// <summary>Measures a flow in evaluation mode; null where its density is not known exactly, or is
    /// estimated.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="items">Items it was not trained on, <c>(N, event...)</c>, with levels where the flow has
    /// them.</param>
    /// <param name="context">What each is given; null for nothing.</param>
    /// <param name="seed">The seed of samples and noise.</param>
    public static Calibration? Of(Flow flow, Tensor items, Tensor? context, int seed)
    {
        if (!flow.HasExactLogProb || flow.HasEstimatedLogProb)
        {
            return null;
        }

        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, flow.Device);
        var count = Math.Min(context is null ? MostItems : MostConditionalItems, items.shape[0]);
        var given = context?.narrow(0, 0, count);
        var here = Evaluation.LogProb(flow, items.narrow(0, 0, count), given, seed).to(flow.Device);
        var samples = context is not null ? SamplesEach
            : flow.EventShape.Size > ComparisonPlan.LargeItem ? SamplesOfLarge : MostSamples;
        var there = given is null
            ? flow.SampleWithLogProb(samples, null, generator).LogProb.unsqueeze(0)
            : flow.SampleEachWithLogProb(samples, given, generator).LogProb;
        // What has no finite density lies outside of every region.
        var shares = here.nan_to_num(double.NegativeInfinity).unsqueeze(1).lt(there).to(ScalarType.Float64).mean([1]);
        return new([.. shares.data<double>().ToArray().Order()], samples);
    }

    /// <summary>The share of items in the region that holds a share of the samples.</summary>
    public double Held(double share) => Shares.Count(each => each <= share) / (double)Shares.Count;

    private static double Largest(IReadOnlyList<double> shares)
    {
        var (worst, count) = (0.0, (double)shares.Count);
        for (var i = 0; i < shares.Count; i++)
        {
            foreach (var difference in (ReadOnlySpan<double>)[i / count - shares[i], (i + 1) / count - shares[i]])
            {
                worst = Math.Abs(difference) > Math.Abs(worst) ? difference : worst;
            }
        }

        return worst;
    }
}
