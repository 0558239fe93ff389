using System.ComponentModel;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>Inverses and log-dets of cumulative sums and products along an axis. Emitted code uses it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Cumulative
{
    /// <summary>The x with <c>y_i = x_1 + ... + x_i</c>: <c>x_i = y_i - y_(i-1)</c>.</summary>
    /// <returns>A fresh tensor of the shape of y.</returns>
    public static Tensor Differences(Tensor y, int axis)
    {
        using var scope = NewDisposeScope();
        var (first, later, before) = Neighbours(y, axis);
        return cat([first, later - before], axis).MoveToOuterDisposeScope();
    }

    /// <summary>The x with <c>y_i = x_1 ... x_i</c>: <c>x_i = y_i/y_(i-1)</c>.</summary>
    /// <returns>A fresh tensor of the shape of y.</returns>
    public static Tensor Quotients(Tensor y, int axis)
    {
        using var scope = NewDisposeScope();
        var (first, later, before) = Neighbours(y, axis);
        return cat([first, later / before], axis).MoveToOuterDisposeScope();
    }

    /// <summary><c>log|det dy/dx|</c> of cumulative products y: entry i is multiplied by <c>y_(i-1)</c>.</summary>
    /// <returns>A fresh tensor, broadcastable to the batch shape.</returns>
    public static Tensor ProductLogDet(Tensor y, int axis, int eventRank)
    {
        using var scope = NewDisposeScope();
        var before = y.narrow(axis, 0, y.size(axis) - 1).log();
        return before.sum([.. Enumerable.Range(1, eventRank).Select(i => (long)-i)]).MoveToOuterDisposeScope();
    }

    private static (Tensor First, Tensor Later, Tensor Before) Neighbours(Tensor y, int axis)
    {
        var size = y.size(axis);
        return (y.narrow(axis, 0, Math.Min(1, size)), y.narrow(axis, Math.Min(1, size), Math.Max(0, size - 1)),
            y.narrow(axis, 0, Math.Max(0, size - 1)));
    }
}
