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
        : base($"{giver} -> {taker}: expected values in {expected}, got {got}.")
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
}
