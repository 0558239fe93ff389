using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>The contexts of data and of models.</summary>
internal static class ModelContext
{
    /// <summary>The shape of what items are given; null where there is nothing.</summary>
    public static Shape? Of(Dataset data) => data.Context is { } context ? Shape.Of(context.Shape) : null;

    /// <summary>
    /// The same flow with a context that may be missing; it takes over the parts of the one that is given, which is
    /// used no more.
    /// </summary>
    /// <exception cref="UserException">It takes no context.</exception>
    public static Flow Optional(Flow flow) => flow.ContextShape is { } shape
        ? new(
            flow.EventShape, flow.Transform, flow.Base, flow.Levels, shape,
            new OptionalContext(shape, flow.Embedding))
        : throw new UserException(
            "--context-dropout: expected data that are given a context, as columns of a table by ?context=, got none.");

    /// <summary>Stops where data are given something else than a model takes.</summary>
    /// <exception cref="UserException">They are.</exception>
    public static void Check(string whose, Flow flow, Dataset data)
    {
        if (Of(data) != flow.ContextShape)
        {
            throw new UserException(
                $"{whose}: expected data {Text(flow.ContextShape)}, as the model takes them, "
                + $"got data {Text(Of(data))}.");
        }

        static string Text(Shape? shape) => shape is { } given ? $"given a context {given}" : "without a context";
    }
}
