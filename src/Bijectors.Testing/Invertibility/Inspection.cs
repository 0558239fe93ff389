namespace Bijectors.Testing;

/// <summary>The flow and its layers looked at closely at a few points.</summary>
internal sealed class Inspection
{
    /// <summary>How many estimates of a log-det are averaged.</summary>
    public const int Draws = 100;

    private Inspection(ScalarType dtype, LogDetOracle oracle, int layers) =>
        (DType, Oracle, Scales, DigitsLost) =
            (dtype, oracle, Enumerable.Repeat(Testing.Scales.Unknown, layers).ToArray(), new double[layers]);

    /// <summary>Of each layer.</summary>
    public Scales[] Scales { get; }

    /// <summary>
    /// How many decimal digits each layer costs in the inverse pass, on average over the points that come back worst.
    /// </summary>
    public double[] DigitsLost { get; private set; }

    /// <summary>The error of the log-dets, in nats per dimension.</summary>
    public Errors LogDet { get; private set; } = Errors.Of([]);

    /// <summary>The largest standard error of those that are estimated, in nats per dimension; 0 where they are
    /// exact.</summary>
    public double LogDetStandardError { get; private set; }

    /// <summary>What they were compared with.</summary>
    public LogDetOracle Oracle { get; }

    /// <summary>The dtype in which Jacobians were computed.</summary>
    public ScalarType DType { get; private set; }

    /// <summary>The round trip of the same points in <see cref="DType"/>.</summary>
    public Errors RoundTrip { get; private set; } = Errors.Of([]);

    public static Inspection Of(
        Flow flow, IReadOnlyList<FlowLayer> layers, InspectedPoints points, int mostDimensions, int seed)
    {
        using var scope = NewDisposeScope();
        var inspection = new Inspection(flow.Dtype,
            flow.EventShape.Size <= mostDimensions ? LogDetOracle.Jacobian : LogDetOracle.Inverse, layers.Count);
        if (points.Count == 0)
        {
            return inspection;
        }

        var (x, context) = points.Batch();
        var read = flow.Embed(context);
        inspection.DigitsLost = Digits(
            layers, x.narrow(0, 0, points.WorstCount), read?.narrow(0, 0, points.WorstCount));
        var (z, logDet) = flow.Encode(x, context);
        var reversed = flow.Transform.InverseWithLogDet(z, read, flow.BaseShape.Rank).LogDet;
        if (flow.Transform.HasRandomLogDet)
        {
            using var noise = new FixedNoise(flow.Transform, seed);
            (logDet, var error) = flow.Transform.EstimateLogDet(x, read, Draws, flow.EventShape.Rank);
            (reversed, var errorBack) = Estimates.Average(
                isRandom: true, Draws, () => flow.Transform.InverseWithLogDet(z, read, flow.BaseShape.Rank).LogDet);
            var both = inspection.Oracle == LogDetOracle.Jacobian
                ? error
                : (error.square() + errorBack.square()).sqrt();
            inspection.LogDetStandardError = both.max().item<double>() / Math.Max(1, flow.EventShape.Size);
        }
        try
        {
            using var widened = new Widened(flow);
            // Steps that composites compute themselves read the tensors that stand in their fields now.
            var (wide, wideContext) = (x.to(ScalarType.Float64), context?.to(ScalarType.Float64));
            inspection.Look(flow, FlowLayer.Of(flow), wide, wideContext, (logDet, reversed), mostDimensions, seed);
        }
        catch (Exception) when (x.dtype != ScalarType.Float64)
        {
            // Modules with tensors in other places than their fields cannot be widened. What else went wrong
            // goes wrong again.
            inspection.Look(flow, layers, x, context, (logDet, reversed), mostDimensions, seed);
        }

        return inspection;
    }

    /// <summary>
    /// By how many orders of magnitude the error grows from what comes out of a layer to what went into it, while a
    /// point goes back through all of them.
    /// </summary>
    private static double[] Digits(IReadOnlyList<FlowLayer> layers, Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var there = new List<Tensor> { x };
        foreach (var layer in layers)
        {
            there.Add(layer.Direction.Apply(there[^1], context));
        }

        // No error is smaller than a rounding, and more than all digits cannot be lost.
        var rounding = Advice.Rounding(x.dtype);
        var lost = new double[layers.Count];
        var back = there[^1];
        var after = Enumerable.Repeat(rounding, (int)x.shape[0]).ToArray();
        for (var i = layers.Count - 1; i >= 0; i--)
        {
            back = layers[i].Direction.Undo(back, context);
            var before = PointErrors.Worst(there[i], back).Select(error => Math.Clamp(error, rounding, 1)).ToArray();
            lost[i] = before.Zip(after, (b, a) => Math.Log10(b / a)).Average();
            after = before;
        }

        return lost;
    }

    private void Look(
        Flow flow, IReadOnlyList<FlowLayer> layers, Tensor x, Tensor? context, (Tensor There, Tensor Back) logDets,
        int mostDimensions, int seed)
    {
        DType = x.dtype;
        LogDet = OfLogDets(flow, x, context, logDets);
        RoundTrip = Errors.Of(PointErrors.Worst(x, flow.Decode(flow.Encode(x, context).Z, context)));
        using var generator = new Generator((ulong)seed + 2);
        using var read = flow.Embed(context);
        var point = x;
        for (var i = 0; i < layers.Count; i++)
        {
            using var scope = NewDisposeScope();
            var next = layers[i].Direction.Apply(point, read);
            Scales[i] = Testing.Scales.Of(layers[i].Direction, point, next, read, mostDimensions, generator);
            point = next.MoveToOuterDisposeScope();
        }
    }

    private static Tensor LogAbsDet(Flow flow, Tensor x, Tensor? context)
    {
        var jacobian = Jacobians.Of(p => flow.Encode(p, context).Z, x, flow.EventShape.Rank, flow.BaseShape.Rank);
        var z = flow.Encode(x, context).Z;
        var (from, onto) =
            ((flow.Transform.Domain, flow.EventShape.Rank), (flow.Transform.Codomain, flow.BaseShape.Rank));
        return new SurfaceJacobian(from, onto, x, z, jacobian).LogAbsDet.to(ScalarType.Float64);
    }

    private Errors OfLogDets(Flow flow, Tensor x, Tensor? context, (Tensor There, Tensor Back) logDets)
    {
        using var scope = NewDisposeScope();
        var computed = logDets.There.to(ScalarType.Float64);
        var expected = Oracle == LogDetOracle.Jacobian
            ? LogAbsDet(flow, x, context)
            : -logDets.Back.to(ScalarType.Float64);
        var errors = (computed - expected).abs() / Math.Max(1, flow.EventShape.Size);
        return Errors.Of(PointErrors.Numbers(errors.nan_to_num(double.PositiveInfinity, double.PositiveInfinity)));
    }
}
