namespace Bijectors.Serving;

/// <summary>What may come of a request, as metrics name it.</summary>
internal static class Outcome
{
    public const string Answered = "answered";
    public const string Cancelled = "cancelled";
    public const string Failed = "failed";

    /// <summary>It did not fit the flow or the limits.</summary>
    public const string Invalid = "invalid";

    /// <summary>The queue was full, or closed.</summary>
    public const string Refused = "refused";
}
