namespace Bijectors.Testing;

/// <summary>
/// Gradients reach every parameter, the point and the context, and are those of the values that come out.
/// </summary>
/// <remarks>A tensor detached on the way leaves values right and training wrong. Finite differences along a random
/// direction find it: <c>(S(p + h v) - S(p - h v)) / 2h</c> for a random combination S of the results. Of an estimated
/// log-det the gradient may be an estimate of its own, which agrees on average.</remarks>
internal sealed class Gradients : PointLaw
{
    // A kink that the larger steps cross, such as that of a relu, is out of reach of a smaller one.
    private static readonly double[] s_steps = [Math.Pow(2, -13), Math.Pow(2, -17), Math.Pow(2, -21)];

    public override string Statement =>
        "gradients reach every parameter, the point and the context, are finite, also with the parameters as they are "
        + "made, and agree with finite differences";

    public override string UsualCause =>
        "a detach() or no_grad() on the way, a parameter or the context that is not used, "
        + "or where() over a branch that is not finite.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float64];

    protected override IEnumerable<Points> Choose(LawContext lawContext, Direction direction) =>
        [direction.Sample(lawContext, 1, 4)];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = enable_grad();
        var named = lawContext.Bijector.named_parameters().Where(p => p.parameter.requires_grad)
            .Select(p => (Name: $"parameter '{p.name}'", Leaf: (Tensor)p.parameter)).ToList();
        var leaf = new Points(Leaf(points.X), points.Context is null ? null : Leaf(points.Context));
        named.Add(("the point", leaf.X));
        if (leaf.Context is not null && lawContext.Bijector.ReadsContext)
        {
            named.Add(("the context", leaf.Context));
        }

        var results = new Results(lawContext, direction, leaf);
        var (ofY, ofLogDet) = results.Sums();
        var leaves = named.Select(n => n.Leaf).ToList();
        var gradientsY = Jacobians.Gradients(ofY, leaves);
        var gradientsLogDet = Jacobians.Gradients(ofLogDet, leaves);
        var off = lawContext.Bijector.Tolerance > 0 ? results.Off(lawContext.Conditioning(direction, points)) : 0;
        return named
            .Select((n, i) => Judge(
                lawContext, results, direction.Name, n.Name, n.Leaf, gradientsY[i], gradientsLogDet[i], off))
            .FirstOrDefault(mismatch => mismatch is not null);
    }

    /// <summary>
    /// Training starts from the parameters that a bijector is made with, often zeros, where <c>sqrt(p^2)</c> has a
    /// value and no gradient; all other checks move them first.
    /// </summary>
    protected override Mismatch? Beside(LawContext lawContext)
    {
        using var grad = enable_grad();
        using var made = lawContext.Case.Factory(lawContext.Case.Seed);
        made.to(lawContext.DType);
        foreach (var direction in Direction.Both(made, lawContext.Case.Shape))
        {
            var (x, context) = direction.Sample(lawContext, 1, 4);
            var (y, logDet) = direction.ApplyWithLogDet(x, context);
            var named = made.named_parameters().Where(p => p.parameter.requires_grad).ToList();
            var gradients = Jacobians.Gradients(y.sum() + logDet.sum(), [.. named.Select(p => p.parameter)]);
            foreach (var ((name, _), gradient) in named.Zip(gradients))
            {
                if (gradient?.isfinite().all().item<bool>() == false)
                {
                    return new($"the gradient of {direction.Name}WithLogDet with respect to parameter "
                        + $"'{name}' as the bijector is made", "finite numbers", "NaN or infinity");
                }
            }
        }

        return null;
    }

    private static Tensor Leaf(Tensor x) => x.detach().clone().requires_grad_();

    private static Mismatch? Judge(
        LawContext lawContext, Results results, string call, string name, Tensor leaf, Tensor? ofY, Tensor? ofLogDet,
        double off)
    {
        if (ofY is null && ofLogDet is null)
        {
            return new($"the gradient of {call} with respect to {name}", "a gradient", "none: it is not reached");
        }

        var direction = rand(leaf.shape, leaf.dtype, generator: lawContext.GeneratorFor(4)) * 2 - 1;
        direction *= where(leaf.detach() == 0, 1, leaf.detach());
        Mismatch? mismatch = null;
        foreach (var step in s_steps)
        {
            var near = results.Slope(leaf, direction, step);
            if (AgreeAtOnce(Along(ofY), near.Y) && AgreeAtOnce(Along(ofLogDet), near.LogDet))
            {
                return null;
            }

            var far = results.Slope(leaf, direction, 2 * step);
            var rounding = (lawContext.Rounding * results.Scale + off) / step;
            var ofMap = Agree($"{call} with respect to {name}", Along(ofY), near.Y, far.Y, rounding);
            mismatch = ofMap ?? Agree($"{call}WithLogDet.LogDet with respect to {name}", Along(ofLogDet), near.LogDet,
                far.LogDet, rounding);
            if (mismatch is null || (ofMap is null && results.AgreeOnAverage(leaf, direction, step)))
            {
                return null;
            }
        }

        return mismatch;

        double Along(Tensor? gradient) => gradient is null ? 0 : (gradient * direction).sum().item<double>();
    }

    /// <summary>To seven digits: then it need not be asked how much the finite difference is off.</summary>
    private static bool AgreeAtOnce(double gradient, double near) => Math.Abs(gradient - near) <= 1e-7 * Math.Abs(near);

    /// <summary>Two steps tell how much the finite difference itself is off.</summary>
    private static Mismatch? Agree(string what, double gradient, double near, double far, double rounding) =>
        Math.Abs(gradient - near) <= 4 * Math.Abs(far - near) + rounding
            ? null
            : new($"the gradient of {what}", $"{near:G9} along a random direction, by finite differences",
                $"{gradient:G9} by backward");

    /// <summary>A random combination of the results of a call.</summary>
    private sealed class Results
    {
        private readonly Direction _direction;
        private readonly Points _points;
        private readonly Tensor _weightsY;
        private readonly Tensor _weightsLogDet;

        public Results(LawContext lawContext, Direction direction, Points points)
        {
            (_direction, _points) = (direction, points);
            using var grad = no_grad();
            var (y, logDet) = direction.ApplyWithLogDet(points.X, points.Context);
            var chance = lawContext.GeneratorFor(5);
            _weightsY = randn(y.shape, dtype: y.dtype, generator: chance);
            _weightsLogDet = randn(logDet.shape, dtype: logDet.dtype, generator: chance);
            Scale =
                1 + (y * _weightsY).abs().sum().item<double>() + (logDet * _weightsLogDet).abs().sum().item<double>();
        }

        public double Scale { get; }

        /// <summary>By how much it may be off where the map is known to a tolerance.</summary>
        public double Off(Conditioning at)
        {
            using var grad = no_grad();
            return ((_weightsY.abs() * at.OfMap).sum() + (_weightsLogDet.abs() * at.OfLogDet).sum()).item<double>();
        }

        public (Tensor Y, Tensor LogDet) Sums()
        {
            var (y, logDet) = _direction.ApplyWithLogDet(_points.X, _points.Context);
            return ((y * _weightsY).sum(), (logDet * _weightsLogDet).sum());
        }

        /// <summary>
        /// Whether log-dets are estimated, and the gradients and the slopes of estimates from several noises have the
        /// same mean, as far as these tell.
        /// </summary>
        public bool AgreeOnAverage(Tensor leaf, Tensor direction, double step)
        {
            if (!_direction.Bijector.HasRandomLogDet)
            {
                return false;
            }

            var differences = new double[Estimated.FewDraws];
            for (var draw = 0; draw < differences.Length; draw++)
            {
                using var scope = NewDisposeScope();
                var gradient = Jacobians.Gradients(Estimate(draw), [leaf])[0];
                var (up, down) = AtEnds(leaf, direction, step, () => Estimate(draw).item<double>());
                differences[draw] = (gradient is null ? 0 : (gradient * direction).sum().item<double>())
                    - ((up - down) / (2 * step));
            }

            var mean = differences.Average();
            var variance = differences.Sum(d => (d - mean) * (d - mean)) / (differences.Length - 1);
            return Math.Abs(mean) <= Estimated.MostErrors * Math.Sqrt(variance / differences.Length);

            Tensor Estimate(int draw)
            {
                using var noise = new FixedNoise(_direction.Bijector, draw);
                return (_direction.EstimateOnce(_points.X, _points.Context) * _weightsLogDet).sum();
            }
        }

        public (double Y, double LogDet) Slope(Tensor leaf, Tensor direction, double step)
        {
            var (up, down) = AtEnds(leaf, direction, step, () =>
            {
                var (y, logDet) = Sums();
                return (Y: y.item<double>(), LogDet: logDet.item<double>());
            });
            return ((up.Y - down.Y) / (2 * step), (up.LogDet - down.LogDet) / (2 * step));
        }

        /// <summary>What a function gives where a leaf has moved by a step forward and back.</summary>
        private static (T Up, T Down) AtEnds<T>(Tensor leaf, Tensor direction, double step, Func<T> value)
        {
            using var grad = no_grad();
            using var start = leaf.clone();
            leaf.add_(direction, alpha: step);
            var up = value();
            leaf.copy_(start).add_(direction, alpha: -step);
            var down = value();
            leaf.copy_(start);
            return (up, down);
        }
    }
}
