using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A causal function on its way through a sequence: it gives the values for the next entry and is then told that entry. A subclass repeats the causal methods of
/// its function without arguments, each giving what the whole function gives at the next entry alone (size 1 along the axis).
/// </summary>
/// <remarks>What it keeps between entries (hidden units, keys and values of attention) makes a whole pass cost about one evaluation. It runs without
/// gradients and is disposed after the last entry.</remarks>
public abstract class CausalPass : IDisposable
{
    /// <summary>Takes the next entry in; the values asked for afterwards are those of the entry behind it.</summary>
    /// <param name="entry">The entry, size 1 along the axis; it stays the caller's.</param>
    public abstract void Append(Tensor entry);

    /// <summary>Disposes what was kept.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes what was kept.</summary>
    /// <param name="disposing">Always true.</param>
    protected abstract void Dispose(bool disposing);
}
