using System.ComponentModel;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>
/// Solves <c>f(x) = y</c>, where entry i of y depends on the entries of x before i, and on entry i itself by an
/// invertible map. Emitted code uses it, in a loop:
/// <c>while (solve.MoveNext()) solve.Append(what the inverse map gives)</c>, then <see cref="Point"/>.
/// </summary>
/// <remarks>
/// Entry by entry, or in sweeps over all of them where the bijector asks for it, see <see cref="CausalSolution"/>: then
/// an entry, here, is the whole part. The loop runs without gradients; <see cref="Point"/> attaches them afterwards, by
/// evaluating f as a whole.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class CausalSolve : IDisposable
{
    private readonly Bijector _whose;
    private readonly Tensor _y;
    private readonly int[] _axes;
    private readonly long[] _sizes;
    private readonly int _rank;
    private readonly long _count;
    private readonly double? _tolerance;
    private readonly Tensor _point;
    private readonly List<CausalPass> _passes = [];

    // The entry at each place of the order that the passes follow; null where that is their own order.
    private int[]? _order;
    private IDisposable? _withoutGradients;
    private long _next = -1;

    /// <summary>A solution that has not begun.</summary>
    /// <param name="whose">The bijector, for messages.</param>
    /// <param name="y">The mapped part, <c>(batch..., event...)</c>.</param>
    /// <param name="axis">The dimension along which entries are ordered, counted from the end.</param>
    /// <param name="rank">How many last dimensions are one event.</param>
    /// <param name="start">What stands for entries that are not solved yet: a number at which the causal functions are
    /// finite.</param>
    /// <exception cref="ShapeException">An event has no such dimension.</exception>
    public CausalSolve(Bijector whose, Tensor y, int axis, int rank, double start = 0)
        : this(whose, y, [axis], rank, start)
    {
    }

    /// <summary>A solution that has not begun, with entries ordered as in a raster.</summary>
    /// <param name="whose">The bijector, for messages.</param>
    /// <param name="y">The mapped part, <c>(batch..., event...)</c>.</param>
    /// <param name="axes">The dimensions over which entries are ordered, counted from the end, the slowest
    /// first.</param>
    /// <param name="rank">How many last dimensions are one event.</param>
    /// <param name="start">What stands for entries that are not solved yet: a number at which the causal functions are
    /// finite.</param>
    /// <exception cref="ShapeException">An event has no such dimension.</exception>
    public CausalSolve(Bijector whose, Tensor y, int[] axes, int rank, double start = 0)
    {
        ArgumentNullException.ThrowIfNull(whose);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(axes);
        _whose = whose;
        _y = y;
        axes = (whose as ICausalInverse)?.Axis is { } own ? [own] : axes;
        _axes = axes;
        foreach (var axis in axes)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(axis, 0);
            if (Math.Min(rank, y.dim()) < -axis)
            {
                throw new ShapeException(whose.ToString(), $"expected entries along dimension {axis}",
                    $"got {Math.Min(rank, y.dim())} dimensions in an event");
            }
        }

        _sizes = [.. axes.Select(axis => y.size(axis))];
        _count = _sizes.Aggregate(1L, (product, size) => product * size);
        using var leaving = no_grad();
        _point = full(y.shape, start, dtype: y.dtype, device: y.device);
        _rank = rank;
        _tolerance = (whose as ICausalInverse)?.Solution.Tolerance;
    }

    /// <summary>Whether the loop goes entry by entry; otherwise it goes in sweeps over the whole part, and begins no
    /// passes.</summary>
    public bool IsIncremental => _tolerance is null;

    /// <summary>The point so far: what is not solved yet is the number it started from. It changes with every entry and
    /// stays this object's.</summary>
    public Tensor Known => _point;

    /// <summary>A number inside of a domain, as far as that is one interval; 0 elsewhere.</summary>
    public static double PointIn(Domain domain) => domain is not Interval { Low: var low, High: var high }
        || (low < 0 && high > 0) ? 0
        : double.IsInfinity(high) ? low + 1 : double.IsInfinity(low) ? high - 1 : (low + high) / 2;

    /// <summary>Takes over an incremental pass: it is given every entry, and is disposed with this object.</summary>
    /// <param name="pass">The pass, at its beginning.</param>
    /// <returns>The pass.</returns>
    /// <exception cref="InvalidOperationException">It goes through the entries in another order than the passes before
    /// it, or in one that is none of all entries.</exception>
    public T Begin<T>(T pass)
        where T : CausalPass
    {
        ArgumentNullException.ThrowIfNull(pass);
        _passes.Add(pass);
        if (pass.Axis is { } axis && !_axes.SequenceEqual([axis]))
        {
            throw new InvalidOperationException(
                $"{_whose}: expected a pass along dimension {string.Join(", ", _axes)}, "
                + "as [Causal] says of the network, got a "
                + $"{pass.GetType().Name} along {axis}; name the axis by ICausalInverse.Axis.");
        }

        int[]? order = pass.Order is { } given ? [.. given] : null;
        if (order is not null && (_sizes.Length != 1 || !order.Order().SequenceEqual(Enumerable.Range(0, (int)_count))))
        {
            throw new InvalidOperationException(
                $"{_whose}: expected an order with each of the {_count} entries along dimension {_axes[0]} once, got "
                + $"[{string.Join(", ", order)}] from a {pass.GetType().Name}.");
        }

        if (_passes.Count > 1 && !(order ?? Natural).SequenceEqual(_order ?? Natural))
        {
            throw new InvalidOperationException(
                $"{_whose}: expected causal functions with one order of the entries, "
                + "since the maps of a part are undone "
                + $"together, got [{string.Join(", ", _order ?? Natural)}] and "
                + $"[{string.Join(", ", order ?? Natural)}].");
        }

        _order = order;
        return pass;
    }

    /// <summary>
    /// Finds all entries at once where the causal functions are one pass that knows how; the loop is over then before
    /// it begins. The equation is <c>y = x exp(scale(s)) + t</c> for the pair (s, t) that the pass gives by its method
    /// <c>ScaleAndShift</c>, or the inverse, <c>y = (x - t) exp(-scale(s))</c>.
    /// </summary>
    /// <param name="pass">The pass that has been begun; null for none.</param>
    /// <param name="scale">What makes the log-scale of s.</param>
    /// <param name="inverse">Which of the two.</param>
    public void ScaleShift(CausalPass? pass, ScaleMap scale, bool inverse = false)
    {
        if (_next < 0 && _axes is [-1] && pass is not null && pass.ScaleShift(_y, _point, scale, inverse))
        {
            _next = _count - 1;
        }
    }

    /// <summary>Goes to the next entry, or sweep; gradients are off until there is none.</summary>
    /// <returns>False after the last one. There are at most as many sweeps as entries: each makes one entry more
    /// exact.</returns>
    public bool MoveNext()
    {
        _next++;
        if (_next < _count)
        {
            _withoutGradients ??= no_grad();
            return true;
        }

        TurnGradientsBack();
        return false;
    }

    /// <summary>What a tensor says of this entry.</summary>
    /// <param name="values">A tensor with the size of the part along the axes of the order; where it has size 1 or no
    /// such dimension it says the same of all.</param>
    /// <param name="trailing">How many dimensions it has behind those of the part.</param>
    /// <returns>A fresh view, of size 1 along those axes that it has.</returns>
    /// <exception cref="ShapeException">It has another size along an axis.</exception>
    public Tensor Entry(Tensor values, int trailing = 0)
    {
        ArgumentNullException.ThrowIfNull(values);
        Tensor? entry = null;
        var place = _order is null ? _next : _order[_next];
        for (var i = _axes.Length - 1; i >= 0; i--)
        {
            var axis = _axes[i] - trailing;
            var size = values.dim() < -axis ? 1 : values.size(axis);
            if (size != 1 && size != _sizes[i])
            {
                entry?.Dispose();
                throw new ShapeException(
                    _whose.ToString(),
                    $"expected a causal function to give size {_sizes[i]} or 1 along dimension {axis}",
                    $"got {Shape.Of(values.shape)}");
            }

            if (IsIncremental && size != 1)
            {
                using var wider = entry;
                entry = (wider ?? values).narrow(axis, place % _sizes[i], 1);
            }

            place /= _sizes[i];
        }

        return entry ?? values.alias();
    }

    /// <summary>Sets this entry, in a sweep all of them.</summary>
    /// <param name="entry">Its value, size 1 along the axes of the order, in a sweep the shape of the part; it stays
    /// the caller's.</param>
    /// <exception cref="ShapeException">It has more elements than one entry of the part, or than the part.</exception>
    public void Append(Tensor entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        using var place = Entry(_point);
        Checks.Size(_whose, place, entry);
        var fits = entry.dtype == place.dtype && entry.shape.AsSpan().SequenceEqual(place.shape);
        using var shaped = fits ? null : Shaped(entry, place);
        var own = shaped ?? entry;
        if (_tolerance is { } tolerance && !IsMoved(place, own, tolerance))
        {
            _next = _count - 1;
        }

        place.copy_(own);

        // The last entry conditions nothing.
        if (_next < _count - 1)
        {
            foreach (var pass in _passes)
            {
                pass.Append(own);
            }
        }
    }

    /// <summary>The solution, with the gradients of the inverse where gradients are on.</summary>
    /// <param name="equation">f, as <c>(mapped, conditioning) -> y</c>: the causal functions read the second argument,
    /// and what they give maps the first, element by element. Both are the solution. It is called up to three times, at
    /// once.</param>
    /// <returns>A fresh tensor of the shape of y.</returns>
    /// <exception cref="InvalidOperationException">Not all entries have been set.</exception>
    public Tensor Point(Func<Tensor, Tensor, Tensor> equation)
    {
        ArgumentNullException.ThrowIfNull(equation);
        return _next >= _count
            ? Implicit.Attach(_point, _y, equation, _rank, steps: (int)_count + 1)
            : throw new InvalidOperationException(
                $"{_whose}: expected all {_count} entries to be solved, got {_next}.");
    }

    /// <summary>Disposes what was kept, and turns gradients back on where a loop was left early.</summary>
    public void Dispose()
    {
        TurnGradientsBack();
        _passes.ForEach(p => p.Dispose());
        _point.Dispose();
    }

    private IEnumerable<int> Natural => Enumerable.Range(0, (int)_count);

    private static Tensor Shaped(Tensor entry, Tensor place)
    {
        using var typed = entry.to(place.dtype);
        return typed.reshape(place.shape);
    }

    /// <summary>Whether a sweep has changed anything by more than the tolerance.</summary>
    private static bool IsMoved(Tensor before, Tensor after, double tolerance)
    {
        using var scope = NewDisposeScope();
        if (before.numel() == 0)
        {
            return false;
        }

        var change = (after - before).abs().max().to(ScalarType.Float64).item<double>();

        // A difference that is not a number hides all others: then only what stands exactly still has settled.
        return double.IsNaN(change)
            ? !(after == before).logical_or(after.isnan().logical_and(before.isnan())).all().item<bool>()
            : change > tolerance;
    }

    private void TurnGradientsBack()
    {
        _withoutGradients?.Dispose();
        _withoutGradients = null;
    }
}
