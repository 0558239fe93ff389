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
        : this(giver, taker, expected, got, Hint(expected, got))
    {
    }

    private DomainException(string giver, string taker, Domain expected, Domain got, string hint)
        : base($"{giver} -> {taker}: expected values in {expected}, got {got}.{hint}")
    {
        Giver = giver;
        Taker = taker;
        Expected = expected;
        Got = got;
    }

    /// <summary>The exception of a flow whose bijector is not onto the support of its base.</summary>
    /// <param name="transform">The bijector.</param>
    /// <param name="first">The layer of it that meets the data first.</param>
    /// <param name="base">What the base is called.</param>
    /// <param name="expected">The support of the base.</param>
    internal static DomainException OfFlow(Bijector transform, Bijector first, string @base, Domain expected)
    {
        var got = transform.Codomain;
        return new(
            $"Transform ({transform})", $"Base ({@base})", expected, got,
            IsUsualMap(first)
                ? " Bijector.To(domain) leads from the reals onto the domain: a flow of data in it begins with "
                    + "~Bijector.To(domain), with a ~ before it."
                : Hint(expected, got));
    }

    /// <summary>What the values come from, with its place.</summary>
    public string Giver { get; }

    /// <summary>What the values go to, with its place.</summary>
    public string Taker { get; }

    /// <summary>Where the taker is defined.</summary>
    public Domain Expected { get; }

    /// <summary>What the giver gives.</summary>
    public Domain Got { get; }

    /// <summary>Whether a bijector is what <see cref="Bijector.To"/> gives, or begins with.</summary>
    private static bool IsUsualMap(Bijector f)
    {
        if (f.Domain != Domain.Real || f.Codomain == Domain.Real)
        {
            return false;
        }

        try
        {
            using var usual = f.Codomain.FromReals();
            return usual.ToString() == f.ToString();
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static string Hint(Domain expected, Domain got)
    {
        if ((expected.Beside(got) ?? got.Beside(expected)) is { } hint)
        {
            return $" {hint}";
        }

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
