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

    /// <summary>A random order of the features, drawn from the seed.</summary>
    Permutation,
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

/// <summary>What the networks of a mixing flow read.</summary>
public enum MixingReach
{
    /// <summary>The part of the row itself that stays: of one patch, or of one channel. As in the paper.</summary>
    Row,

    /// <summary>That part of all rows, by a network that mixes them too, an <see cref="MlpMixer"/>.</summary>
    Table,
}

/// <summary>What maps each entry of the part that a coupling maps.</summary>
public enum ElementMap
{
    /// <summary><c>y = s x + t</c></summary>
    Affine,

    /// <summary>A rational-quadratic spline, as in NSF.</summary>
    Spline,

    /// <summary>The distribution function of a mixture of logistics, as in Flow++.</summary>
    Mixture,
}

/// <summary>The networks of a mixing flow that reads its own row.</summary>
public enum MixingNetwork
{
    /// <summary>A residual network.</summary>
    Mlp,

    /// <summary>A Kolmogorov-Arnold network: a spline on each edge.</summary>
    Kan,
}

/// <summary>
/// The options of <see cref="MixerFlow"/>. The default ones are the paper's; <see cref="MixerFlow.OptionsFor"/> has
/// what validation has chosen.
/// </summary>
public sealed record MixerFlowOptions : ModelOptions
{
    /// <summary>Height and width of a patch; see <see cref="MixerFlow.OptionsFor"/> for what suits an image.</summary>
    [AtLeast(1)]
    public int Patch { get; init; } = 2;

    /// <summary>Number of layers.</summary>
    [AtLeast(0)]
    public int Layers { get; init; } = 4;

    /// <summary>Which mixing flow comes first in a layer.</summary>
    public MixingOrder Order { get; init; } = MixingOrder.ChannelsFirst;

    /// <summary>
    /// By how many rows and columns the image is shifted between layers; 0 for no shift layer. Half a patch is natural
    /// on large images; on 8 x 8 digits, where a cyclic shift joins opposite borders, validation prefers none.
    /// </summary>
    [AtLeast(0)]
    public int Roll { get; init; }

    /// <summary>The layer before each coupling.</summary>
    public LinearKind Linear { get; init; } = LinearKind.Plu;

    /// <summary>What is normalised together.</summary>
    public NormKind Norm { get; init; } = NormKind.Elements;

    /// <summary>What the networks read.</summary>
    public MixingReach Reach { get; init; }

    /// <summary>Couplings of each mixing flow; every other one maps the other half.</summary>
    [AtLeast(0)]
    public int Couplings { get; init; } = 4;

    /// <summary>
    /// Whether the flow along the channels is one masked autoregressive layer in place of couplings.
    /// </summary>
    public bool Autoregressive { get; init; }

    /// <summary>What maps each entry.</summary>
    public ElementMap Map { get; init; }

    /// <summary>Bins of each spline, or components of each mixture, that a network chooses.</summary>
    public int Bins { get; init; } = 8;

    /// <summary>The networks.</summary>
    public MixingNetwork Network { get; init; }

    /// <summary>Width of the networks.</summary>
    [AtLeast(1)]
    public int Hidden { get; init; } = 48;

    /// <summary>Blocks of each network; hidden layers of a KAN.</summary>
    [AtLeast(0)]
    public int Blocks { get; init; } = 1;
}
