namespace Bijectors;

/// <summary>What a flow makes of its context.</summary>
internal static class FlowContext
{
    /// <summary>The shape of what layers and base read.</summary>
    /// <exception cref="ArgumentException">There is an embedding without a context, or one with a context of its
    /// own.</exception>
    /// <exception cref="ShapeException">The embedding reads another shape, or does not give vectors.</exception>
    public static Shape? Embedded(Shape? contextShape, Conditioner? embedding)
    {
        if (embedding is null)
        {
            return contextShape;
        }

        if (contextShape is not { } shape || embedding.ContextSize != 0)
        {
            throw new ArgumentException(
                contextShape is null
                    ? "Flow: expected an embedding together with a context for it to read, got an embedding alone."
                    : "Flow: expected an embedding that reads the context as its input and "
                        + "takes no other, got one with a "
                        + $"context of size {embedding.ContextSize}.",
                nameof(embedding));
        }

        var output = embedding.OutputShape(shape);
        return output.Rank == 1
            ? output
            : throw new ShapeException(nameof(Flow), "expected an embedding that gives vectors (C)", $"got {output}");
    }

    /// <summary>Checks that a base reads what the layers read, or nothing.</summary>
    /// <exception cref="ShapeException">It reads another shape.</exception>
    public static void CheckBase(Distribution @base, Shape? embedded)
    {
        if (@base.ContextShape is { } shape && shape != embedded)
        {
            throw new ShapeException(
                nameof(Flow),
                $"expected a base that takes {(embedded is { } read ? $"a context {read}" : "no context")}, "
                + "as the layers do",
                $"got {@base}, which takes one of {shape}");
        }
    }
}
