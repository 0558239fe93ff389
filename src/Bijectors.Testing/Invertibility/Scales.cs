namespace Bijectors.Testing;

/// <summary>The Jacobian of a layer at a few points; NaN where nothing is known.</summary>
/// <param name="Least">The smallest singular value.</param>
/// <param name="Greatest">The largest one.</param>
/// <param name="Condition">The largest ratio of both at one point.</param>
/// <param name="OfDiagonal">The largest ratio of two entries of the diagonal at one point, where all of it was
/// computed: of scales without what entries do to others.</param>
internal readonly record struct Scales(double Least, double Greatest, double Condition, double OfDiagonal)
{
    /// <summary>How many steps a power iteration has.</summary>
    public const int Iterations = 12;

    // Of those that are inspected; each costs three passes there and three back an iteration.
    private const int IteratedPoints = 4;

    public static Scales Unknown { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>The scales of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">Points that reach it.</param>
    /// <param name="y">What it makes of them.</param>
    /// <param name="context">Their context.</param>
    /// <param name="mostDimensions">How many dimensions an event of the layer may have for a Jacobian; with more,
    /// scales are found by power iteration.</param>
    /// <param name="generator">What the iteration starts from.</param>
    public static Scales Of(
        Direction layer, Tensor x, Tensor y, Tensor? context, int mostDimensions, Generator generator)
    {
        using var scope = NewDisposeScope();
        if (layer.Bijector.HasConstantJacobian)
        {
            (x, y, context) = (x.narrow(0, 0, 1), y.narrow(0, 0, 1), context?.narrow(0, 0, 1));
        }

        var rank = layer.OwnRank;
        if (rank == 0 && layer.OntoShape == layer.FromShape)
        {
            var slopes = PointErrors.Rows(Pull(p => layer.Apply(p, context), x, ones_like(y)).abs());
            return Of(slopes) with { OfDiagonal = Of(slopes).Condition };
        }

        // What a layer does to one event of its own it does to each of a point.
        var dimensions = x.shape.TakeLast(rank).Aggregate(1L, (product, size) => product * size);
        if (dimensions > mostDimensions)
        {
            return Iterated(layer, x, y, context, generator);
        }

        var ontoRank = layer.Other.OwnRank;
        // Where the point is one event, all rows of the Jacobian come from one backward pass.
        var entries = rank == x.dim() - 1
            ? Jacobians.Of((p, given) => layer.Apply(p, given), x, context, y.numel() / y.shape[0])
            : Jacobians.Of(p => layer.Apply(p, context), x, rank, ontoRank);
        var (from, onto) = ((layer.From, rank), (layer.Onto, ontoRank));
        var jacobian = new SurfaceJacobian(from, onto, Events(x, rank), Events(y, ontoRank), entries).Square;
        dimensions = jacobian.shape[1];
        var usable = jacobian.isfinite().reshape(jacobian.shape[0], -1).all(1).reshape(-1, 1, 1);
        var values =
            linalg.svdvals(where(usable, jacobian, eye(dimensions, dtype: jacobian.dtype, device: jacobian.device)));
        return Of(where(usable.reshape(-1, 1), values, double.NaN).reshape(x.shape[0], -1))
            with { OfDiagonal = Of(jacobian.diagonal(0, 1, 2).abs().reshape(x.shape[0], -1)).Condition };
    }

    private static Tensor Events(Tensor points, int rank) => points.reshape([-1, .. points.shape.TakeLast(rank)]);

    /// <summary>Of singular values, a row for each point.</summary>
    private static Scales Of(Tensor values)
    {
        var (least, greatest) = (PointErrors.Numbers(values.amin(1)), PointErrors.Numbers(values.amax(1)));
        var known = Enumerable.Range(0, least.Length)
            .Where(i => double.IsFinite(least[i]) && double.IsFinite(greatest[i]) && greatest[i] > 0).ToList();
        return known.Count == 0
            ? Unknown
            : new(known.Min(i => least[i]), known.Max(i => greatest[i]),
                known.Max(i => greatest[i] / least[i]), double.NaN);
    }

    private static Scales Iterated(Direction layer, Tensor x, Tensor y, Tensor? context, Generator generator)
    {
        var count = Math.Min(IteratedPoints, x.shape[0]);
        (x, y, context) = (x.narrow(0, 0, count), y.narrow(0, 0, count), context?.narrow(0, 0, count));
        var greatest = Norms(p => layer.Apply(p, context), x, y, generator);
        var least = 1 / Norms(q => layer.Undo(q, context), y, x, generator);
        return Of(stack([least, greatest], 1));
    }

    /// <summary>The spectral norms of the Jacobians of a map, from below.</summary>
    private static Tensor Norms(Func<Tensor, Tensor> map, Tensor x, Tensor y, Generator generator)
    {
        using var scope = NewDisposeScope();
        var step = x.dtype == ScalarType.Float64 ? 1e-5 : 1e-2;
        var direction = Unit(randn(x.shape, ScalarType.Float64, generator: generator).to(x.dtype, x.device)).Direction;
        var norm = zeros(x.shape[0], x.dtype, x.device);
        for (var i = 0; i < Iterations; i++)
        {
            // Forward-mode differentiation by differences: layers need not be differentiable twice.
            var moved = (map(x + (step * direction)) - map(x - (step * direction))) / (2 * step);
            (var unit, norm) = Unit(moved.reshape(y.shape));
            direction = Unit(Pull(map, x, unit)).Direction;
        }

        return norm.MoveToOuterDisposeScope();
    }

    private static (Tensor Direction, Tensor Length) Unit(Tensor x)
    {
        var lengths = PointErrors.Rows(x).square().sum(1).sqrt();
        return (x / lengths.clamp_min(1e-30).reshape([-1, .. x.shape.Skip(1).Select(_ => 1L)]), lengths);
    }

    /// <summary>The product of a row vector and the Jacobian of a map.</summary>
    private static Tensor Pull(Func<Tensor, Tensor> map, Tensor at, Tensor cotangent)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var leaf = at.detach().clone().requires_grad_();
        return Jacobians.Gradient((map(leaf) * cotangent).sum(), leaf).MoveToOuterDisposeScope();
    }
}
