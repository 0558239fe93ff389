using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>When an iteration on tensors has converged.</summary>
internal static class Convergence
{
    /// <summary>How many epsilons of change rounding may keep up for ever.</summary>
    public const double Rounding = 1024;

    /// <summary>The distance from 1 to the next number: 2^-52 for float64.</summary>
    public static double Epsilon(ScalarType dtype) => finfo(dtype).eps;

    /// <summary>
    /// True where every change is within rounding of the largest finite entry of its event. NaN and infinities that
    /// stay count as converged, and do not hide that the entries beside them have not.
    /// </summary>
    /// <param name="now">The iterate.</param>
    /// <param name="before">The one before.</param>
    /// <param name="eventRank">How many last dimensions are one event.</param>
    /// <param name="tolerance">In epsilons of the dtype.</param>
    /// <param name="floor">What is added to the largest entry: below it, rounding is absolute.</param>
    public static bool Reached(Tensor now, Tensor before, int eventRank, double tolerance, double floor = 0)
    {
        using var moves = Moves(now, before, eventRank, tolerance, floor);
        using var any = moves.any();
        return !any.item<bool>();
    }

    /// <summary>Which events still change by more than that, <c>(batch..., 1...)</c>.</summary>
    /// <inheritdoc cref="Reached"/>
    public static Tensor Moves(Tensor now, Tensor before, int eventRank, double tolerance, double floor = 0)
    {
        using var scope = NewDisposeScope();
        var scale = Largest(now.abs(), eventRank) + floor;
        var moves = (now - before).abs() > tolerance * Epsilon(now.dtype) * scale;
        for (var i = 1; i <= eventRank; i++)
        {
            moves = moves.any(-i, keepdim: true);
        }

        return moves.MoveToOuterDisposeScope();
    }

    /// <summary>The change of every entry, relative to its size or, below 1, to 1.</summary>
    public static Tensor Change(Tensor now, Tensor before)
    {
        using var scope = NewDisposeScope();
        return ((now - before).abs() / now.abs().clamp(min: 1)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The largest finite one of the magnitudes of an event, 0 where none is, <c>(batch..., 1...)</c>.
    /// </summary>
    public static Tensor Largest(Tensor magnitude, int eventRank)
    {
        var finite = magnitude.nan_to_num(nan: 0, posinf: 0, neginf: 0);
        if (eventRank == 0)
        {
            return finite;
        }

        using var each = finite;
        return each.amax([.. Enumerable.Range(1, eventRank).Select(i => (long)-i)], keepdim: true);
    }
}
