namespace Bijectors.Training;

/// <summary>A stopwatch whose time comes from a provider, so that a test can run one that does not depend on the machine.</summary>
internal sealed class Clock(TimeProvider time)
{
    private TimeSpan _before;
    private long? _since;

    public TimeSpan Elapsed => _before + (_since is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero);

    public void Start() => _since ??= time.GetTimestamp();

    public void Stop() => (_before, _since) = (Elapsed, null);
}
