using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The one place where log-determinants are reduced and added. All are in nats.</summary>
public static class LogDets
{
    /// <summary>
    /// Sums log-det terms over the event: <c>sum over the event of log|dy/dx|</c>. A term that is constant along a
    /// dimension is multiplied by its size, never expanded: a weight shared by N rows contributes N times.
    /// </summary>
    /// <param name="term">Broadcastable to the shape of <paramref name="like"/> without its last
    /// <paramref name="termRank"/> dimensions.</param>
    /// <param name="like">The point at which the term was taken, <c>(batch..., event...)</c>; only its shape and its
    /// dtype, which the sum gets, are used.</param>
    /// <param name="eventRank">The number of last dimensions of <paramref name="like"/> that belong to
    /// the event.</param>
    /// <param name="termRank">The number of last dimensions the term is already summed over: 0 for an elementwise
    /// slope, 1 for a matrix on vectors.</param>
    /// <returns>A fresh tensor, broadcastable to the batch shape.</returns>
    public static Tensor Sum(Tensor term, Tensor like, int eventRank, int termRank = 0)
    {
        if (term.dtype != like.dtype)
        {
            // An operand of another dtype than the point must not decide on that of the log-det.
            using var converted = term.to(like.dtype);
            return Sum(converted, like, eventRank, termRank);
        }

        var count = eventRank - termRank;
        var present = Math.Min(count, (int)term.dim());
        var copies = 1L;
        for (var i = 1; i <= count; i++)
        {
            if (i > present || term.size(-i) == 1)
            {
                copies *= like.size(-termRank - i);
            }
        }

        if (present == 0)
        {
            return copies == 1 ? term.alias() : term * copies;
        }

        var dims = new long[present];
        for (var i = 0; i < present; i++)
        {
            dims[i] = -1 - i;
        }

        var sum = term.sum(dims);
        if (copies == 1)
        {
            return sum;
        }

        using (sum)
        {
            return sum * copies;
        }
    }

    /// <summary>
    /// Sums a term over the event, see <see cref="Sum"/>, and disposes it: its memory is free for what comes next.
    /// </summary>
    public static Tensor SumAndDispose(Tensor term, Tensor like, int eventRank)
    {
        using (term)
        {
            return Sum(term, like, eventRank);
        }
    }

    /// <summary>
    /// Adds two elementwise log-slopes that are to be summed together, and takes both over: the result is the first
    /// one, written over, where that may be, else both are disposed.
    /// </summary>
    public static Tensor AddSlope(Tensor slopes, Tensor term) =>
        Combine(slopes, term, static (a, b) => a.add_(b), static (a, b) => a + b);

    /// <summary>Subtracts an elementwise log-slope from another one, see <see cref="AddSlope"/>.</summary>
    public static Tensor SubtractSlope(Tensor slopes, Tensor term) =>
        Combine(slopes, term, static (a, b) => a.sub_(b), static (a, b) => a - b);

    /// <summary>The log-det of a volume-preserving map: a scalar zero with the dtype and device of the point.</summary>
    public static Tensor Zero(Tensor like) => zeros([], dtype: like.dtype, device: like.device);

    /// <summary>Adds two terms and disposes both.</summary>
    public static Tensor Add(Tensor total, Tensor term)
    {
        using (total)
        using (term)
        {
            return total + term;
        }
    }

    /// <summary>Subtracts a term and disposes both.</summary>
    public static Tensor Subtract(Tensor total, Tensor term)
    {
        using (total)
        using (term)
        {
            return total - term;
        }
    }

    /// <summary>
    /// The log-det of a map with one slope for every element: <c>logSlope</c> times the number of elements of an event.
    /// </summary>
    /// <param name="logSlope">log|dy/dx|, the same everywhere.</param>
    /// <param name="like">The point, <c>(batch..., event...)</c>; only its shape, dtype and device are used.</param>
    /// <param name="eventRank">The number of last dimensions of <paramref name="like"/> that belong to
    /// the event.</param>
    /// <returns>A scalar tensor.</returns>
    public static Tensor Constant(double logSlope, Tensor like, int eventRank) =>
        full([], logSlope * Elements(like, eventRank), dtype: like.dtype, device: like.device);

    /// <summary>
    /// Adds the log-det of a map with one slope for every element, see <see cref="Constant"/>, and disposes the total.
    /// </summary>
    public static Tensor AddConstant(Tensor total, double logSlope, Tensor like, int eventRank)
    {
        using (total)
        {
            return total + (logSlope * Elements(like, eventRank));
        }
    }

    /// <summary>Negates a term and disposes it.</summary>
    public static Tensor Negate(Tensor term)
    {
        using (term)
        {
            return -term;
        }
    }

    /// <summary>Gives a term exactly the batch shape (a view, nothing is copied) and disposes it.</summary>
    internal static Tensor ToBatch(Tensor term, ReadOnlySpan<long> batch)
    {
        if (HasShape(term, batch))
        {
            return term;
        }

        using (term)
        {
            return term.expand(batch.ToArray());
        }
    }

    private static long Elements(Tensor like, int eventRank)
    {
        var elements = 1L;
        for (var i = 1; i <= eventRank; i++)
        {
            elements *= like.size(-i);
        }

        return elements;
    }

    private static Tensor Combine(
        Tensor slopes, Tensor term, Func<Tensor, Tensor, Tensor> inPlace, Func<Tensor, Tensor, Tensor> fresh)
    {
        using (term)
        {
            if (InPlace.CanOverwrite(slopes, term))
            {
                return inPlace(slopes, term);
            }

            using (slopes)
            {
                return fresh(slopes, term);
            }
        }
    }

    private static bool HasShape(Tensor term, ReadOnlySpan<long> shape)
    {
        if (term.dim() != shape.Length)
        {
            return false;
        }

        for (var i = 0; i < shape.Length; i++)
        {
            if (term.size(i) != shape[i])
            {
                return false;
            }
        }

        return true;
    }
}
