using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A variational autoencoder: encoding draws z from <c>q(z | x)</c>, <c>log w = log p(x | z) - log q(z | x)</c>,
/// decoding draws x from <c>p(x | z)</c>. What follows is the prior of z, a flow as a rule; it gives a lower bound:
/// <c>log p(x) &gt;= E log w p(z)</c>.
/// </summary>
/// <remarks>
/// <para>Encoder and decoder are any distributions that take the other one's points as their context, as a
/// <see cref="LocationScale"/> with a network that gives locations and scales, or locations alone: with a constant
/// scale of the encoder the variance of the posterior is fixed, and prior and autoencoder train together (SimFlow).
/// Latents may have another number of entries than points.</para>
/// <para>Source: Kingma, Welling 2014, Auto-encoding variational Bayes, arXiv 1312.6114; as a step of a flow Nielsen et
/// al. 2020, SurVAE flows, arXiv 2007.02731; the fixed variance Zhao et al. 2025, SimFlow, arXiv 2512.04084.</para>
/// </remarks>
public sealed class VariationalAutoencoder : StochasticLayer
{
    private readonly Distribution encoder;
    private readonly Distribution decoder;

    /// <summary>A variational autoencoder.</summary>
    /// <param name="encoder">The distribution q of latents. Its context is a point, in its own shape or as a vector; a
    /// vector may be followed by the context of the layer.</param>
    /// <param name="decoder">The distribution p of points. Its context is a latent in the same way.</param>
    /// <param name="contextShape">The shape <c>(C)</c> of a context that encoder or decoder read besides; null for
    /// none. The prior may read one without that.</param>
    /// <exception cref="ShapeException">The context of one has another shape than the points of the other.</exception>
    /// <exception cref="ArgumentException">Gradients do not pass through what the encoder draws, or its density is not
    /// exact; or neither of the two reads the context.</exception>
    public VariationalAutoencoder(Distribution encoder, Distribution decoder, Shape? contextShape = null)
        : base(Checked(decoder).EventShape, Checked(encoder).EventShape, contextShape)
    {
        const string name = nameof(VariationalAutoencoder);
        GivenPoint.Check(name, encoder, "a point", EventShape, contextShape);
        GivenPoint.Check(name, decoder, "a latent", LatentShape, contextShape);
        if (!encoder.IsReparameterized || !encoder.HasExactLogProb)
        {
            throw new ArgumentException(
                $"{name}: expected an encoder with an exact density that gradients pass through, got {encoder}.",
                nameof(encoder));
        }

        if (contextShape is { } shape && !GivenPoint.ReadsContext(encoder, EventShape, shape)
            && !GivenPoint.ReadsContext(decoder, LatentShape, shape))
        {
            throw new ArgumentException(
                $"{name}: expected an encoder or a decoder that takes a vector and the context {shape} behind it, got "
                + $"{encoder} and {decoder}.",
                nameof(contextShape));
        }

        this.encoder = encoder;
        this.decoder = decoder;
        RegisterComponents();
    }

    /// <summary>The distribution of latents given a point.</summary>
    public Distribution Encoder => encoder;

    /// <summary>The distribution of points given a latent.</summary>
    public Distribution Decoder => decoder;

    /// <inheritdoc/>
    public override Domain Support => decoder.Support;

    /// <inheritdoc/>
    public override Domain LatentSupport => encoder.Support;

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    public override bool IsReparameterized => decoder.IsReparameterized;

    /// <inheritdoc/>
    public override StochasticLayer Frozen() =>
        new VariationalAutoencoder(encoder.Frozen(), decoder.Frozen(), ContextShape);

    /// <summary>The type, the encoder and the decoder.</summary>
    public override string ToString() => $"VariationalAutoencoder({encoder}, {decoder})";

    /// <inheritdoc/>
    public override (Tensor Z, Tensor LogWeight) Encode(Tensor x, Tensor? context, Generator? generator)
    {
        var batch = x.shape[..^EventShape.Rank];
        using var point = GivenPoint.Of(encoder, x, EventShape, context, ContextShape);
        var (z, logQ) = NestedDistribution.DrawWithLogProb(encoder, batch, point, generator);
        using var latent = GivenPoint.Of(decoder, z, LatentShape, context, ContextShape);
        using (logQ)
        using (var logP = decoder.HasExactLogProb
            ? NestedDistribution.LogProb(decoder, x, latent)
            : NestedDistribution.LowerBound(decoder, x, latent, generator))
        {
            return (z, logP - logQ);
        }
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z, Tensor? context, Generator? generator)
    {
        using var latent = GivenPoint.Of(decoder, z, LatentShape, context, ContextShape);
        return NestedDistribution.Draw(decoder, z.shape[..^LatentShape.Rank], latent, generator);
    }

    private static Distribution Checked(Distribution p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return p;
    }
}
