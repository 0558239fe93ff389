namespace Bijectors.Cli;

/// <summary>
/// When a log gets its next line of progress: after 5 seconds, then after twice as long each time, up to 10 minutes, so
/// that a long run leaves a log that one can read.
/// </summary>
/// <param name="first">When the first line is due.</param>
internal sealed class Cadence(TimeSpan first)
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    private TimeSpan _next = first;
    private TimeSpan _pause = s_shortest;

    /// <summary>A log whose first line comes at once.</summary>
    public static Cadence AtOnce() => new(TimeSpan.Zero);

    /// <summary>A log of what is mostly done before anybody asks.</summary>
    public static Cadence Later() => new(s_shortest);

    /// <summary>Whether a line is due so long after the beginning; asking for one that is takes it.</summary>
    public bool IsDue(TimeSpan elapsed)
    {
        if (elapsed < _next)
        {
            return false;
        }

        _next = elapsed + _pause;
        _pause = _pause * 2 < s_longest ? _pause * 2 : s_longest;
        return true;
    }
}
