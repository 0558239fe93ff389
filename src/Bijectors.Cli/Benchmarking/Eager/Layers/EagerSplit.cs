namespace Bijectors.Cli;

/// <summary>How points <c>(N, event...)</c> come apart into what a coupling reads and what it maps.</summary>
internal abstract class EagerSplit
{
    /// <summary>
    /// The features at even places are read and those at odd places mapped, or the other way round; there are as many
    /// of both.
    /// </summary>
    public static EagerSplit Alternating(bool swapped) => Order(new Places(), swapped);

    /// <summary>
    /// The first half of the features or channels, the longer one, is read and the second mapped, or the other way
    /// round.
    /// </summary>
    /// <param name="swapped">Which way round.</param>
    /// <param name="dim">The dimension of the features or channels.</param>
    public static EagerSplit Halves(bool swapped = false, long dim = 1) => Order(new Chunks(dim), swapped);

    /// <summary>Takes points apart.</summary>
    public abstract (Tensor Read, Tensor Mapped) Apart(Tensor x);

    /// <summary>Puts points together.</summary>
    public abstract Tensor Together(Tensor read, Tensor mapped);

    private static EagerSplit Order(EagerSplit split, bool swapped) => swapped ? new Swapped(split) : split;

    private sealed class Places : EagerSplit
    {
        public override (Tensor Read, Tensor Mapped) Apart(Tensor x) =>
            (x.slice(1, 0, x.size(1), 2), x.slice(1, 1, x.size(1), 2));

        public override Tensor Together(Tensor read, Tensor mapped) => stack([read, mapped], 2).flatten(1);
    }

    private sealed class Chunks(long dim) : EagerSplit
    {
        public override (Tensor Read, Tensor Mapped) Apart(Tensor x)
        {
            var parts = x.chunk(2, dim);
            return (parts[0], parts[1]);
        }

        public override Tensor Together(Tensor read, Tensor mapped) => cat([read, mapped], dim);
    }

    private sealed class Swapped(EagerSplit split) : EagerSplit
    {
        public override (Tensor Read, Tensor Mapped) Apart(Tensor x)
        {
            var (mapped, read) = split.Apart(x);
            return (read, mapped);
        }

        public override Tensor Together(Tensor read, Tensor mapped) => split.Together(mapped, read);
    }
}
