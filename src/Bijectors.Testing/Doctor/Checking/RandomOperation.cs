namespace Bijectors.Testing.Doctor;

/// <summary>
/// An operation that draws random numbers: the same seed gives the same ones, another seed others, and their range
/// and moments are known.
/// </summary>
/// <param name="Name">The name that the scan of our calls gives it.</param>
/// <param name="Draw">Draws so many numbers from a generator, in a dtype.</param>
/// <param name="Least">No number is below.</param>
/// <param name="Most">No number is above.</param>
/// <param name="Mean">The mean of the distribution, of so many numbers.</param>
/// <param name="Deviation">Its standard deviation.</param>
internal sealed record RandomOperation(
    string Name,
    Func<int, ScalarType, Generator, Tensor> Draw,
    Func<int, double> Least,
    Func<int, double> Most,
    Func<int, double> Mean,
    Func<int, double> Deviation)
    : Operation(Name, "")
{
    // A right generator is further off once in five hundred million times; the seed is fixed.
    private const double Deviations = 6;
    private static readonly int[] s_counts = [1, 3, 5, 17, 33, 40009];

    /// <summary>True where each whole number from 0 on comes once.</summary>
    public bool Permutes { get; init; }

    /// <inheritdoc/>
    public override Tally Check(TorchCheckOptions options)
    {
        var tally = new Tally();
        foreach (var threads in options.Threads)
        {
            set_num_threads(threads);
            foreach (var dtype in (ReadOnlySpan<ScalarType>)[ScalarType.Float32, ScalarType.Float64])
            {
                foreach (var count in s_counts)
                {
                    string Where() => $"{count} numbers, {dtype.ToString().ToLowerInvariant()}, threads: {threads}";
                    try
                    {
                        Compare(tally, count, dtype, options, Where);
                    }
                    catch (Exception exception)
                    {
                        tally.Threw("the call", exception, Where);
                    }
                }
            }
        }

        return tally;
    }

    private void Compare(Tally tally, int count, ScalarType dtype, TorchCheckOptions options, Func<string> where)
    {
        var (first, again, other, exactly) = (Drawn(0), Drawn(0), Drawn(1), new double[count]);
        options.Spoilt(Name, "value", first);
        tally.Compare("numbers of the same seed", again, exactly, first, where);
        var inRange = first.Select(number => Math.Clamp(number, Least(count), Most(count))).ToArray();
        tally.Compare("range", inRange, exactly, first, where);
        if (Permutes)
        {
            double[] inOrder = [.. Enumerable.Range(0, count)];
            tally.Compare("numbers in order", inOrder, exactly, [.. first.Order()], where);
        }

        if (count < 1000)
        {
            return;
        }

        var (mean, allowed) = (first.Average(), Deviations * Deviation(count) / Math.Sqrt(count));
        var deviation = Math.Sqrt(first.Average(number => (number - mean) * (number - mean)));
        tally.Compare("mean", [Mean(count)], [allowed], [mean], where);
        tally.Compare("deviation", [Deviation(count)], [allowed], [deviation], where);
        tally.Compare("difference from another seed", [0], [0], [first.SequenceEqual(other) ? 1 : 0], where);

        double[] Drawn(ulong seed)
        {
            using var generator = new Generator(seed);
            using var drawn = Draw(count, dtype, generator);
            return Layout.Read(drawn);
        }
    }
}
