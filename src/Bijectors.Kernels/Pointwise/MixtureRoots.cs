using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Solves <c>logit(sum_k w_k sigmoid(a_k x + b_k)) = y</c> with <c>w = softmax(weights)</c> and
/// <c>a = exp(logSlopes)</c>, several points at a time, where the memory is one that a processor reads.
/// </summary>
/// <remarks>
/// The solution lies among the points <c>(y - b_k) / a_k</c> that each component alone takes to y. Between these, steps
/// of Newton's method, in the middle where one would leave the bracket; half a dozen as a rule. In float64 whatever
/// the dtype. No graph leads through it.
/// </remarks>
internal static unsafe class MixtureRoots
{
    // Some vectors for each component lie on the stack.
    private const long MostComponents = 128;

    // Further out the smaller of the two tails leaves the range of float64.
    private const double Furthest = 600;

    // Bisection alone would need 64 steps.
    private const int MostSteps = 100;

    // A step of so many widths of the steepest component is the last one: the next would be its square.
    private const double SmallStep = 1e-9;

    // Steps that rounding alone makes: of x, and of y where the map is flat.
    private const double Epsilon = 1e-15;

    /// <summary>The solutions; null where the torch code has to.</summary>
    /// <param name="y">Points, any shape <c>(...)</c>.</param>
    /// <param name="weights">Raw weights, <c>(..., K)</c>; each dimension before the last is that of the points, or
    /// 1.</param>
    /// <param name="logSlopes">Logarithms of the slopes, as the weights.</param>
    /// <param name="offsets">The offsets, as the weights.</param>
    /// <returns>A fresh tensor of the shape of y.</returns>
    public static Tensor? Of(Tensor y, Tensor weights, Tensor logSlopes, Tensor offsets)
    {
        Tensor[] tensors = [weights, logSlopes, offsets];
        var components = weights.size(-1);
        if (y.numel() == 0 || components > MostComponents || y.numel() * components * sizeof(double) >= int.MaxValue
            || !TensorMemory.Has(y, y.dtype) || !tensors.All(t => TensorMemory.Has(t, y.dtype)))
        {
            return null;
        }

        Backward.Release();
        using var scope = NewDisposeScope();
        using var leaving = no_grad();
        var points = y.to(ScalarType.Float64);
        if (!(points.abs() <= Furthest).all().item<bool>())
        {
            return null;
        }

        using var memory = new TensorMemory();
        var rows = tensors
            .Select(t => memory.Rows<double>(t.to(ScalarType.Float64).expand([.. y.shape, components]))).ToArray();
        var x = empty(y.shape, ScalarType.Float64);
        var (from, to) = (memory.OfContiguous(points), memory.Of(x));
        var missed = 0;
        Workers.Run(y.numel(), (first, last) =>
        {
            if (!Solve((double*)from, rows[0], rows[1], rows[2], (double*)to, first, last))
            {
                Interlocked.Exchange(ref missed, 1);
            }
        });
        return missed == 0 ? x.to(y.dtype).MoveToOuterDisposeScope() : null;
    }

    /// <summary>Whether all solutions were found: a component that is flat to rounding has no point of its
    /// own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Solve(
        double* points, Rows<double> weights, Rows<double> logSlopes, Rows<double> offsets, double* solutions,
        long first, long last)
    {
        var components = weights.Count;
        var memory = stackalloc Vector<double>[3 * components];
        var w = memory;
        var a = memory + components;
        var b = a + components;
        for (var i = first; i < last; i += Vector<double>.Count)
        {
            var lanes = (int)Math.Min(Vector<double>.Count, last - i);
            weights.Load(i, lanes, w);
            logSlopes.Load(i, lanes, a);
            offsets.Load(i, lanes, b);
            if (!Root(Lanes.Load(points, i, lanes), w, a, b, components, out var x))
            {
                return false;
            }

            Lanes.Store(x, solutions, i, lanes);
        }

        return true;
    }

    private static bool Root(
        Vector<double> y, Vector<double>* w, Vector<double>* a, Vector<double>* b, int components,
        out Vector<double> x)
    {
        Shares(w, components);
        var (low, high) = (Vector.Create(double.PositiveInfinity), Vector.Create(double.NegativeInfinity));
        x = Vector<double>.Zero;
        var steepest = Vector<double>.Zero;
        for (var k = 0; k < components; k++)
        {
            a[k] = Vector.Exp(a[k]);
            var point = (y - b[k]) / a[k];
            var rounding = (Vector.Abs(y) + Vector.Abs(b[k])) / a[k] * 1e-15;
            (low, high) = (Vector.Min(low, point - rounding), Vector.Max(high, point + rounding));
            x += w[k] * point;
            steepest = Vector.Max(steepest, a[k]);
        }

        var isDone = Vector<double>.Zero.As<double, long>();
        for (var step = 0; step < MostSteps; step++)
        {
            var (value, slope) = Map(x, w, a, b, components);
            var above = value - y;
            low = Vector.ConditionalSelect(Vector.LessThan(above, Vector<double>.Zero), x, low);
            high = Vector.ConditionalSelect(Vector.GreaterThan(above, Vector<double>.Zero), x, high);
            var next = x - (above / slope);
            var isInside = Vector.GreaterThanOrEqual(next, low) & Vector.LessThanOrEqual(next, high);
            next = Vector.ConditionalSelect(isInside, next, (low / 2) + (high / 2));
            var rounding = Epsilon * (Vector.Abs(x) + ((Vector.Abs(y) + Vector<double>.One) / slope));
            var isSmall = Vector.LessThanOrEqual(
                Vector.Abs(next - x), Vector.Max(Vector.Create(SmallStep) / steepest, rounding));
            x = Vector.ConditionalSelect(isDone, x, next);
            isDone |= isSmall;
            if (Vector.EqualsAll(isDone, Vector<long>.AllBitsSet))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The logit of the distribution function at x, and its slope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<double> Value, Vector<double> Slope) Map(
        Vector<double> x, Vector<double>* w, Vector<double>* a, Vector<double>* b, int components)
    {
        var (below, above, density) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        for (var k = 0; k < components; k++)
        {
            var z = (a[k] * x) + b[k];
            var u = Vector.Exp(-Vector.Abs(z));
            var near = w[k] / (Vector<double>.One + u);
            var far = near * u;
            var isBelow = Vector.LessThan(z, Vector<double>.Zero);
            below += Vector.ConditionalSelect(isBelow, far, near);
            above += Vector.ConditionalSelect(isBelow, near, far);
            density += a[k] * far / (Vector<double>.One + u);
        }

        return (Vector.Log(below / above), density / below / above);
    }

    /// <summary>The softmax, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Shares(Vector<double>* w, int components)
    {
        var most = w[0];
        for (var k = 1; k < components; k++)
        {
            most = Vector.Max(most, w[k]);
        }

        var sum = Vector<double>.Zero;
        for (var k = 0; k < components; k++)
        {
            w[k] = Vector.Exp(w[k] - most);
            sum += w[k];
        }

        for (var k = 0; k < components; k++)
        {
            w[k] /= sum;
        }
    }
}
