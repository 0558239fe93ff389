using Bijectors.Distributed;

namespace Bijectors.Training;

/// <summary>Writes the checkpoints of one run when they are due; of several ranks the first does.</summary>
internal sealed class RunSaver
{
    private readonly Checkpoints _checkpoints;
    private readonly Checkpoint _file;
    private readonly bool _writes;
    private long _steps;
    private TimeSpan _time;

    public RunSaver(
        Checkpoints checkpoints, IReadOnlyList<(string Name, string Value)> identity, ICheckpointed run,
        Communicator ranks)
    {
        (_checkpoints, _writes) = (checkpoints, ranks.IsFirst);
        _file = new Checkpoint(
            checkpoints.File,
            identity,
            [("run", run), .. checkpoints.Parts.Select(row => ($"parts.{row.Name}", row.Part))]);
    }

    /// <summary>Whether a run is resumed from a checkpoint.</summary>
    public static bool Resumes(TrainingOptions options) =>
        options.Checkpoints is { Resume: true } checkpoints && File.Exists(checkpoints.File);

    /// <summary>Loads the checkpoint there is, where the run is resumed from one.</summary>
    public void Load()
    {
        if (_checkpoints.Resume)
        {
            _file.Load();
        }
    }

    /// <summary>Counts from here.</summary>
    public void Begin(long steps, TimeSpan time) => (_steps, _time) = (steps, time);

    public void SaveIfDue(long steps, TimeSpan time, bool always)
    {
        if (always || _checkpoints.IsDue(steps - _steps, time - _time))
        {
            if (_writes)
            {
                _file.Save();
            }

            Begin(steps, time);
        }
    }
}
