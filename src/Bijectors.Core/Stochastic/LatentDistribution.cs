using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The distribution of x that a <see cref="StochasticLayer"/> decodes from a latent z:
/// <c>log p(x) = log E[w p(z)]</c> over the noise of encoding, exact or a lower bound as the layer and the
/// distribution of z are.
/// </summary>
public sealed class LatentDistribution : Distribution
{
    private readonly StochasticLayer layer;
    private readonly Distribution latent;

    /// <summary>A distribution from a layer and the distribution of what it encodes.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="latent">The distribution of z.</param>
    /// <exception cref="ShapeException">Their shapes or contexts differ.</exception>
    /// <exception cref="DomainException">The support of z is not what the layer decodes.</exception>
    public LatentDistribution(StochasticLayer layer, Distribution latent)
        : base(Checked(layer, latent).EventShape, layer.ContextShape ?? latent.ContextShape)
    {
        Support = layer.SupportBefore(latent.Support)
            ?? throw new DomainException($"{layer}", $"{latent}", latent.Support, layer.LatentSupport);
        this.layer = layer;
        this.latent = latent;
        RegisterComponents();
    }

    /// <summary>The layer.</summary>
    public StochasticLayer Layer => layer;

    /// <summary>The distribution of what the layer encodes.</summary>
    public Distribution Latent => latent;

    /// <inheritdoc/>
    public override Domain Support { get; }

    /// <inheritdoc/>
    public override ScalarType Dtype => latent.Dtype;

    /// <inheritdoc/>
    public override Device Device => latent.Device;

    /// <inheritdoc/>
    public override bool IsReparameterized => layer.IsReparameterized && latent.IsReparameterized;

    /// <inheritdoc/>
    public override bool HasExactLogProb => layer.IsExact && latent.HasExactLogProb;

    /// <inheritdoc/>
    public override Distribution Frozen() => new LatentDistribution(layer.Frozen(), latent.Frozen());

    /// <summary>Passes the points on as latents, with noise.</summary>
    /// <inheritdoc/>
    public override void InitializeFrom(Tensor x, Tensor? context, Generator noise)
    {
        using var ungraded = no_grad();
        var (z, logWeight) = layer.Encode(x, OfLayer(context), noise);
        using (z)
        using (logWeight)
        {
            latent.InitializeFrom(z, OfLatent(context), noise);
        }
    }

    /// <summary>The layer and the distribution.</summary>
    public override string ToString() => $"{layer} into {latent}";

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context) =>
        Weighed(x, context, null, z => NestedDistribution.LogProb(latent, z, OfLatent(context)));

    /// <inheritdoc/>
    protected internal override Tensor LowerBoundCore(Tensor x, Tensor? context, Generator? generator) =>
        Weighed(
            x, context, generator, z => NestedDistribution.LowerBound(latent, z, OfLatent(context), generator));

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var z = NestedDistribution.Draw(latent, batch, OfLatent(context), generator);
        return layer.Decode(z, OfLayer(context), generator);
    }

    /// <summary>The line of the layer and those of the distribution of its latent.</summary>
    public override IReadOnlyList<DescriptionLine> DescriptionLines() =>
    [
        DescriptionLine.Of(layer, layer.LatentShape, layer.IsExact ? "exact" : "lower bound"),
        .. latent.DescriptionLines(),
    ];

    private Tensor Weighed(Tensor x, Tensor? context, Generator? generator, Func<Tensor, Tensor> density)
    {
        var (z, logWeight) = layer.Encode(x, OfLayer(context), generator);
        using (z)
        using (logWeight)
        using (var logProb = density(z))
        {
            return logProb + logWeight;
        }
    }

    private Tensor? OfLayer(Tensor? context) => layer.ContextShape is null ? null : context;

    private Tensor? OfLatent(Tensor? context) => latent.ContextShape is null ? null : context;

    private static StochasticLayer Checked(StochasticLayer layer, Distribution latent)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(latent);
        if (latent.EventShape != layer.LatentShape)
        {
            throw new ShapeException(
                $"{layer}", $"expected a distribution of points {layer.LatentShape}", $"got {latent.EventShape}");
        }

        if (layer.ContextShape is { } read && latent.ContextShape is { } other && read != other)
        {
            throw new ShapeException(
                $"{layer}", $"expected a distribution that takes a context {read}", $"got {other}");
        }

        return layer;
    }
}
