namespace Bijectors.Testing.RandomFlows;

/// <summary>A number on its way through a flow.</summary>
/// <param name="Value">The number.</param>
/// <param name="Error">What rounding may have made of it, in last digits of a number of size 1.</param>
internal readonly record struct Probe(double Value, double Error = 0)
{
    /// <summary>One that left the range of numbers, or lost all its digits.</summary>
    public static Probe Lost { get; } = new(double.NaN);

    /// <summary>The largest size and the largest error of several; NaN where one is lost.</summary>
    public static Probe Largest(IReadOnlyList<Probe> probes) => probes.Any(p => double.IsNaN(p.Value))
        ? Lost
        : new(probes.Select(p => Math.Abs(p.Value)).DefaultIfEmpty(0).Max(),
            probes.Select(p => p.Error).DefaultIfEmpty(0).Max());
}
