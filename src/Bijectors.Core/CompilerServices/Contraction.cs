using System.ComponentModel;
using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>The inverse and the log-det of <c>x + g(x)</c>, where g is a contraction. Emitted code uses it.</summary>
/// <remarks>Source: Behrmann et al. 2019, Invertible residual networks, arXiv 1811.00995, algorithm 1.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Contraction
{
    /// <summary>
    /// The x with <c>x + g(x) = y</c>, by <c>x &lt;- y - g(x)</c>, with the gradients of the inverse where
    /// gradients are on.
    /// </summary>
    /// <param name="f">The bijector, for messages.</param>
    /// <param name="y">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="rank">How many last dimensions are one event.</param>
    /// <param name="g">The contraction.</param>
    /// <param name="constant">Its Lipschitz constant c, 0 &lt;= c &lt; 1.</param>
    /// <returns>A fresh tensor of the shape of y; NaN or infinite in events where y is, or where it is so large that g
    /// overflows in between.</returns>
    /// <exception cref="InvalidOperationException">The iteration does not converge: g is no contraction with that
    /// constant.</exception>
    public static Tensor Solve(Bijector f, Tensor y, int rank, Func<Tensor, Tensor> g, double constant)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(g);
        var steps = Steps(constant, y.dtype);
        using var x = Iterate(f, y, g, constant, rank, steps);
        return Implicit.Attach(x, y, (mapped, conditioning) => Residual(mapped, conditioning, g), rank, steps);
    }

    /// <summary><c>log|det(I + dg/dx)|</c> for each event.</summary>
    /// <param name="g">The contraction.</param>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="rank">How many last dimensions are one event.</param>
    /// <param name="estimator">How it is estimated without bias; by default it is exact, by one backward pass for each
    /// dimension of the event.</param>
    /// <returns>A fresh tensor <c>(batch...)</c> in nats, with gradients for x and the parameters of g where gradients
    /// are on.</returns>
    public static Tensor LogDet(Func<Tensor, Tensor> g, Tensor x, int rank, LogDetEstimator? estimator = null)
    {
        var (y, logDet) = MapWithLogDet(g, x, rank, estimator);
        y.Dispose();
        return logDet;
    }

    /// <summary><c>x + g(x)</c> and <c>log|det(I + dg/dx)|</c>, by one evaluation of g.</summary>
    /// <inheritdoc cref="LogDet"/>
    /// <returns>Fresh tensors of the shape of x and <c>(batch...)</c>.</returns>
    public static (Tensor Y, Tensor LogDet) MapWithLogDet(
        Func<Tensor, Tensor> g, Tensor x, int rank, LogDetEstimator? estimator = null)
    {
        ArgumentNullException.ThrowIfNull(g);
        ArgumentNullException.ThrowIfNull(x);
        var differentiable = is_grad_enabled();
        using var scope = NewDisposeScope();
        using var entering = enable_grad();
        var variable = differentiable ? Gradients.Variable(x) : Gradients.Leaf(x);
        var value = g(variable);
        if (!value.shape.AsSpan().SequenceEqual(x.shape))
        {
            throw new ShapeException(
                nameof(Contraction), $"expected a function that keeps the shape {Shape.Of(x.shape)}",
                $"got {Shape.Of(value.shape)}");
        }

        var logDet = estimator is null
            ? ContractionLogDet.Exact(value, variable, rank, differentiable)
            : ContractionLogDet.Estimated(value, variable, rank, estimator, differentiable);
        var y = x + (differentiable ? value : value.detach());
        return scope.MoveToOuter(differentiable ? y : y.detach(), logDet);
    }

    /// <summary>What log-dets are estimated from: generators of bijectors inside and of its own estimators, each
    /// once.</summary>
    /// <param name="inside">Those of bijectors inside.</param>
    /// <param name="own">The estimators; null where a log-det is exact.</param>
    public static IReadOnlyList<Generator> Noise(IReadOnlyList<Generator> inside, params LogDetEstimator?[] own) =>
        [.. inside.Concat(own.OfType<LogDetEstimator>().Select(estimator => estimator.Generator)).Distinct()];

    /// <summary>
    /// How many steps make <c>c^n</c> smaller than the last digit, with a margin for the distance at the start.
    /// </summary>
    private static int Steps(double constant, ScalarType dtype)
    {
        if (!(constant >= 0 && constant < 1))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Contraction: expected a constant from 0 to below 1, got {constant}."));
        }

        var digits = Math.Log(Convergence.Epsilon(dtype) * (1 - constant)) / Math.Log(Math.Max(constant, 1e-3));
        return (int)Math.Min(10_000, 1.2 * digits + 20);
    }

    private static Tensor Iterate(Bijector f, Tensor y, Func<Tensor, Tensor> g, double constant, int rank, int steps)
    {
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        var x = y.clone();
        var before = x;
        var undefined = Undefined(y, rank);
        var perDigit = -1 / Math.Log(Math.Max(constant, 1e-3));

        // Which events have converged, and for how many passes their largest entries have; null before the first does.
        (Tensor Converged, Tensor Waited)? state = null;
        for (var step = 0; step < steps; step++)
        {
            using var pass = NewDisposeScope();
            var next = y - g(x);
            Checks.Size(f, y, next);
            if (step == 0)
            {
                // Where g is no number at the start, as under a context with a NaN, there is no solution either.
                undefined = (undefined | AnyOf(next.isnan(), rank)).MoveToOuterDisposeScope();
            }

            var all = false;
            if (state is not null || y.numel() == 0 || !Moves(next, x, rank).all().item<bool>())
            {
                using var convergedBefore = state?.Converged ?? zeros_like(y).to(ScalarType.Bool);
                using var waitedBefore = state?.Waited ?? zeros([], y.dtype, y.device);

                // An event that has converged stays as it is: its result does not depend on the other events of the
                // batch.
                next = where(convergedBefore, x, next);

                // Relative to its largest entry an event has converged while small entries have few digits. It takes
                // log(size)/log(1/c) passes more until these have theirs; the rounding of the large ones may move them
                // for ever.
                var moves = Moves(next, x, rank);
                var waited = where(moves, waitedBefore, waitedBefore + 1);
                var small = AnyOf(Convergence.Change(next, x) > 2 * Convergence.Epsilon(y.dtype), rank);
                moves |= small & (waited <= Convergence.Largest(next.abs(), rank).clamp(min: 1).log() * perDigit + 1);
                var converged = convergedBefore | ~moves;
                all = converged.all().item<bool>();
                state = pass.MoveToOuter(converged, waited);
            }

            if (!ReferenceEquals(before, x))
            {
                before.Dispose();
            }

            before = x;
            x = next.MoveToOuterDisposeScope();
            if (all)
            {
                break;
            }
        }

        var moving = Convergence.Moves(x, before, rank, Convergence.Rounding, floor: 1);
        if (!((x.isfinite() & ~moving) | undefined).all().item<bool>())
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"{f}: expected a contraction with constant {constant}, got a function whose fixed-point iteration ")
                + $"does not converge in {steps} steps.");
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>Which events still change by more than rounding.</summary>
    private static Tensor Moves(Tensor now, Tensor before, int rank) =>
        Convergence.Moves(now, before, rank, tolerance: 2, floor: 1);

    /// <summary>
    /// The events of y that may have no solution since an entry is not a finite number, or so large that products
    /// with it are none.
    /// </summary>
    private static Tensor Undefined(Tensor y, int rank)
    {
        return AnyOf(~(y.abs() <= finfo(y.dtype).max * Convergence.Epsilon(y.dtype)), rank);
    }

    /// <summary>For all entries of an event, whether it is so for any.</summary>
    private static Tensor AnyOf(Tensor bad, int rank)
    {
        for (var i = 1; i <= rank; i++)
        {
            bad = bad.any(-i, keepdim: true);
        }

        return bad;
    }

    private static Tensor Residual(Tensor mapped, Tensor conditioning, Func<Tensor, Tensor> g)
    {
        using var change = g(conditioning);
        return mapped + change;
    }
}
