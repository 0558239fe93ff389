namespace Bijectors.Cli;

/// <summary>
/// The stages of one command, as the trainings of a comparison: which one is running, and how long all that are left
/// will take if they take as long as those so far.
/// </summary>
/// <param name="count">How many there are at most.</param>
/// <param name="time">The clock; null for the system's.</param>
internal sealed class Stages(int count, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private TimeSpan _spent;
    private int _ended;
    private int _skipped;
    private long _since;

    /// <summary>Begins the next stage.</summary>
    public void Begin() => _since = _time.GetTimestamp();

    /// <summary>Ends the stage that was begun.</summary>
    public void End()
    {
        _spent += _time.GetElapsedTime(_since);
        _ended++;
    }

    /// <summary>Passes over a stage that is done already.</summary>
    public void Skip() => _skipped++;

    /// <summary>Passes over what there is up to a number of stages, as where some could not be begun.</summary>
    public void SkipTo(int number) => _skipped = Math.Max(_skipped, number - _ended);

    /// <summary>The name of the current stage, with its number where there are several.</summary>
    public string Label(string name) => count > 1 ? $"[{_ended + _skipped + 1}/{count}] {name}" : name;

    /// <summary>How long this stage and those behind it will take; null where there is only one.</summary>
    /// <param name="ofThis">What is left of the current one.</param>
    public TimeSpan? Remaining(TimeSpan ofThis)
    {
        if (count <= 1)
        {
            return null;
        }

        var each = (_spent + _time.GetElapsedTime(_since) + ofThis) / (_ended + 1);
        return ofThis + (each * Math.Max(0, count - _skipped - _ended - 1));
    }
}
