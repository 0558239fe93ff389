namespace Bijectors.Testing;

/// <summary>
/// A bijector read in one of its two directions, so that each law is stated once and checked in both.
/// </summary>
internal sealed class Direction
{
    // Noise of estimated log-dets that are compared one by one, and of those that are averaged.
    private const long Compared = 1000;
    private const long Averaged = 2000;

    private readonly Bijector _f;
    private readonly bool _inverse;
    private readonly Shape _shape;

    private Direction(Bijector f, bool inverse, Shape shape)
    {
        (_f, _inverse, _shape) = (f, inverse, shape);
        var output = f.OutputShape(shape);
        (FromShape, OntoShape) = inverse ? (output, shape) : (shape, output);
    }

    /// <summary>The name of the method that maps in this direction.</summary>
    public string Name => _inverse ? nameof(Bijector.Inverse) : nameof(Bijector.Forward);

    /// <summary>Whether it is the inverse, which may be known to a tolerance only.</summary>
    public bool IsInverse => _inverse;

    /// <summary>The name of the method that undoes it.</summary>
    public string UndoName => _inverse ? nameof(Bijector.Forward) : nameof(Bijector.Inverse);

    /// <summary>The name of the method that declares what comes out.</summary>
    public string DeclaredBy => _inverse ? nameof(Bijector.InputShape) : nameof(Bijector.OutputShape);

    public string PointName => _inverse ? "y" : "x";

    public Shape FromShape { get; }

    public Shape OntoShape { get; }

    /// <summary>The event rank of the bijector on this side.</summary>
    public int OwnRank => _inverse ? _f.OutputEventRank : _f.EventRank;

    public Domain From => _inverse ? _f.Codomain : _f.Domain;

    public Domain Onto => _inverse ? _f.Domain : _f.Codomain;

    public static IReadOnlyList<Direction> Both(Bijector f, Shape shape) => [new(f, false, shape), new(f, true, shape)];

    /// <summary>The way of a bijector, inverse or not, that starts from events of a shape.</summary>
    public static Direction StartingAt(Shape from, Bijector f, bool inverse) =>
        new(f, inverse, inverse ? f.InputShape(from) : from);

    /// <summary>The bijector.</summary>
    public Bijector Bijector => _f;

    /// <summary>The other direction.</summary>
    public Direction Other => new(_f, !_inverse, _shape);

    /// <summary>The same direction of a twin.</summary>
    public Direction Of(Bijector twin) => new(twin, _inverse, _shape);

    /// <summary>The stages of the bijector, in the order of this direction; none where it is not made of
    /// others.</summary>
    public IReadOnlyList<Stage> Stages() => Structure.Of(_f, _inverse);

    /// <summary>The shape that this direction declares for what comes out.</summary>
    public Shape Declare(Shape from) => _inverse ? _f.InputShape(from) : _f.OutputShape(from);

    public Tensor Apply(Tensor x, Tensor? context) => _inverse ? _f.Inverse(x, context) : _f.Forward(x, context);

    /// <summary>
    /// Whether rounding moved the image of each point out of the codomain, so that it has no inverse; broadcastable to
    /// the points.
    /// </summary>
    public Tensor LiesOutside(Tensor y, Tensor x) => PerPoint(y.isinf() | ~Onto.Contains(y), x);

    /// <summary>Whether any entry of each point is true; broadcastable to x.</summary>
    public static Tensor PerPoint(Tensor entries, Tensor x) =>
        entries.reshape(x.shape[0], -1).any(1).reshape([-1, .. Enumerable.Repeat(1L, (int)x.dim() - 1)]);

    public Tensor Undo(Tensor y, Tensor? context) => _inverse ? _f.Forward(y, context) : _f.Inverse(y, context);

    /// <summary>The map with its log-det. The noise of an estimated one is the same at every call.</summary>
    public (Tensor Y, Tensor LogDet) ApplyWithLogDet(Tensor x, Tensor? context, int? eventRank = null)
    {
        using var noise = new FixedNoise(_f, Compared);
        return Raw(_inverse, x, context, eventRank ?? FromShape.Rank);
    }

    /// <summary>The other direction with its log-det, with the same noise.</summary>
    public (Tensor X, Tensor LogDet) UndoWithLogDet(Tensor y, Tensor? context)
    {
        using var noise = new FixedNoise(_f, Compared);
        return Raw(!_inverse, y, context, OntoShape.Rank);
    }

    /// <summary>A log-det with whatever noise comes next; <see cref="Draw"/> averages them.</summary>
    public Tensor EstimateOnce(Tensor x, Tensor? context, int? eventRank = null)
    {
        var (y, logDet) = Raw(_inverse, x, context, eventRank ?? FromShape.Rank);
        y.Dispose();
        return logDet;
    }

    /// <summary>The mean of draws and its standard error, of noise that is the same at every call of this.</summary>
    public (Tensor Mean, Tensor Error) Draw(int draws, Func<Tensor> draw)
    {
        using var noise = new FixedNoise(_f, Averaged);
        return Estimates.Average(isRandom: true, draws, draw);
    }

    /// <summary>Seeded points of the side that this direction starts from.</summary>
    public Points Sample(LawContext lawContext, int use, params ReadOnlySpan<long> batch)
    {
        var chance = lawContext.GeneratorFor(use + (_inverse ? 500 : 0));
        var x = From.Sample([.. batch, .. FromShape.ToArray()], lawContext.DType, chance);
        var context = lawContext.Case.ContextSize is { } size
            ? randn([.. batch, size], dtype: lawContext.DType, generator: chance)
            : null;
        return new(x, context);
    }

    /// <summary>
    /// Seeded points, half of them twice as far out where the domain goes that far: there formulas cancel.
    /// </summary>
    public Points SampleFar(LawContext lawContext, int count = 8)
    {
        var points = Sample(lawContext, 1, count);
        var far = points.X * tensor([1, 2]).repeat(count / 2).reshape([-1, .. FromShape.ToArray().Select(_ => 1L)]);
        return points with { X = where(From.Contains(far), far, points.X) };
    }

    /// <summary>
    /// Points all of whose entries are 0, 1 or -1, as far as those lie on that side: real data are full of them,
    /// branches meet there, and no draw ever does.
    /// </summary>
    public Points Whole(LawContext lawContext)
    {
        var points = Sample(lawContext, 1, 3);
        using var grad = no_grad();
        var values = tensor([0, 1, -1], points.X.dtype).reshape([3, .. FromShape.ToArray().Select(_ => 1L)])
            .expand_as(points.X).contiguous();

        // The ends of a composition's domain are rounded: a number that is one of them may lie on either side.
        var inside = (From.Contains(values) & (From.Nearest(values) == values))
            .reshape(3, -1).all(1).data<bool>().ToArray();
        return (points with { X = values }).Select(Enumerable.Range(0, 3).Where(i => inside[i]).Select(i => (long)i));
    }

    /// <summary>
    /// Points that lie at an edge of that side with all entries, and with the first entry only; any point where no
    /// number is at an edge of all entries.
    /// </summary>
    public Points AtEdges(LawContext lawContext)
    {
        var edges = From.EdgePoints(lawContext.DType);
        var points = Sample(lawContext, 1, Math.Max(1, 2 * edges.Count));
        using var grad = no_grad();
        for (var i = 0; i < edges.Count; i++)
        {
            points.X[2 * i].fill_(edges[i]);
            points.X[2 * i + 1].flatten()[0].fill_(edges[i]);
        }

        return points with { AtEdges = true };
    }

    private (Tensor Point, Tensor LogDet) Raw(bool inverse, Tensor point, Tensor? context, int eventRank) => inverse
        ? _f.InverseWithLogDet(point, context, eventRank)
        : _f.ForwardWithLogDet(point, context, eventRank);
}
