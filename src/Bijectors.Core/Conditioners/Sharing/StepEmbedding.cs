using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The embedding by which a network that several steps share is told which of them it works for.</summary>
internal static class StepEmbedding
{
    /// <summary>The size of the context that is left of what a trunk reads.</summary>
    /// <param name="whose">The network, for messages.</param>
    /// <param name="trunk">The trunk.</param>
    /// <param name="size">The size of the embedding.</param>
    /// <exception cref="ArgumentException">The size is negative, or the trunk takes a smaller context.</exception>
    public static long ContextSize(string whose, Conditioner trunk, long size)
    {
        ArgumentNullException.ThrowIfNull(trunk);
        Numbers.CheckCount(whose, "an embedding size", size, least: 0);
        return trunk.ContextSize >= size
            ? trunk.ContextSize - size
            : throw new ArgumentException(
                $"{whose}: expected a trunk whose context holds the embedding of size {size}, got one that takes a "
                + $"context of size {trunk.ContextSize}.",
                nameof(trunk));
    }

    /// <summary>A fresh embedding, <c>(size)</c>; null of size 0.</summary>
    public static Tensor? Of(long size, Generator generator) =>
        size == 0 ? null : Initial.Uniform(1, generator, size);

    /// <summary>What a trunk reads for a context and an embedding.</summary>
    /// <param name="context"><c>(batch..., C)</c>; null for none.</param>
    /// <param name="embedding"><c>(E)</c>; null for none.</param>
    /// <returns><c>(batch..., C + E)</c>, or <c>(E)</c> where there is no context; null where there is
    /// neither.</returns>
    public static Tensor? Behind(Tensor? context, Tensor? embedding)
    {
        if (context is null || embedding is null)
        {
            return context?.alias() ?? embedding?.alias();
        }

        using var repeated = embedding.expand([.. context.shape[..^1], embedding.size(0)]);
        return cat([context, repeated], -1);
    }
}
