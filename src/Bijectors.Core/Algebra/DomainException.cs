namespace Bijectors;

/// <summary>
/// Two bijectors do not fit because one gives values on which the other is not defined:
/// <c>Chain[1] (Softplus) -> Chain[2] (Logit): expected values in (0, 1), got Positive.</c>
/// </summary>
public sealed class DomainException : ArgumentException
{
    /// <summary>An exception that names both parties.</summary>
    /// <param name="giver">What the values come from, with its place: <c>Chain[1] (Softplus)</c>.</param>
    /// <param name="taker">What they go to, with its place: <c>Chain[2] (Logit)</c>.</param>
    /// <param name="expected">Where the taker is defined.</param>
    /// <param name="got">What the giver gives.</param>
    public DomainException(string giver, string taker, Domain expected, Domain got)
        : base($"{giver} -> {taker}: expected values in {expected}, got {got}.{Hint(expected, got)}")
    {
        Giver = giver;
        Taker = taker;
        Expected = expected;
        Got = got;
    }

    /// <summary>What the values come from, with its place.</summary>
    public string Giver { get; }

    /// <summary>What the values go to, with its place.</summary>
    public string Taker { get; }

    /// <summary>Where the taker is defined.</summary>
    public Domain Expected { get; }

    /// <summary>What the giver gives.</summary>
    public Domain Got { get; }

    private static string Hint(Domain expected, Domain got)
    {
        return expected is Interval wanted && got is Interval given
            && IsRounding(wanted.Low, given.Low) && IsRounding(wanted.High, given.High)
            ? " They differ by a rounding: the numbers of the maps between, such as 0.1, are not exact in binary, "
                + "and values at that end would be lost. "
                + "Write those maps as one, or with numbers that are exact (0.125, 0.25)."
            : "";

        static bool IsRounding(double end, double other) =>
            end == other || (double.IsFinite(end) && Math.Abs(end - other) <= 1e-12 * Math.Max(1, Math.Abs(end)));
    }
}
