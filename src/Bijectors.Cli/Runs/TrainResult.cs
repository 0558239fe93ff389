using System.Text.Json.Nodes;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>What <c>train</c> and <c>resume</c> give: a trained model, and how good it is.</summary>
/// <param name="Plan">What was trained.</param>
/// <param name="Title">What the model is called.</param>
/// <param name="Parameters">The number of parameters.</param>
/// <param name="Training">What came of the training.</param>
/// <param name="ValidationItems">How many validation items there are.</param>
/// <param name="Test">How well it fits the test items; null where there are none.</param>
/// <param name="TestRemark">What is to be said of that number, as the end of a sentence; empty for nothing.</param>
/// <param name="Place">Where it is.</param>
internal sealed record TrainResult(
    TrainPlan Plan, string Title, long Parameters, TrainingResult Training, long ValidationItems, Likelihood? Test,
    string TestRemark, TrainPlace Place) : CommandResult
{
    /// <summary>The status of a run that has come to its end.</summary>
    public const string Finished = "finished";

    /// <summary>The status of a run that was stopped and can be resumed.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The status of a run that an error ended.</summary>
    public const string Failed = "failed";

    private bool IsCancelled => Training.StopReason == StopReason.Cancelled;

    public override ExitCode ExitCode => IsCancelled ? ExitCode.Interrupted : ExitCode.Success;

    public override string? Complaint
    {
        get
        {
            var further = Place.Run is { } run ? $", and \"bijectors resume {run.Path}\" continues it"
                : Place.Checkpoints is not null ? ", and --resume continues it"
                : "";
            return IsCancelled ? $"interrupted; what had been trained is saved{further}." : null;
        }
    }

    public override bool IsAnswer => false;

    public override JsonObject ToJson() => new()
    {
        ["status"] = IsCancelled ? Interrupted : Finished,
        ["stopReason"] = Training.StopReason switch
        {
            StopReason.EarlyStop => "earlyStop",
            StopReason.Cancelled => "cancelled",
            _ => "completed",
        },
        ["model"] = Plan.Model,
        ["data"] = Plan.Data,
        ["parameters"] = Parameters,
        ["steps"] = Training.Steps,
        ["epochs"] = Training.History.LastOrDefault()?.Epoch,
        ["bestEpoch"] = Training.BestEpoch,
        ["bestStep"] = Training.BestStep,
        ["unit"] = Training.ValidationUnit.Text(),
        ["bestValidation"] = Number(Training.BestValidationLoss),
        ["validationItems"] = ValidationItems,
        ["validationItemsLeftOut"] = Training.ValidationItemsLeftOut.Count,
        ["test"] = Test is null ? null : new JsonObject
        {
            ["bitsPerDimension"] = Number(Test.BitsPerDimension),
            ["standardError"] = Number(Test.StandardError),
            ["nats"] = Number(Test.Nats),
        },
        ["seconds"] = Number(Training.Seconds),
        ["itemsPerSecond"] = Number(Training.ItemsPerSecond),
        ["file"] = Place.Model,
        ["run"] = Place.Run?.Path,
    };

    public override void Print(Terminal terminal)
    {
        foreach (var line in Lines())
        {
            terminal.Line(line);
        }
    }

    /// <summary>The result as lines of text.</summary>
    public IEnumerable<string> Lines()
    {
        var effort = $"{Numbers.Seconds(Training.Seconds)}, {Numbers.Count(Training.Steps)} steps";
        yield return $"{Reason()}; best epoch {Training.BestEpoch} of {Training.History.Count}, {effort}.";
        if (Training.ValidationItemsLeftOut is { Count: > 0 } leftOut)
        {
            yield return $"{Numbers.Count(leftOut.Count)} of {Numbers.Count(ValidationItems)} validation items have no "
                + $"finite log-density, the first at place {Numbers.Count(leftOut[0])}; "
                + "the best epoch is chosen by the others.";
        }

        if (Test is not null)
        {
            var bits = Numbers.Measure(Test.BitsPerDimension, Test.StandardError);
            yield return $"Test: {bits} bits/dim, {Numbers.Measure(Test.Nats, null)} nats per item{TestRemark}.";
        }

        yield return $"Saved: {Place.Model}";
    }

    private string Reason() => Training.StopReason switch
    {
        StopReason.EarlyStop => "Stopped early, validation got no better",
        StopReason.Cancelled => "Stopped on request",
        _ => "Done",
    };
}
