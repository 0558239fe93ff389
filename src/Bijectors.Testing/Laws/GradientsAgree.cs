namespace Bijectors.Testing;

/// <summary>A gradient is the same whatever else is asked for.</summary>
/// <remarks>
/// In training the point is data and needs no gradient; in variational inference, or for an image that is optimized,
/// the parameters may need none. A layer that asks what is needed, to save time, has a backward pass for each.
/// <see cref="Gradients"/> holds one of them to finite differences, where all is asked for in float64; this law holds
/// the others to that one.
/// </remarks>
internal sealed class GradientsAgree : PointLaw
{
    public override string Statement =>
        "gradients are the same whether asked of the point, of the context or of the parameters only or of all of "
        + "them, of a method with or without log-det, "
        + "in training or evaluation mode, and in float32 as in float64";

    public override string UsualCause => "a faster backward pass for one of these cases that is another one, "
        + "or a graph that is built only where the point needs it.";

    protected override IEnumerable<Points> Choose(LawContext lawContext, Direction direction) =>
        [direction.Sample(lawContext, 1, 4)];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = enable_grad();
        var weights = new Weights(lawContext, direction, points);
        var expected = new Expected(lawContext, direction, points, weights);
        var call = $"{direction.Name}WithLogDet({direction.PointName})";
        return Compare(call, string.Empty, Asked.All, expected.OfBoth, weights.OfBoth)
            ?? Compare(
                $"{direction.Name}({direction.PointName})", string.Empty, Asked.All, expected.OfY, weights.OfPlain)
            ?? Compare(call, ", asked of the point only", Asked.Point, expected.OfBoth, weights.OfBoth)
            ?? Compare(call, ", asked of the parameters only", Asked.Parameters, expected.OfBoth, weights.OfBoth)
            ?? (points.Context is null
                ? null
                : Compare(call, ", asked of the context only", Asked.Context, expected.OfBoth, weights.OfBoth))
            ?? InEvaluation();

        Mismatch? InEvaluation()
        {
            using var evaluation = new Modes(direction.Bijector);
            return Compare(call, " in evaluation mode", Asked.All, expected.OfBoth, weights.OfBoth);
        }

        Mismatch? Compare(
            string what, string how, Asked asked, Gradient[] wanted, Func<Direction, Points, Tensor> scalar)
        {
            var got = Take(direction, points, asked, (w, p) => [scalar(w, p)])[0];
            var pairs = wanted.Zip(got).Where(pair => pair.Second is not null)
                .Select(pair => (Want: pair.First, Have: pair.Second!)).ToList();

            // All in one; only where that is not so, one by one.
            return pairs.Count == 0 || Close.Find(what, Flat(pairs.Select(pair => pair.Want.Value)),
                Flat(pairs.Select(pair => pair.Have)), Flat(pairs.Select(pair => pair.Want.Allowed))) is null
                ? null
                : pairs.Select(pair => Close.Find($"the gradient of {what} with respect to {pair.Want.Of}{how}",
                    pair.Want.Value, pair.Have, pair.Want.Allowed))
                    .FirstOrDefault(mismatch => mismatch is not null);
        }
    }

    private static Tensor Flat(IEnumerable<Tensor> gradients) =>
        cat([.. gradients.Select(gradient => gradient.flatten())], 0);

    /// <summary>
    /// The gradients of each of the scalars that one pass gives with respect to the point, the context if there is one,
    /// and each parameter; null for what was not asked, zero for what is not reached.
    /// </summary>
    private static Tensor?[][] Take(
        Direction direction, Points points, Asked asked, Func<Direction, Points, Tensor[]> scalars)
    {
        var parameters = direction.Bijector.parameters().Where(p => p.requires_grad).ToList();
        var own = new Points(
            Leaf(points.X, Asked.Point), points.Context is null ? null : Leaf(points.Context, Asked.Context));
        List<Tensor> leaves = own.Context is null ? [own.X] : [own.X, own.Context];
        leaves.AddRange(parameters);
        parameters.ForEach(p => p.requires_grad_(asked.HasFlag(Asked.Parameters)));
        try
        {
            var needed = leaves.Where(leaf => leaf.requires_grad).ToList();
            return [.. scalars(direction, own).Select(scalar => Of(Jacobians.Gradients(scalar, needed)))];

            Tensor?[] Of(Tensor?[] gradients) =>
                [.. leaves.Select(leaf => needed.FindIndex(one => ReferenceEquals(one, leaf)) is var i and >= 0
                    ? gradients[i] ?? zeros_like(leaf) : null)];
        }
        finally
        {
            parameters.ForEach(p => p.requires_grad_(true));
        }

        Tensor Leaf(Tensor x, Asked which) => x.detach().clone().requires_grad_(asked.HasFlag(which));
    }

    /// <summary>What gradients are asked of.</summary>
    [Flags]
    private enum Asked
    {
        Point = 1,
        Context = 2,
        Parameters = 4,
        All = 7,
    }

    /// <summary>A gradient, with respect to what, and how far off another may be.</summary>
    private sealed record Gradient(string Of, Tensor Value, Tensor Allowed);

    /// <summary>A random combination of the results, as a scalar to take gradients of.</summary>
    private sealed class Weights
    {
        private readonly Tensor _ofY;
        private readonly Tensor _ofLogDet;

        public Weights(LawContext lawContext, Direction direction, Points points)
        {
            var chance = lawContext.GeneratorFor(6);
            _ofY = randn([points.Count, .. direction.OntoShape.ToArray()], ScalarType.Float64, generator: chance);
            _ofLogDet = randn(points.Count, ScalarType.Float64, generator: chance);
        }

        public Tensor OfPlain(Direction direction, Points points) =>
            Weighted(direction.Apply(points.X, points.Context), _ofY);

        public Tensor OfBoth(Direction direction, Points points)
        {
            var apart = Apart(direction, points);
            return apart[0] + apart[1];
        }

        /// <summary>That of the points that come out, and that of the log-dets.</summary>
        public Tensor[] Apart(Direction direction, Points points)
        {
            var (y, logDet) = direction.ApplyWithLogDet(points.X, points.Context);
            return [Weighted(y, _ofY), Weighted(logDet, _ofLogDet)];
        }

        private static Tensor Weighted(Tensor results, Tensor weights) => (results * weights.to(results.dtype)).sum();
    }

    /// <summary>The gradients in float64 where all are asked for.</summary>
    private sealed class Expected
    {
        // What rounding does to the gradients is seen where the point, the context and the parameters
        // are off by as much.
        private const int Moves = 3;

        private readonly LawContext _context;
        private readonly Direction _exact;
        private readonly Points _points;

        public Expected(LawContext lawContext, Direction direction, Points points, Weights weights)
        {
            (_context, _exact, _points) = (lawContext, direction.Of(lawContext.Exact), points.To(ScalarType.Float64));
            var at = Take(_exact, _points, Asked.All, weights.Apart);
            var moved = Enumerable.Range(0, Moves).Select(i => Moved(i, weights)).ToArray();
            OfY = Of(at[0], [.. moved.Select(one => one[0])]);
            OfBoth = Of(Both(at), [.. moved.Select(Both)]);
        }

        public Gradient[] OfY { get; }

        public Gradient[] OfBoth { get; }

        private static Tensor?[] Both(Tensor?[][] apart) =>
            [.. apart[0].Zip(apart[1], (ofY, ofLogDet) => ofY! + ofLogDet!)];

        private Gradient[] Of(Tensor?[] at, Tensor?[][] moved)
        {
            var names = _exact.Bijector.named_parameters().Where(p => p.parameter.requires_grad)
                .Select(p => $"parameter '{p.name}'");
            if (_points.Context is not null)
            {
                names = names.Prepend("the context");
            }

            var (numbers, others) = (Numbers(at), moved.Select(Numbers).ToArray());
            var largest = numbers.Max(gradient => Largest(gradient));
            return [.. names.Prepend("the point").Select((name, i) => new Gradient(name, at[i]!, Allowed(i)))];

            Tensor Allowed(int i)
            {
                var apart = others.Max(other => Largest(other[i], numbers[i]));
                var unknown = _context.Rounding + _exact.Bijector.Tolerance;
                var share = Math.Sqrt(unknown) * Math.Max(Largest(numbers[i]), 0.01 * largest);
                return full_like(at[i]!, double.IsNaN(apart + share) ? double.PositiveInfinity : 32 * apart + share);
            }
        }

        /// <summary>The numbers of each gradient.</summary>
        private static double[][] Numbers(Tensor?[] gradients)
        {
            var all = Flat(gradients.Select(gradient => gradient!)).data<double>().ToArray();
            var first = 0;
            return [.. gradients.Select(gradient => all[first..(first += (int)gradient!.numel())])];
        }

        /// <summary>The largest of absolute values, or of those of differences; NaN where one is.</summary>
        private static double Largest(double[] numbers, double[]? others = null)
        {
            var largest = 0.0;
            for (var i = 0; i < numbers.Length; i++)
            {
                largest = Math.Max(largest, Math.Abs(numbers[i] - (others?[i] ?? 0)));
            }

            return largest;
        }

        private Tensor?[][] Moved(int turn, Weights weights)
        {
            var chance = _context.GeneratorFor(10 + turn);
            using var parameters = new MovedParameters(_exact.Bijector, Off);
            return Take(_exact, new(Off(_points.X), _points.Context is null ? null : Off(_points.Context)),
                Asked.All, weights.Apart);

            Tensor Off(Tensor x) =>
                x.detach() * (1 + _context.Rounding * (2 * rand(x.shape, ScalarType.Float64, generator: chance) - 1));
        }
    }
}
