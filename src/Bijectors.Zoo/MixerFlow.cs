namespace Bijectors.Zoo;

/// <summary>
/// MixerFlow: an image is cut into patches, and flows of vectors run alternately along the channels of each patch,
/// shared by all patches, and along the patches, shared by all channels. A shift of the image between layers lets the
/// patches overlap the old borders.
/// </summary>
/// <remarks>
/// The log-det of a layer is the sum over rows of the channel flow's plus the sum over columns of the patch flow's; a
/// shared matrix W of the channels adds N log|det W| for N patches. The architecture follows the abstract and summary
/// of the paper; the hyperparameters, the spline of each entry and networks that read all rows are ours, see
/// docs/mixerflow.md. Source: MixerFlow: MLP-Mixer meets normalizing flows, arXiv 2310.16777.
/// </remarks>
public static class MixerFlow
{
    private const double UsualLearningRate = 1e-2;
    private const double LongAxis = 64;

    /// <summary>
    /// The options that validation has chosen, with the patch size p at which the longer of the two mixed axes,
    /// (h/p)(w/p) patches and c p p channels, is shortest: 2 for 8 x 8, 4 for 28 x 28 and for 32 x 32 in colour.
    /// </summary>
    /// <param name="shape">The shape of one item.</param>
    public static MixerFlowOptions OptionsFor(Shape shape)
    {
        var options = new MixerFlowOptions
        {
            Reach = MixingReach.Table,
            Linear = LinearKind.Permutation,
            Layers = 8,
            Couplings = 2,
            MarginalBins = PixelSteps.MarginalBins(shape),
        };
        return options with { Patch = PatchSize.Balanced(shape) ?? options.Patch };
    }

    /// <summary>
    /// A learning rate for some hundred steps of Adam. An update moves every weight by about as much, and so a D x D
    /// matrix by D times that in the worst direction: beyond 64 patches or channels the rate falls in inverse
    /// proportion to their number.
    /// </summary>
    internal static double LearningRate(Shape shape, MixerFlowOptions options) => shape.Rank == 3
        ? UsualLearningRate * Math.Min(1, LongAxis / PatchSize.LongerAxis(shape, options.Patch))
        : UsualLearningRate;

    /// <summary>Declares a MixerFlow.</summary>
    /// <param name="shape">(channels, height, width), both sides divisible by the patch size.</param>
    /// <param name="options">The options; those of <see cref="OptionsFor"/> if null.</param>
    /// <inheritdoc cref="Model.Create" path="/param[@name='levels' or @name='seed' or @name='context']"/>
    /// <exception cref="ShapeException">The shape is no image, or the patch size does not divide it.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or two contradict each other.</exception>
    public static Flow Create(
        Shape shape, MixerFlowOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        Check(options);
        return Flow.On(shape.Image(nameof(MixerFlow)), seed)
            .Given(context)
            .Pixels(levels, options)
            .Patchify(options.Patch)
            .Repeat(options.Layers, (layer, i) => layer
                .Shift(i == 0 ? 0 : options.Roll)
                .Norm(options, i)
                .Mix(options, options.Order == MixingOrder.ChannelsFirst ? Axis.Channels : Axis.Patches)
                .Mix(options, options.Order == MixingOrder.ChannelsFirst ? Axis.Patches : Axis.Channels))
            .Norm(options, options.Layers)
            .Into(Distribution.StandardNormal);
    }

    /// <summary>The flow that mixes one axis; one of a single entry has nothing to mix.</summary>
    private static FlowBuilder Mix(this FlowBuilder table, MixerFlowOptions options, Axis axis)
    {
        var isAutoregressive = options.Autoregressive && axis == Axis.Channels;
        return table.Shape[axis.In(table.Shape)] == 1 ? table
            : options.Reach == MixingReach.Row
                ? table.Mix(axis, row => row.Mixing(options, Axis.Channels, isAutoregressive))
                : table.Mixing(options, axis, isAutoregressive);
    }

    private static FlowBuilder Mixing(
        this FlowBuilder flow, MixerFlowOptions options, Axis axis, bool isAutoregressive)
    {
        var halves = Partition.Halves(axis.In(flow.Shape));
        flow.Linear(options.Linear, axis);
        return isAutoregressive
            ? flow.Autoregressive(options)
            : flow.Repeat(
                options.Couplings, (half, i) => half.Coupling(options, i % 2 == 0 ? halves : halves.Swapped()));
    }

    private static FlowBuilder Autoregressive(this FlowBuilder flow, MixerFlowOptions options) =>
        options.Elements() is { } transformer
            ? flow.Autoregressive(transformer, options.Hidden, options.Blocks)
            : flow.MaskedAutoregressive(options.Hidden, options.Blocks);

    private static FlowBuilder Coupling(this FlowBuilder flow, MixerFlowOptions options, Partition parts)
    {
        var transformer = options.Elements();
        return transformer is null
            ? flow.AffineCoupling(Network, parts)
            : flow.Coupling(transformer, Network, parts);

        Conditioner Network(Shape read, Shape mapped)
        {
            var output = mapped.With(-1, (transformer?.ParameterCount ?? 2) * mapped[-1]);
            return options.Reach == MixingReach.Table
                ? new MlpMixer(
                    read, output, options.Hidden, options.Blocks, flow.Generator, flow.ContextSize,
                    tokenHidden: (options.Hidden + 1) / 2)
                : options.NetworkOptions().Create(
                    read, output[-1], options.Hidden, options.Blocks, flow.Generator, flow.ContextSize);
        }
    }

    /// <summary>What maps each entry; null for the affine map, which has layers of its own.</summary>
    private static Transformer? Elements(this MixerFlowOptions options) => options.Map switch
    {
        ElementMap.Spline => Transformer.RationalQuadratic(options.Bins, PixelSteps.SplineBound),
        ElementMap.Mixture => Transformer.LogisticMixture(options.Bins),
        _ => null,
    };

    private static NetworkOptions NetworkOptions(this MixerFlowOptions options) =>
        options.Network == MixingNetwork.Kan ? new KanNetOptions() : new ResidualMlpOptions();

    private static FlowBuilder Norm(this FlowBuilder flow, MixerFlowOptions options, int layer)
    {
        var floor = PixelSteps.Floor(layer, options.MarginalBins);
        return options.Norm switch
        {
            NormKind.Channels => flow.ActNorm(floor: floor),
            NormKind.Patches => flow.ActNorm(Axis.Patches, floor),
            _ => flow.ActNormElements(floor),
        };
    }

    private static FlowBuilder Shift(this FlowBuilder layer, int roll) => roll == 0 ? layer : layer.Roll(roll, roll);

    private static FlowBuilder Linear(this FlowBuilder flow, LinearKind kind, Axis axis) => kind switch
    {
        LinearKind.Plu => flow.Linear(axis),
        LinearKind.Permutation => flow.Permute(axis),
        LinearKind.Reversal => flow.Reverse(axis),
        _ => flow,
    };

    private static void Check(MixerFlowOptions options)
    {
        options.Check(nameof(MixerFlow));
        if (options is { Network: MixingNetwork.Kan, Blocks: 0 })
        {
            throw new ArgumentException("MixerFlow: expected blocks of at least 1 where network is kan, got 0.");
        }

        if (options is { Network: MixingNetwork.Kan, Reach: MixingReach.Table })
        {
            throw new ArgumentException(
                "MixerFlow: expected network mlp where reach is table, got kan; a KAN reads one row, reach row.");
        }
    }
}
