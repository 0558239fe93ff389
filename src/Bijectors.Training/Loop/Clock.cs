namespace Bijectors.Training;

/// <summary>A stopwatch whose time comes from a provider, so that a test can run one that does not depend on the
/// machine.</summary>
internal sealed class Clock(TimeProvider time) : ICheckpointed
{
    private TimeSpan _before;
    private long? _since;

    public TimeSpan Elapsed => _before + (_since is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero);

    public void Start() => _since ??= time.GetTimestamp();

    public void Stop() => (_before, _since) = (Elapsed, null);

    public void Save(CheckpointState state) => state.Put("ticks", Elapsed.Ticks);

    /// <summary>Adds the time of the run that is resumed.</summary>
    public void Load(CheckpointState state) => _before += TimeSpan.FromTicks(state.Whole("ticks"));
}
