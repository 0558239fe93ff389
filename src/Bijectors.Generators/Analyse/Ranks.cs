namespace Bijectors.Generators.Analyse;

/// <summary>How many dimensions more an output event has than an input event.</summary>
internal static class Ranks
{
    private const string Parts = "global::Bijectors.Parts";
    private const string Partition = "global::Bijectors.Partition";

    /// <summary>
    /// Whether some step may change the number of dimensions. Re-indexings of a person's own are asked in any case,
    /// whatever they say.
    /// </summary>
    public static bool MayChange(ForwardModel model) => model.Steps.Flatten().Any(step => IsChange(step)
        || (step is MoveStep move && model.Values[move.Receiver] is not Leaf { Text: Parts or Partition }));

    /// <summary>
    /// What has to be added up, in C#; null where that cannot be told before there is a shape: the shape rule asks then
    /// whether OutputEventRank is right.
    /// </summary>
    /// <param name="model">The map.</param>
    /// <param name="text">Known values as C#.</param>
    public static IReadOnlyList<string>? Changes(ForwardModel model, Func<int, string> text)
    {
        var changes = new List<string>();
        return Origin(model.Output, model.Steps, changes, text) is null ? null : changes;
    }

    /// <summary>
    /// The part that a part comes from, with what changes its number of dimensions on the way; null where that cannot
    /// be told. Parts that are joined have the same number, so any path back tells.
    /// </summary>
    private static int? Origin(int part, IEnumerable<Step> steps, List<string> changes, Func<int, string> text)
    {
        foreach (var step in steps.Reverse())
        {
            switch (step)
            {
                case ElementwiseStep s when s.Output == part:
                    part = s.Input;
                    break;
                case MixStep s when s.Outputs.Contains(part):
                    part = s.Inputs[0];
                    break;
                case ApplyStep s when s.Output == part:
                    var (more, less) = s.Inverse ? ("EventRank", "OutputEventRank") : ("OutputEventRank", "EventRank");
                    changes.Insert(0, $"{text(s.Bijector)}.{more} - {text(s.Bijector)}.{less}");
                    part = s.Input;
                    break;
                case MoveStep s when s.Outputs.Contains(part):
                    if (s.ChangesRank)
                    {
                        if (Change(s, text) is not { } change)
                        {
                            return null;
                        }

                        changes.Insert(0, change);
                    }

                    part = s.Inputs[0];
                    break;
                case RepeatStep or BranchStep when new[] { step }.Flatten().Any(IsChange):
                    return null;
                case RepeatStep s when s.Outputs.Contains(part):
                    part = s.Inputs[s.Outputs.ToList().IndexOf(part)];
                    break;
                case BranchStep s when s.Outputs.Contains(part):
                    // Inputs are in another order than outputs: only the path itself tells where a part comes from.
                    if (Origin(s.Then.Tails[s.Outputs.ToList().IndexOf(part)], s.Then.Steps, changes,
                        text) is not { } origin)
                    {
                        return null;
                    }

                    part = origin;
                    break;
            }
        }

        return part;
    }

    private static bool IsChange(Step step) => step is MoveStep { ChangesRank: true } or ApplyStep;

    private static string? Change(MoveStep move, Func<int, string> text) => (text(move.Receiver), move.Method) switch
    {
        (Parts, "Reshape") => $"{text(move.Arguments[1])}.Rank - {text(move.Arguments[0])}.Rank",
        (Parts, "Pack") => $"1 - {text(move.Arguments[0])}.Rank",
        (Parts, "Unpack") => $"{text(move.Arguments[0])}.Rank - 1",
        _ => null,
    };
}
