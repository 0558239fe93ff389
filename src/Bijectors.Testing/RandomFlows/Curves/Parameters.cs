namespace Bijectors.Testing.RandomFlows;

/// <summary>The numbers that a curve takes.</summary>
internal readonly record struct Parameters(double A = 0, double B = 0)
{
    /// <summary>How much there is to read in them.</summary>
    public int Cost => Length(A) + Length(B);

    /// <summary>Simpler numbers.</summary>
    /// <param name="count">How many of them are in use.</param>
    public IEnumerable<Parameters> Simpler(int count)
    {
        var (a, b) = (A, B);
        return count == 0
            ? []
            : new Parameters[] { new(2, count == 2 ? 1 : 0), new(2, b), new(0.5, b), new(Math.Round(a), b),
                new(a, count == 2 ? 1 : 0) }
                .Where(p => p.A != 0);
    }

    private static int Length(double number) =>
        number == 0 ? 0 : Text.Of(number).Length + (number < 0 ? 1 : 0) + (number == Math.Round(number) ? 0 : 1);
}
