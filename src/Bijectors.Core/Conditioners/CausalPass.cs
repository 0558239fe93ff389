using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A causal function in a pass through a sequence: it gives the values for the next entry and is then given that entry.
/// A subclass repeats the causal methods of its function without arguments, each giving what the whole function gives
/// at the next entry alone (size 1 along the axis).
/// </summary>
/// <remarks>
/// What it keeps between entries (hidden units, keys and values of attention) makes a whole pass cost about one
/// evaluation. It runs without gradients and is disposed after the last entry.
/// </remarks>
public abstract class CausalPass : IDisposable
{
    /// <summary>The entry at each place of the order in which the pass is given them; null where that is their own
    /// order.</summary>
    public virtual IReadOnlyList<int>? Order => null;

    /// <summary>The dimension along which its entries are ordered, counted from the end; null where it is the one that
    /// <see cref="CausalAttribute">[Causal]</see> names.</summary>
    public virtual int? Axis => null;

    /// <summary>Takes the next entry in; the values asked for afterwards are those of the entry behind it.</summary>
    /// <param name="entry">The entry, size 1 along the axis; it stays the caller's.</param>
    public abstract void Append(Tensor entry);

    /// <summary>
    /// Finds all entries at once, where this pass knows how: those of <c>y = x exp(scale(s)) + t</c> for the pair (s,
    /// t) that its method <c>ScaleAndShift</c> gives, or, for the inverse, those of <c>y = (x - t) exp(-scale(s))</c>.
    /// It gives what the loop over the entries would, up to rounding.
    /// </summary>
    /// <param name="y">The mapped part.</param>
    /// <param name="point">Takes the solution, the shape of y.</param>
    /// <param name="scale">What makes the log-scale of s.</param>
    /// <param name="inverse">Which of the two.</param>
    /// <returns>False where the loop has to; nothing has changed then.</returns>
    internal virtual bool ScaleShift(Tensor y, Tensor point, ScaleMap scale, bool inverse) => false;

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
