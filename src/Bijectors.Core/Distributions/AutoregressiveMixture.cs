using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Tokens one after another, each from a mixture of K normal distributions with diagonal covariances whose parameters
/// a causal network makes of the tokens before it: <c>log p(x) = sum_t log sum_k w_k(x_&lt;t) N(x_t; m_k(x_&lt;t),
/// s_k(x_&lt;t))</c>.
/// </summary>
/// <remarks>
/// <para>With a network on (tokens, channels), as <see cref="CausalTransformer"/>, an entry is a token with its C
/// channels, which a component ties together; with one on vectors, as <see cref="Made"/>, an entry is a feature, and
/// C = 1. The log-density is exact and takes one pass of the network; a sample takes one incremental pass
/// (<see cref="CausalPass"/>), and no gradients pass through it.</para>
/// <para>The network has <see cref="OutputsFor"/> parameters for each feature: the first ceil(K / C) groups of C
/// numbers hold the K logits of the weights, the next K groups the means, the last K groups the raw log-scales. Trained
/// numbers of the same kind, one set for all entries, are added; their means are drawn at the start, since equal
/// components would stay equal.</para>
/// <para>Source: Tschannen, Eastwood, Mentzer 2023, GIVT, arXiv 2312.02116; behind a flow Tschannen, Pinto, Kolesnikov
/// 2024, JetFormer, arXiv 2411.19722.</para>
/// </remarks>
public sealed class AutoregressiveMixture : Distribution
{
    private readonly CausalConditioner network;
    private readonly Tensor numbers;

    /// <summary>An autoregressive mixture.</summary>
    /// <param name="eventShape">The shape of one point: <c>(..., tokens, C)</c>, or <c>(..., D)</c>, as the network
    /// reads it.</param>
    /// <param name="network">What gives the parameters of an entry. Where it takes a context, so does the distribution:
    /// a vector of that size.</param>
    /// <param name="components">The number K of components.</param>
    /// <param name="generator">What the means at the start are drawn from.</param>
    /// <param name="scale">How raw numbers become scales; bounded to [exp(-4), exp(4)] by default.</param>
    /// <exception cref="ArgumentException">There are no components, or the network gives another number of parameters
    /// for each feature.</exception>
    /// <exception cref="ShapeException">The network does not fit the shape, or its entries are neither features of a
    /// vector nor rows of (tokens, channels).</exception>
    public AutoregressiveMixture(
        Shape eventShape, CausalConditioner network, int components, Generator generator, ScaleMap? scale = null)
        : this(
            eventShape, network, components, scale ?? ScaleMap.Bounded(4),
            NormalComponents.Start(components, Channels(eventShape, network, components), generator))
    {
    }

    private AutoregressiveMixture(
        Shape eventShape, CausalConditioner network, int components, ScaleMap scale, Tensor numbers)
        : base(eventShape, network.ContextSize > 0 ? Shape.Vector(network.ContextSize) : null)
    {
        (Components, Scale) = (components, scale);
        this.network = network;
        this.numbers = numbers;
        RegisterComponents();
    }

    /// <summary>The number of components.</summary>
    public int Components { get; }

    /// <summary>How raw numbers become scales.</summary>
    public ScaleMap Scale { get; }

    /// <summary>The network that gives the parameters of an entry.</summary>
    public CausalConditioner Network => network;

    /// <inheritdoc/>
    public override Domain Support => Domain.Real;

    /// <inheritdoc/>
    public override ScalarType Dtype => numbers.dtype;

    /// <inheritdoc/>
    public override Device Device => numbers.device;

    /// <summary>False: a sample is drawn from one of the components.</summary>
    public override bool IsReparameterized => false;

    /// <summary>How many parameters a network gives for each feature: <c>ceil(K / C) + 2 K</c>.</summary>
    /// <param name="components">The number K of components.</param>
    /// <param name="channels">The number C of channels of an entry; 1 where an entry is a feature.</param>
    /// <exception cref="ArgumentException">A number is not positive.</exception>
    public static int OutputsFor(int components, long channels = 1)
    {
        NormalComponents.Check(nameof(AutoregressiveMixture), components);
        Numbers.CheckCount(nameof(AutoregressiveMixture), "a number of channels", channels, least: 1);
        return checked((int)(Logits(components, channels) + (2L * components)));
    }

    /// <inheritdoc/>
    public override Distribution Frozen() => new AutoregressiveMixture(
        EventShape, network.Frozen(), Components, Scale, Initial.Snapshot(numbers));

    /// <summary>The type, the number of components and the network.</summary>
    public override string ToString() => $"AutoregressiveMixture({Components}, {network})";

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var each = At(network.Table(x, context)).LogProb(IsOfFeatures ? x.unsqueeze(-1) : x);
        return LogDets.Sum(each, each, EventShape.Rank - (IsOfFeatures ? 0 : 1)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        network.CheckLayers();
        var like = zeros([.. batch, .. EventShape.ToArray()], Dtype, Device);
        using var pass = network.Begin(like, context);
        var axis = network.CausalAxis;
        var drawn = new Tensor[like.size(axis)];
        for (var i = 0; i < drawn.Length; i++)
        {
            using var step = NewDisposeScope();
            var mixtures = At(pass.Table());
            long[] shape = [.. mixtures.Means.shape[..^2], mixtures.Means.size(-1)];
            var entry = mixtures.Draw(shape, generator);
            entry = IsOfFeatures ? entry.squeeze(-1) : entry;
            pass.Append(entry);
            drawn[pass.Order is { } order ? order[i] : i] = entry.MoveToOuterDisposeScope();
        }

        return cat(drawn, axis).MoveToOuterDisposeScope();
    }

    /// <summary>Whether an entry is one feature of a vector.</summary>
    private bool IsOfFeatures => network.CausalAxis == network.FeatureAxis;

    /// <summary>The mixtures of entries, from the parameters <c>(..., entries, C, outputs)</c> of their features,
    /// without C where an entry is a feature.</summary>
    private NormalComponents At(Tensor table)
    {
        // (..., entries, outputs, C)
        var groups = IsOfFeatures ? table.unsqueeze(-1) : table.transpose(-1, -2);
        var first = groups.size(-2) - (2L * Components);
        var (logits, means, raw) = NormalComponents.Split(numbers.clone(), Components);
        return NormalComponents.Of(
            (groups.narrow(-2, 0, first).flatten(-2).narrow(-1, 0, Components) + logits,
                groups.narrow(-2, first, Components) + means,
                groups.narrow(-2, first + Components, Components) + raw),
            Scale);
    }

    /// <summary>How many groups of C numbers hold K logits.</summary>
    private static long Logits(int components, long channels) => (components + channels - 1) / channels;

    /// <summary>The channels of an entry, where network and shape fit.</summary>
    private static long Channels(Shape eventShape, CausalConditioner network, int components)
    {
        const string name = nameof(AutoregressiveMixture);
        ArgumentNullException.ThrowIfNull(network);
        var isOfFeatures = (network.CausalAxis, network.FeatureAxis) == (-1, -1);
        if (eventShape.Rank < network.EventRank
            || !(isOfFeatures || (network.CausalAxis, network.FeatureAxis) == (-2, -1)))
        {
            throw new ShapeException(
                name, "expected points with the dimensions that the network reads, (features) or (tokens, channels)",
                $"got {eventShape} and entries along {network.CausalAxis} of {network}");
        }

        var channels = isOfFeatures ? 1 : eventShape[-1];
        var outputs = OutputsFor(components, channels);
        if (network.Outputs != outputs)
        {
            throw new ArgumentException(
                $"{name}: expected a network of {outputs} outputs for each feature, for {components} components of "
                + $"{channels} channels (OutputsFor), got {network.Outputs}.",
                nameof(network));
        }

        var given = network.OutputShape(eventShape.Trailing(network.EventRank));
        return given == eventShape.Trailing(network.EventRank).With(-1, outputs * eventShape[-1])
            ? channels
            : throw new ShapeException(
                name, $"expected a network that gives {outputs} numbers for each of {eventShape[-1]} features",
                $"got {given}");
    }
}
