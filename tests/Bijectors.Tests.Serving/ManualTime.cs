namespace Bijectors.Tests.Serving;

/// <summary>A clock that stands still until a test moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly SemaphoreSlim _made = new(0);
    private readonly List<Timer> _timers = [];
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    /// <summary>Waits until somebody waits for this clock.</summary>
    public Task TimerMade() => _made.WaitAsync();

    public void Advance(TimeSpan time)
    {
        Interlocked.Add(ref _now, time.Ticks);
        lock (_timers)
        {
            _timers.ForEach(timer => timer.RunIfDue(_now));
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? null : _now + dueTime.Ticks);
        lock (_timers)
        {
            _timers.Add(timer);
        }

        _made.Release();
        return timer;
    }

    private sealed class Timer(TimerCallback callback, object? state, long? due) : ITimer
    {
        private long? _due = due;

        public void RunIfDue(long now)
        {
            if (_due <= now)
            {
                _due = null;
                callback(state);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = null;
            return true;
        }

        public void Dispose() => _due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
