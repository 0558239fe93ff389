using System.ComponentModel;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>
/// The inverses and log-dets of <c>x + u h(x.w + b)</c>, of <c>x + h(x W + b) A</c> with a triangular A W, and of
/// <c>x + beta (x - c)/(alpha + |x - c|)</c>. Emitted code uses it.
/// </summary>
/// <remarks>
/// The function h increases, with a slope of at most <c>steepest</c>; without a function it is <c>h(s) = s</c>.
/// Sources: Rezende, Mohamed 2015, arXiv 1505.05770, eqs. 10 to 14; van den Berg et al. 2018, Sylvester normalizing
/// flows, arXiv 1803.05649, eqs. 6 to 11.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LowRankMap
{
    /// <summary>Sees to it that operands have the shapes that a planar map needs, and that it is one to one.</summary>
    /// <exception cref="ShapeException">They have not.</exception>
    /// <exception cref="ArgumentException">It is not: <c>1 + u.w h'</c> may be zero.</exception>
    public static void CheckPlanar(Bijector f, Tensor point, int eventRank, Operand u, Operand w, WeightForm form,
        Operand b, double? steepest)
    {
        LinearMap.CheckAxis(f, point, -1, eventRank);
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        var (direction, weights, bias) = (u.On(point), w.On(point), b.On(point));
        var isShaped = form switch
        {
            WeightForm.Vector => weights.dim() == 1 && weights.size(0) == point.size(-1),
            WeightForm.Column => weights.dim() == 2 && weights.size(0) == point.size(-1) && weights.size(1) == 1,
            _ => Broadcasts(weights, point),
        };
        if (!isShaped || !Broadcasts(direction, point))
        {
            throw new ShapeException(
                $"{f}", $"expected u and w for points of {point.size(-1)} entries",
                    $"got {Shape.Of(direction.shape)} and {Shape.Of(weights.shape)}");
        }

        CheckOne(f, bias, "b", point);
        LinearMap.CheckKind(f, point, weights);
        CheckSlopes(f, 1 + Product(direction, Row(weights, form), point), "u.w", steepest);
    }

    /// <summary><c>x + u h(x.w + b)</c>.</summary>
    /// <returns>A fresh tensor of the shape of x.</returns>
    public static Tensor Planar(Tensor x, Operand u, Operand w, WeightForm form, Operand b, Func<Tensor, Tensor>? h)
    {
        using var scope = NewDisposeScope();
        var projected = Projected(x, Row(w.On(x), form), b);
        return (x + u.On(x) * (h is null ? projected : h(projected))).MoveToOuterDisposeScope();
    }

    /// <summary>The x with <c>x + u h(x.w + b) = y</c>.</summary>
    /// <returns>A fresh tensor of the shape of y.</returns>
    public static Tensor PlanarInverse(Bijector f, Tensor y, Operand u, Operand w, WeightForm form, Operand b,
        Func<Tensor, Tensor>? h)
    {
        using var scope = NewDisposeScope();
        var (direction, weights) = (u.On(y), Row(w.On(y), form));
        var product = Product(direction, weights, y);
        return (y - direction * Solve(f, Projected(y, weights, b), product, h)).MoveToOuterDisposeScope();
    }

    /// <summary><c>log|1 + u.w h'(x.w + b)|</c>, once for every vector.</summary>
    /// <returns>A fresh tensor, broadcastable to the batch shape.</returns>
    public static Tensor PlanarLogDet(Tensor x, Operand u, Operand w, WeightForm form, Operand b,
        Func<Tensor, Tensor>? logSlope, int eventRank)
    {
        using var scope = NewDisposeScope();
        var weights = Row(w.On(x), form);
        var product = Product(u.On(x), weights, x);
        var term = logSlope is null ? (1 + product).abs().log()
            : (product * logSlope(Projected(x, weights, b)).exp()).log1p();
        return LogDets.Sum(term.squeeze(-1), x, eventRank, termRank: 1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Sees to it that operands have the shapes that a map of Sylvester's needs, and that it is one to one.
    /// </summary>
    /// <exception cref="ShapeException">They have not.</exception>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void CheckSylvester(
        Bijector f, Tensor point, int eventRank, Tensor a, Tensor w, Operand b, double? steepest,
            params ReadOnlySpan<Tensor> small)
    {
        LinearMap.CheckAxis(f, point, -1, eventRank);
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        if (w.dim() != 2 || a.dim() != 2 || w.size(0) != point.size(-1) || a.size(1) != w.size(0)
            || a.size(0) != w.size(1))
        {
            throw new ShapeException(
                $"{f}", $"expected matrices of shapes ({point.size(-1)}, M) and (M, {point.size(-1)})",
                    $"got {Shape.Of(w.shape)} and {Shape.Of(a.shape)}");
        }

        foreach (var matrix in small)
        {
            if (matrix.dim() != 2 || matrix.size(0) != w.size(1) || matrix.size(1) != w.size(1))
            {
                throw new ShapeException($"{f}",
                    $"expected triangular matrices of shape {Shape.Of(w.size(1), w.size(1))}",
                    $"got {Shape.Of(matrix.shape)}");
            }
        }

        var bias = b.On(point);
        if (bias.dim() > point.dim() || (bias.dim() > 0 && bias.size(-1) != w.size(1) && bias.size(-1) != 1))
        {
            throw new ShapeException($"{f}", $"expected b for {w.size(1)} columns", $"got {Shape.Of(bias.shape)}");
        }

        LinearMap.CheckKind(f, point, w);
        CheckSlopes(f, 1 + a.mm(w).diagonal(), "the diagonal of A W", steepest);
    }

    /// <summary><c>x + h(x W + b) A</c>.</summary>
    /// <returns>A fresh tensor of the shape of x.</returns>
    public static Tensor Sylvester(Tensor x, Tensor a, Tensor w, Operand b, Func<Tensor, Tensor>? h)
    {
        using var scope = NewDisposeScope();
        var projected = nn.functional.linear(x, w.mT) + b.On(x);
        return (x + nn.functional.linear(h is null ? projected : h(projected), a.mT)).MoveToOuterDisposeScope();
    }

    /// <summary>The x with <c>x + h(x W + b) A = y</c>, by substitution: one root for every column of W.</summary>
    /// <returns>A fresh tensor of the shape of y.</returns>
    public static Tensor SylvesterInverse(Bijector f, Tensor y, Tensor a, Tensor w, Operand b, Func<Tensor, Tensor>? h,
        bool upper)
    {
        using var scope = NewDisposeScope();
        var small = a.mm(w);
        var projected = nn.functional.linear(y, w.mT) + b.On(y);
        var columns = (int)w.size(1);
        var bent = new Tensor[columns];
        var done = new List<int>();
        for (var step = 0; step < columns; step++)
        {
            var column = upper ? step : columns - 1 - step;
            var rest = done.Aggregate(projected.select(-1, column),
                (sum, before) => sum - bent[before] * small[before, column]);
            bent[column] = Solve(f, rest, small[column, column], h);
            done.Add(column);
        }

        return (y - nn.functional.linear(stack(bent, -1), a.mT)).MoveToOuterDisposeScope();
    }

    /// <summary>The sum of <c>log|1 + h'(s_i) (A W)_ii|</c>, s = x W + b, once for every vector.</summary>
    /// <returns>A fresh tensor, broadcastable to the batch shape.</returns>
    public static Tensor SylvesterLogDet(Tensor x, Tensor a, Tensor w, Operand b, Func<Tensor, Tensor>? logSlope,
        int eventRank)
    {
        using var scope = NewDisposeScope();
        var diagonal = a.mm(w).diagonal();
        var term = logSlope is null ? (1 + diagonal).abs().log()
            : (diagonal * logSlope(nn.functional.linear(x, w.mT) + b.On(x)).exp()).log1p();
        return LogDets.Sum(term.sum(-1), x, eventRank, termRank: 1).MoveToOuterDisposeScope();
    }

    /// <summary>Sees to it that operands have the shapes that a radial map needs, and that it is one to one.</summary>
    /// <exception cref="ShapeException">They have not.</exception>
    /// <exception cref="ArgumentException">It is not: alpha must be positive and beta not less than -alpha.</exception>
    public static void CheckRadial(Bijector f, Tensor point, int eventRank, Operand alpha, Operand beta, Operand center)
    {
        LinearMap.CheckAxis(f, point, -1, eventRank);
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        var (a, k, c) = (alpha.On(point), beta.On(point), center.On(point));
        CheckOne(f, a, "alpha", point);
        CheckOne(f, k, "beta", point);
        if (!Broadcasts(c, point))
        {
            throw new ShapeException($"{f}", $"expected a center for points of shape {Shape.Of(point.shape)}",
                $"got {Shape.Of(c.shape)}");
        }

        if (!((a > 0).all().item<bool>() && (a + k >= 0).all().item<bool>()))
        {
            throw new ArgumentException($"{f}: expected alpha > 0 and beta of at least -alpha, got others; "
                + "keep them so: beta = softplus(b) - alpha.");
        }
    }

    /// <summary><c>x + beta (x - c)/(alpha + |x - c|)</c>.</summary>
    /// <returns>A fresh tensor of the shape of x.</returns>
    public static Tensor Radial(Tensor x, Operand alpha, Operand beta, Operand center)
    {
        using var scope = NewDisposeScope();
        var offset = x - center.On(x);
        return (x + beta.On(x) * offset / (alpha.On(x) + offset.norm(-1, true))).MoveToOuterDisposeScope();
    }

    /// <summary>The x with <c>x + beta (x - c)/(alpha + |x - c|) = y</c>.</summary>
    /// <returns>A fresh tensor of the shape of y.</returns>
    public static Tensor RadialInverse(Tensor y, Operand alpha, Operand beta, Operand center)
    {
        using var scope = NewDisposeScope();
        var (a, k, c) = (alpha.On(y), beta.On(y), center.On(y));
        var offset = y - c;
        var length = offset.norm(-1, true);

        // r^2 + p r - alpha length = 0 with p = alpha + beta - length: of the two forms of its root, the one that does
        // not cancel.
        var p = a + k - length;
        var root = (p.square() + 4 * a * length).sqrt();
        var isAbove = p > 0;
        var sum = p.abs() + root;
        var r = where(isAbove, 2 * a * length / where(isAbove, sum, ones_like(sum)), sum / 2);
        return (c + offset * (a + r) / (a + r + k)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// <c>(D - 1) log(1 + beta/(alpha + r)) + log(1 + alpha beta/(alpha + r)^2)</c> with <c>r = |x - c|</c>, once for
    /// every vector.
    /// </summary>
    /// <returns>A fresh tensor, broadcastable to the batch shape.</returns>
    public static Tensor RadialLogDet(Tensor x, Operand alpha, Operand beta, Operand center, int eventRank)
    {
        using var scope = NewDisposeScope();
        var (a, k) = (alpha.On(x), beta.On(x));
        var length = a + (x - center.On(x)).norm(-1, true);
        var term = (x.size(-1) - 1) * (k / length).log1p() + (a * k / length.square()).log1p();
        return LogDets.Sum(term.squeeze(-1), x, eventRank, termRank: 1).MoveToOuterDisposeScope();
    }

    /// <summary>h(s) for the s with <c>s + c h(s) = a</c>.</summary>
    private static Tensor Solve(Bijector f, Tensor a, Tensor c, Func<Tensor, Tensor>? h) => h is null ? a / (1 + c)
        : h(MonotoneSolve.Solve(f, a, s => s + c * h(s), double.NegativeInfinity, double.PositiveInfinity));

    private static Tensor Projected(Tensor x, Tensor w, Operand b) => (x * w).sum(-1, keepdim: true) + b.On(x);

    /// <summary>u.w for every vector, with an axis of size 1 in its place.</summary>
    private static Tensor Product(Tensor u, Tensor w, Tensor point)
    {
        var product = u * w;
        return product.dim() == 0 ? product.reshape(1) * point.size(-1)
            : product.size(-1) != point.size(-1) ? product * point.size(-1)
            : product.sum(-1, keepdim: true);
    }

    private static Tensor Row(Tensor w, WeightForm form) => form == WeightForm.Column ? w.squeeze(-1) : w;

    private static bool Broadcasts(Tensor operand, Tensor point)
    {
        var (rank, of) = ((int)operand.dim(), (int)point.dim());
        return rank <= of && Enumerable.Range(1, rank)
            .All(i => operand.size(rank - i) == 1 || operand.size(rank - i) == point.size(of - i));
    }

    private static void CheckOne(Bijector f, Tensor operand, string name, Tensor point)
    {
        if (!Broadcasts(operand, point) || (operand.dim() > 0 && operand.size(-1) != 1 && point.size(-1) != 1))
        {
            throw new ShapeException($"{f}", $"expected one {name} for each vector of {Shape.Of(point.shape)}",
                $"got {Shape.Of(operand.shape)}");
        }
    }

    private static void CheckSlopes(Bijector f, Tensor sums, string what, double? steepest)
    {
        var isInvertible = steepest is { } slope ? (sums - 1) * slope > -1 : sums.abs() > 0;
        if (!isInvertible.all().item<bool>())
        {
            throw new ArgumentException(
                $"{f}: expected {what} {(steepest is { } s ? $"greater than {-1 / s:0.###}" : "other than -1")}, "
                + "else points are folded onto each other; "
                + "constrain it where it is made: LowRank.Constrained(u, w).");
        }
    }
}
