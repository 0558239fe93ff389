namespace Bijectors.Testing;

/// <summary>
/// A few fixed items at which a flow is measured again and again while it is trained: the log-det and the condition of
/// each layer, and how exactly the items come back.
/// </summary>
/// <remarks>
/// A snapshot changes nothing: parameters, their gradients, modes of training and the generators of estimated log-dets
/// are as before, and the same weights give the same numbers. It is taken in the dtype of the flow;
/// <see cref="InvertibilityReport"/> takes its time, computes Jacobians in float64 and says what to do. Only the layers
/// of <see cref="Flow.Transform"/> are seen, not those of a flow that is the base or the latent of another one.
/// </remarks>
public sealed class LayerProbe : IDisposable
{
    /// <summary>How many items are taken unless another number is given.</summary>
    public const int UsualItems = 32;

    /// <summary>At how many of them Jacobians are computed.</summary>
    public const int CloseItems = 2;

    /// <summary>Up to how many dimensions Jacobians are computed in full unless another number is given.</summary>
    public const int UsualDimensions = 128;

    private readonly Flow _flow;
    private readonly int _mostDimensions;
    private readonly int _seed;
    private readonly Tensor _x;
    private readonly Tensor? _context;

    /// <summary>Chooses items of a set, spread evenly over it.</summary>
    /// <param name="flow">The flow; it stays the caller's.</param>
    /// <param name="items">Items, <c>(N, event...)</c>, N at least 1, in any dtype; a flow with levels adds noise to
    /// them, once.</param>
    /// <param name="context">Their context, <c>(N, context...)</c>, for a conditional flow.</param>
    /// <param name="count">How many of them to take, at most.</param>
    /// <param name="seed">Determines the noise, and where power iterations start.</param>
    /// <param name="mostDimensions">Up to how many dimensions the Jacobian of a layer is computed in full; beyond, its
    /// condition is a lower bound, by <see cref="PowerIterations"/> steps of power iteration for each end.</param>
    /// <exception cref="ArgumentException">There are no items, a number is out of range, or items or context do not fit
    /// the flow.</exception>
    public LayerProbe(
        Flow flow, Tensor items, Tensor? context = null, int count = UsualItems, int seed = 0,
        int mostDimensions = UsualDimensions)
    {
        ArgumentNullException.ThrowIfNull(flow);
        InvertibilityReport.Check(nameof(LayerProbe), flow, items, context);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        ArgumentOutOfRangeException.ThrowIfNegative(mostDimensions);
        (_flow, _seed, _mostDimensions) = (flow, seed, mostDimensions);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        using var noise = new Generator((ulong)seed, items.device);
        var total = items.shape[0];
        var taken = Math.Min(count, total);
        long[] places = [.. Enumerable.Range(0, (int)taken).Select(i => i * total / taken)];
        _x = flow.Dequantize(PointErrors.Select(items, places), noise).to(flow.Dtype, flow.Device).clone()
            .DetachFromDisposeScope();
        if (context is not null)
        {
            var each = context.shape.Length == flow.ContextShape!.Value.Rank
                ? context.expand([taken, .. context.shape])
                : PointErrors.Select(context, places);
            _context = each.to(flow.Dtype, flow.Device).clone().DetachFromDisposeScope();
        }
    }

    /// <summary>How many steps a power iteration has.</summary>
    public static int PowerIterations => Scales.Iterations;

    /// <summary>The number of items.</summary>
    public long Count => _x.shape[0];

    /// <summary>Measures the flow as it is now.</summary>
    /// <param name="epoch">The epoch of the run, for the record.</param>
    /// <param name="step">The number of updates, for the record.</param>
    public LayerSnapshot Measure(int epoch = 0, long step = 0)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        using var modes = new Modes(_flow);
        using var generator = new Generator((ulong)_seed + 1);
        using var noise = new FixedNoise(_flow.Transform, _seed);
        var (z, logDet) = _flow.Encode(_x, _context);
        var back = PointErrors.Worst(_x, _flow.Decode(z, _context)).Max();
        var (mean, deviation) = Spread(logDet);
        return new()
        {
            Epoch = epoch,
            Step = step,
            Layers = [.. Layers(generator)],
            LogDet = mean,
            LogDetDeviation = deviation,
            RoundTrip = back,
            Rounding = Advice.Rounding(_flow.Dtype),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _x.Dispose();
        _context?.Dispose();
    }

    private IEnumerable<LayerMeasure> Layers(Generator generator)
    {
        using var read = _flow.Embed(_context);
        var close = Math.Min(CloseItems, Count);
        var point = _x.alias();
        try
        {
            foreach (var layer in FlowLayer.Of(_flow))
            {
                using var scope = NewDisposeScope();
                var (next, logDet) = layer.Direction.ApplyWithLogDet(point, read);
                var scales = Scales.Of(
                    layer.Direction, point.narrow(0, 0, close), next.narrow(0, 0, close), read?.narrow(0, 0, close),
                    _mostDimensions, generator);
                point.Dispose();
                point = next.MoveToOuterDisposeScope();
                var (mean, deviation) = Spread(logDet);
                yield return new()
                {
                    Path = layer.Path,
                    Layer = $"{layer.Module}",
                    LogDet = mean,
                    LogDetDeviation = deviation,
                    Condition = scales.Condition,
                    IsElementwise = layer.Direction.OwnRank == 0,
                };
            }
        }
        finally
        {
            point.Dispose();
        }
    }

    private static (double Mean, double Deviation) Spread(Tensor logDets)
    {
        var all = PointErrors.Numbers(logDets);
        var mean = all.Average();
        return (mean, Math.Sqrt(all.Average(one => (one - mean) * (one - mean))));
    }
}
