namespace Bijectors.Zoo;

/// <summary>Which of the two mixing flows of a MixerFlow layer comes first.</summary>
public enum MixingOrder
{
    /// <summary>First along the channels of each patch, then along the patches.</summary>
    ChannelsFirst,

    /// <summary>First along the patches, then along the channels of each patch.</summary>
    PatchesFirst,
}

/// <summary>The layer before the coupling of a mixing flow.</summary>
public enum LinearKind
{
    /// <summary>A trained matrix in factors, P L U.</summary>
    Plu,

    /// <summary>The opposite order of the features.</summary>
    Reversal,

    /// <summary>Nothing.</summary>
    None,
}

/// <summary>What each shift and scale of an ActNorm belongs to.</summary>
public enum NormKind
{
    /// <summary>A channel of every patch.</summary>
    Channels,

    /// <summary>All channels of a patch.</summary>
    Patches,

    /// <summary>One channel of one patch.</summary>
    Elements,
}

/// <summary>The options of <see cref="MixerFlow"/>.</summary>
public sealed record MixerFlowOptions
{
    /// <summary>Height and width of a patch; see <see cref="MixerFlow.OptionsFor"/> for what suits an image.</summary>
    public int Patch { get; init; } = 2;

    /// <summary>Number of layers.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Which mixing flow comes first in a layer.</summary>
    public MixingOrder Order { get; init; } = MixingOrder.ChannelsFirst;

    /// <summary>
    /// By how many rows and columns the image is shifted between layers; 0 for no shift layer. Half a patch is natural
    /// on large images; on 8 x 8 digits, where a cyclic shift joins opposite borders, validation prefers none.
    /// </summary>
    public int Roll { get; init; }

    /// <summary>The layer before each coupling.</summary>
    public LinearKind Linear { get; init; } = LinearKind.Plu;

    /// <summary>What is normalised together.</summary>
    public NormKind Norm { get; init; } = NormKind.Elements;

    /// <summary>Couplings of each mixing flow; every other one maps the other half.</summary>
    public int Couplings { get; init; } = 4;

    /// <summary>Width of the networks.</summary>
    public int Hidden { get; init; } = 48;

    /// <summary>Residual blocks of each network.</summary>
    public int Blocks { get; init; } = 1;

    /// <summary>How far dequantized pixels are kept from 0 and 1 before the logit.</summary>
    public double Alpha { get; init; } = 0.05;
}

/// <summary>
/// MixerFlow: an image is cut into patches, and flows of vectors run alternately along the channels of each patch,
/// shared by all patches, and along the patches, shared by all channels. A shift of the image between layers lets the
/// patches overlap the old borders.
/// </summary>
/// <remarks>
/// The log-det of a layer is the sum over rows of the channel flow's plus the sum over columns of the patch flow's; a
/// shared matrix W of the channels adds N log|det W| for N patches. The architecture follows the abstract and summary
/// of the paper; the hyperparameters are ours. Source: MixerFlow: MLP-Mixer meets normalizing flows, arXiv 2310.16777.
/// </remarks>
public static class MixerFlow
{
    private const double UsualLearningRate = 1e-2;
    private const double LongAxis = 64;

    /// <summary>
    /// The default options, with the patch size p at which the longer of the two mixed axes, (h/p)(w/p) patches and c p
    /// p channels, is shortest: 2 for 8 x 8, 4 for 28 x 28 and for 32 x 32 in colour.
    /// </summary>
    /// <param name="shape">The shape of one item.</param>
    public static MixerFlowOptions OptionsFor(Shape shape)
    {
        var options = new MixerFlowOptions();
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
    /// <param name="options">The options; those that suit the shape if null.</param>
    /// <param name="levels">How many levels the pixels have; null for continuous data.</param>
    /// <param name="seed">Seeds the initial parameters.</param>
    /// <param name="context">The shape of one context of a conditional model, which all networks read; null
    /// for none.</param>
    /// <exception cref="ShapeException">The shape is no image, or the patch size does not divide it.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static Flow Create(
        Shape shape, MixerFlowOptions? options = null, int? levels = null, int seed = 0, Shape? context = null)
    {
        options ??= OptionsFor(shape);
        OptionRange.Check(nameof(MixerFlow), options.Patch, 1);
        OptionRange.Check(nameof(MixerFlow), options.Layers, 0);
        OptionRange.Check(nameof(MixerFlow), options.Roll, 0);
        OptionRange.Check(nameof(MixerFlow), options.Couplings, 0);
        OptionRange.Check(nameof(MixerFlow), options.Hidden, 1);
        OptionRange.Check(nameof(MixerFlow), options.Blocks, 0);
        return Flow.On(shape.Image(nameof(MixerFlow)), seed)
            .Given(context)
            .Pixels(levels, options.Alpha)
            .Patchify(options.Patch)
            .Repeat(options.Layers, (layer, i) => layer
                .Shift(i == 0 ? 0 : options.Roll)
                .Norm(options.Norm)
                .Mix(options.Order == MixingOrder.ChannelsFirst ? Axis.Channels : Axis.Patches, options.Vectors)
                .Mix(options.Order == MixingOrder.ChannelsFirst ? Axis.Patches : Axis.Channels, options.Vectors))
            .Norm(options.Norm)
            .Into(Distribution.StandardNormal);
    }

    /// <summary>The flow of vectors that mixes one axis: each half is mapped by what the other says.</summary>
    private static FlowBuilder Vectors(this MixerFlowOptions options, FlowBuilder vectors) =>
        vectors.Linear(options.Linear).Repeat(options.Couplings, (vector, i) => vector
            .AffineCoupling(
                options.Hidden, options.Blocks, i % 2 == 0 ? Partition.Halves() : Partition.Halves().Swapped()));

    private static FlowBuilder Norm(this FlowBuilder layer, NormKind kind) => kind switch
    {
        NormKind.Channels => layer.ActNorm(floor: PixelSteps.LeastDeviation),
        NormKind.Patches => layer.ActNorm(Axis.Patches, PixelSteps.LeastDeviation),
        _ => layer.ActNormElements(PixelSteps.LeastDeviation),
    };

    private static FlowBuilder Shift(this FlowBuilder layer, int roll) => roll == 0 ? layer : layer.Roll(roll, roll);

    private static FlowBuilder Linear(this FlowBuilder vectors, LinearKind kind) => kind switch
    {
        LinearKind.Plu => vectors.Linear(),
        LinearKind.Reversal => vectors.Reverse(),
        _ => vectors,
    };
}
