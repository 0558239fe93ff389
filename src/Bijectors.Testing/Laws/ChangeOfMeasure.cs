namespace Bijectors.Testing;

/// <summary>
/// The density that a map makes of a density behind it integrates to one: <c>∫ h(f(x)) |f'(x)| dx = 1</c>.
/// </summary>
/// <remarks>
/// By quadrature, so it says something of elementwise maps and of events of one entry, and of nothing else. It follows
/// from <see cref="RoundTrip"/> and <see cref="LogDet"/> where those hold everywhere; they are tested at points, and
/// this is tested in between. Between the ends of the grid the integral is exactly the mass of h between their images.
/// </remarks>
internal sealed class ChangeOfMeasure : Law
{
    private const int Nodes = 16001;

    // A mistake stays where it is on a finer grid. What a jump of the density does becomes less there, and how much
    // that is at most is better known.
    private const int MoreNodes = (16 * (Nodes - 1)) + 1;

    private const double LeastMass = 0.8;

    public override string Statement => "a density on the codomain becomes a density on the domain that integrates to "
        + "one, for elementwise maps and events of one entry";

    public override string UsualCause =>
        "a log-det that is wrong in some region only (a bin, a branch), or a map that is not monotone "
        + "there or not onto its codomain.";

    protected override void Check(LawContext lawContext)
    {
        using var grad = no_grad();
        foreach (var direction in Direction.Both(lawContext.Bijector, lawContext.Case.Shape))
        {
            if ((direction.OwnRank == 0 || direction.FromShape.Size == 1)
                && direction is { From: Interval from, Onto: Interval onto }
                && Test(direction, from, onto, lawContext.PointsOf(direction), Nodes) is not null
                && Test(direction, from, onto, lawContext.PointsOf(direction), MoreNodes) is { } mismatch)
            {
                throw lawContext.Violation(this, mismatch);
            }
        }
    }

    private static Mismatch? Test(Direction direction, Interval domain, Interval codomain, Points points, int nodes)
    {
        using var scope = NewDisposeScope();
        var (from, onto, context) = (new Chart(domain), new Chart(codomain), points.Context?[0]);
        var (x, logMeasure) = from.Grid(direction.FromShape, nodes);
        var rank = direction.OwnRank == 0 ? 0 : direction.FromShape.Rank;
        var (y, slope) = direction.ApplyWithLogDet(x, context, rank);
        var unsure = zeros_like(slope);
        if (direction.Bijector.HasRandomLogDet)
        {
            (slope, unsure) = Estimated.Few(direction, new(x, context), rank);
        }

        // A normal distribution of what comes out, seen on the whole real line.
        var (mean, deviation) = onto.Spread(direction.Apply(points.X, context));
        var image = onto.Of(y);
        var z = ((image - mean) / deviation).reshape(nodes, -1);
        var logDensity =
            -z.square() / 2 - Math.Log(deviation * Math.Sqrt(2 * Math.PI)) + onto.LogSlope(y).reshape(nodes, -1);

        // Far out a map may overflow on its way, or be rounded onto an end: the grid ends before.
        var node = arange(nodes).unsqueeze(1);
        var told = (image >= -onto.Ends.Low).logical_and(image <= onto.Ends.High).reshape(nodes, -1);
        var first = where(told, node, nodes).amin([0L]);
        var last = where(told, node, 0).amax([0L]);
        var within = (node >= first).logical_and(node <= last).logical_and((z.abs() >= 30).logical_not());
        var terms = where(within, (logDensity + slope.reshape(nodes, -1) + logMeasure).exp(), 0);
        var (fine, coarse) = (terms.sum([0L]), 2 * terms.slice(0, 0, nodes, 2).sum([0L]));
        var mass = (Error(z, last) - Error(z, first)).abs() / 2;

        // Where the grid ends because the map overflows, its image continues from there.
        var covered = ((Error(z, last + 1, last) - Error(z, first - 1, first)).abs() / 2).min().item<double>();
        var room = 6 * (fine - coarse).abs() + Jumps(terms) / 2 + 1e-5;
        room += Estimated.OfExponential(terms, unsure.reshape(nodes, -1));
        return covered >= LeastMass
            ? Close.Find($"the integral of the density that {direction.Name} makes of a normal one", mass, fine, room)
            : new($"the mass of a normal density of {direction.Name}({direction.PointName}) between the "
                + "images of the ends of the domain", "nearly 1", Points.Write(covered));
    }

    /// <summary>
    /// By how much the terms jump in all. A density jumps where a map has a kink, and wherever between two nodes it
    /// does, the sum is off by at most half of that; that two grids agree there is an accident. A step is a jump as far
    /// as it is more than twice the steps beside it.
    /// </summary>
    private static Tensor Jumps(Tensor terms)
    {
        var steps = terms.diff(dim: 0).abs();
        var count = steps.size(0);
        var inner = steps.narrow(0, 1, count - 2);
        var beside = maximum(steps.narrow(0, 0, count - 2), steps.narrow(0, 2, count - 2));
        return (inner - 2 * beside).clamp(min: 0).sum([0L]);
    }

    /// <summary>
    /// The error function at a node: twice the mass of the normal distribution from its middle to there; none where
    /// there is no node.
    /// </summary>
    private static Tensor Error(Tensor z, Tensor node) => (At(z, node).nan_to_num(0) / Math.Sqrt(2)).erf();

    /// <summary>The same at another node where the map has no value at the first one.</summary>
    private static Tensor Error(Tensor z, Tensor node, Tensor other)
    {
        var there = At(z, node);
        return where(there.isnan(), Error(z, other), (there / Math.Sqrt(2)).erf());
    }

    private static Tensor At(Tensor z, Tensor node) =>
        z.gather(0, node.clamp(0, z.size(0) - 1).unsqueeze(0)).squeeze(0);

    /// <summary>An interval stretched to the real line.</summary>
    private sealed class Chart(Interval interval)
    {
        private readonly bool _below = double.IsInfinity(interval.Low);
        private readonly bool _above = double.IsInfinity(interval.High);

        /// <summary>
        /// How far down and up, as far as doubles tell x from an end: from 0 very far, from any other as
        /// far as digits go.
        /// </summary>
        public (double Low, double High) Ends => (_below, _above) switch
        {
            (true, true) => (1e15, 1e15),
            (false, true) => (Near(interval.Low), 300),
            (true, false) => (300, Near(interval.High)),
            _ => (30, 30),
        };

        public Tensor Of(Tensor x) => (_below, _above) switch
        {
            (true, true) => x.alias(),
            (false, true) => (x - interval.Low).log(),
            (true, false) => -(-x + interval.High).log(),
            _ => (x - interval.Low).log() - (-x + interval.High).log(),
        };

        public Tensor LogSlope(Tensor x) => (_below, _above) switch
        {
            (true, true) => zeros_like(x),
            (false, true) => -(x - interval.Low).log(),
            (true, false) => -(-x + interval.High).log(),
            _ => -(x - interval.Low).log() - (-x + interval.High).log() + Math.Log(interval.High - interval.Low),
        };

        /// <summary>The median of points and their deviation, no larger than leaves room to the ends.</summary>
        public (double Middle, double Deviation) Spread(Tensor x)
        {
            var sorted = Of(x).flatten().sort().Values.data<double>().ToArray();
            var middle = Math.Clamp(sorted[sorted.Length / 2], -Ends.Low / 2, Ends.High / 2);
            var deviation = (sorted[sorted.Length * 3 / 4] - sorted[sorted.Length / 4]) / 1.35;
            return (middle, Math.Min(deviation, Math.Min(middle + Ends.Low, Ends.High - middle) / 16));
        }

        /// <summary>
        /// Nodes of the interval, dense where its points lie and far out at the ends, and the logarithm of
        /// what each is worth.
        /// </summary>
        public (Tensor X, Tensor LogMeasure) Grid(Shape shape, int nodes)
        {
            var (low, high) = (Math.Asinh(Ends.Low), Math.Asinh(Ends.High));
            var t = linspace(-low, high, nodes, ScalarType.Float64);
            var v = t.sinh();
            var x = (_below, _above) switch
            {
                (true, true) => v,
                (false, true) => interval.Low + v.exp(),
                (true, false) => -(-v).exp() + interval.High,
                _ => interval.Low + (interval.High - interval.Low) * v.sigmoid(),
            };
            var logMeasure = Math.Log((low + high) / (nodes - 1)) + t.cosh().log() - LogSlope(x);
            var ones = shape.ToArray().Select(_ => 1L);
            return (x.reshape([nodes, .. ones]).expand([nodes, .. shape.ToArray()]).contiguous(),
                logMeasure.unsqueeze(1));
        }

        private static double Near(double end) => end == 0 ? 300 : Math.Clamp(25 - Math.Log(Math.Abs(end)), 8, 300);
    }
}
