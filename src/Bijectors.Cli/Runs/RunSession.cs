using Bijectors.Data;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>A training in a directory of its own: begun or resumed, with all that happens written there.</summary>
internal static class RunSession
{
    /// <summary>Begins a run in a new directory.</summary>
    public static TrainResult Begin(
        Terminal terminal, SharedCommand shared, RunFolder folder, TrainPlan plan, Dataset data, string? every,
        string? told, CancellationToken cancellation)
    {
        if (!shared.Writes)
        {
            return Follow(terminal, shared, plan, data, PlaceOf(folder, every, resume: false), cancellation);
        }

        folder.CheckNew();
        using var held = folder.Take();
        using var log = folder.Log();
        var place = PlaceOf(folder, every, resume: false);
        using var run = new TrainRun(plan, data, place, shared);
        folder.WriteConfig(plan, data, run.Flow.ParameterCount, every);
        log.Line($"Begins: bijectors train --model {plan.Model} --data {plan.Data} {plan.Spell()}");
        return Go(terminal, folder, run, log, told, cancellation);
    }

    /// <summary>Continues a run.</summary>
    /// <exception cref="UserException">There is none, or another process is at it.</exception>
    public static CommandResult Resume(
        Terminal terminal, SharedCommand shared, RunFolder folder, CancellationToken cancellation)
    {
        var plan = folder.ReadPlan();
        using var held = shared.Writes ? folder.Take() : null;
        if (folder.ReadResults() is { } results && results.Text("status") == TrainResult.Finished)
        {
            return new FinishedRun(folder.Path, results);
        }

        using var data = Datasets.Open(plan.Data, plan.Seed);
        var place = PlaceOf(folder, folder.ReadInterval(), resume: true);
        if (!shared.Writes)
        {
            return Follow(terminal, shared, plan, data, place, cancellation);
        }

        using var log = folder.Log();
        log.Line("Resumes.");
        using var run = new TrainRun(plan, data, place, shared);
        return Go(terminal, folder, run, log, null, cancellation);
    }

    /// <summary>Where a run leaves what it makes.</summary>
    public static TrainPlace PlaceOf(RunFolder folder, string? every, bool resume) =>
        new(folder.Model, CheckpointOptions.At(folder.Checkpoint, every, resume), folder);

    /// <summary>Trains on a rank that writes nothing.</summary>
    private static TrainResult Follow(
        Terminal terminal, SharedCommand shared, TrainPlan plan, Dataset data, TrainPlace place,
        CancellationToken cancellation)
    {
        using var run = new TrainRun(plan, data, place, shared);
        return run.Go(TrainingDisplay.On(terminal), new RunJournal(terminal), cancellation);
    }

    private static TrainResult Go(
        Terminal terminal, RunFolder folder, TrainRun run, RunLog log, string? told, CancellationToken cancellation)
    {
        var journal = new RunJournal.Kept(terminal, folder, log);
        if (told is not null)
        {
            journal.Note(told);
        }

        try
        {
            var result = run.Go(TrainingDisplay.On(terminal), journal, cancellation);
            foreach (var line in result.Lines())
            {
                log.Line(line);
            }

            folder.WriteResults(result.ToJson());
            return result;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.Line($"Failed: {exception.Message}");
            Note(folder, exception);
            throw;
        }
        catch (OperationCanceledException)
        {
            log.Line("Stopped before the first step.");
            throw;
        }
    }

    /// <summary>Writes down that a run has failed, where that can be written.</summary>
    private static void Note(RunFolder folder, Exception failure)
    {
        try
        {
            folder.WriteResults(new() { ["status"] = TrainResult.Failed, ["message"] = failure.Message });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UserException)
        {
            // The failure itself is what the person is told.
        }
    }
}
