using System.ComponentModel;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>Products with matrices of known structure, their inverses and log-dets. Emitted code uses it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LinearMap
{
    /// <summary>Sees to it that an axis is one of an event, and that matrices are square and of its size.</summary>
    /// <param name="f">The bijector, for messages.</param>
    /// <param name="point">The point, <c>(batch..., event...)</c>.</param>
    /// <param name="axis">The axis that the matrices act along, counted from the end.</param>
    /// <param name="eventRank">The number of last dimensions that are an event.</param>
    /// <param name="matrices">The matrix and those that it is made of: one that were broadcast to it would take its
    /// structure away.</param>
    /// <exception cref="ShapeException">One is not <c>(D, D)</c>, with D the size of the axis.</exception>
    /// <exception cref="ArgumentException">The matrix has not the dtype or the device of the point.</exception>
    public static void Check(Bijector f, Tensor point, int axis, int eventRank, params ReadOnlySpan<Tensor> matrices)
    {
        CheckAxis(f, point, axis, eventRank);
        CheckKind(f, point, matrices[0]);
        foreach (var matrix in matrices)
        {
            CheckSize(f, matrix, axis, point.size(axis));
        }
    }

    /// <summary>Sees to it that a matrix has the size of an axis of an event.</summary>
    internal static void Check(Bijector f, Shape part, int axis, Tensor matrix)
    {
        if (part.Rank < -axis)
        {
            throw new ShapeException($"{f}", $"expected an event with a dimension {axis}", $"got {part}");
        }

        CheckSize(f, matrix, axis, part[axis]);
    }

    /// <summary>
    /// Sees to it that a product can be taken: torch ends the process where dtypes or devices differ.
    /// </summary>
    internal static void CheckKind(Bijector f, Tensor point, Tensor matrix)
    {
        if (matrix.dtype != point.dtype || matrix.device_type != point.device_type)
        {
            throw new ArgumentException(
                $"{f}: expected a matrix of {point.dtype} on {point.device}, as the point is, "
                + $"got {matrix.dtype} on {matrix.device}; make it of the parameters' own, "
                + "or convert it with .to(...).");
        }
    }

    private static void CheckSize(Bijector f, Tensor matrix, int axis, long size)
    {
        if (matrix.dim() != 2 || matrix.size(0) != size || matrix.size(1) != size)
        {
            throw new ShapeException(
                $"{f}", $"expected matrices of shape {Shape.Of(size, size)} along dimension {axis}",
                    $"got {Shape.Of(matrix.shape)}");
        }
    }

    /// <summary>Sees to it that an axis is one of an event: points of a batch would see each other.</summary>
    /// <exception cref="ShapeException">It is not.</exception>
    public static void CheckAxis(Bijector f, Tensor point, int axis, int eventRank)
    {
        if (axis < -eventRank || point.dim() < -axis)
        {
            throw new ShapeException($"{f}", $"expected an event with a dimension {axis}",
                $"got {Shape.Of(point.shape)} with EventRank {eventRank}");
        }
    }

    /// <summary>The x with <c>x A = y</c>, or <c>A x = y</c>, by substitution.</summary>
    /// <param name="matrix">A, <c>(D, D)</c>.</param>
    /// <param name="y">Points, <c>(..., D)</c>; from the left, <c>(..., D, N)</c>.</param>
    /// <param name="upper">Whether A is zero below its diagonal; else it is so above.</param>
    /// <param name="fromLeft">Whether A stands on the left.</param>
    /// <param name="unitDiagonal">Whether the diagonal is 1.</param>
    /// <returns>A fresh tensor of the shape of y.</returns>
    public static Tensor SolveTriangular(Tensor matrix, Tensor y, bool upper, bool fromLeft, bool unitDiagonal)
    {
        using var scope = NewDisposeScope();
        if (fromLeft)
        {
            return linalg.solve_triangular(matrix, y, upper, left: true, unitDiagonal).MoveToOuterDisposeScope();
        }

        var rows = y.reshape(-1, matrix.size(0));
        return linalg.solve_triangular(matrix, rows, upper, left: false, unitDiagonal).reshape(y.shape)
            .MoveToOuterDisposeScope();
    }

    /// <summary>
    /// <c>log|det|</c> of a product with a triangular matrix along an axis: the sum of log|A_ii|, once for every vector
    /// along that axis.
    /// </summary>
    /// <returns>A fresh tensor, broadcastable to the batch shape.</returns>
    public static Tensor TriangularLogDet(Tensor matrix, Tensor point, int axis, int eventRank)
    {
        using var scope = NewDisposeScope();
        return Diagonal(matrix.diagonal().abs().log(), point, axis, eventRank).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// <c>log|det|</c> of a product with <c>exp(A)</c> along an axis: the trace of A, once for every vector along that
    /// axis.
    /// </summary>
    /// <returns>A fresh tensor, broadcastable to the batch shape.</returns>
    public static Tensor ExponentialLogDet(Tensor matrix, Tensor point, int axis, int eventRank)
    {
        using var scope = NewDisposeScope();
        return Diagonal(matrix.diagonal(), point, axis, eventRank).MoveToOuterDisposeScope();
    }

    private static Tensor Diagonal(Tensor terms, Tensor point, int axis, int eventRank) =>
        LogDets.Sum(axis == -1 ? terms : terms.unsqueeze(-1), point, eventRank);
}
