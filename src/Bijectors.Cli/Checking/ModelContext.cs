using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>The contexts of data and of models.</summary>
internal static class ModelContext
{
    /// <summary>The shape of what items are given; null where there is nothing.</summary>
    public static Shape? Of(Dataset data) => data.Context is { } context ? Shape.Of(context.Shape) : null;

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
