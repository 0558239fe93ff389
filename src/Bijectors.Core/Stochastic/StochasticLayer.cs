using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A step from data x to a latent z that is no bijection: one direction, or both, draw noise. Encoding gives z with a
/// weight, decoding gives x back: <c>p(x) = E[w p(z)]</c> over the noise of encoding.
/// </summary>
/// <remarks>
/// <para>Where encoding draws noise u from q(u | x), <c>w = p(x | z) / q(u | x)</c> and one draw gives a lower bound on
/// <c>log p(x)</c>. Where it draws none, as in a <see cref="Slice"/>, <c>log p(x) = log p(z) + log w</c> is exact.
/// <see cref="LatentDistribution"/> makes a distribution of it.</para>
/// <para>Source: Nielsen, Jaini, Hoogeboom, Winther, Welling 2020, SurVAE flows, arXiv 2007.02731, eq. 3.</para>
/// </remarks>
public abstract class StochasticLayer : SharableModule
{
    /// <summary>A layer between two shapes.</summary>
    /// <param name="eventShape">The shape of one x.</param>
    /// <param name="latentShape">The shape of one z.</param>
    /// <param name="contextShape">The shape of one context; null where the layer reads none.</param>
    protected StochasticLayer(Shape eventShape, Shape latentShape, Shape? contextShape = null)
        : base(nameof(StochasticLayer))
    {
        EventShape = eventShape;
        LatentShape = latentShape;
        ContextShape = contextShape;
    }

    /// <summary>The shape of one x.</summary>
    public Shape EventShape { get; }

    /// <summary>The shape of one z.</summary>
    public Shape LatentShape { get; }

    /// <summary>The shape of one context; null where the layer reads none.</summary>
    public Shape? ContextShape { get; }

    /// <summary>Which x it encodes, elementwise.</summary>
    public abstract Domain Support { get; }

    /// <summary>Which z it decodes, elementwise: the support that the distribution of z must have.</summary>
    public abstract Domain LatentSupport { get; }

    /// <summary>
    /// Which x it encodes where z has a distribution of a given support. A layer that passes some entries on as they
    /// are overrides it; by default it is <see cref="Support"/>, of <see cref="LatentSupport"/> only.
    /// </summary>
    /// <param name="latent">The support of the distribution of z.</param>
    /// <returns>Null where the layer decodes other z.</returns>
    public virtual Domain? SupportBefore(Domain latent)
    {
        ArgumentNullException.ThrowIfNull(latent);
        return latent.Equals(LatentSupport) ? Support : null;
    }

    /// <summary>True where encoding draws no noise, so that the weight is exact.</summary>
    public abstract bool IsExact { get; }

    /// <summary>True where gradients pass through what it decodes, to latents, parameters and context.</summary>
    public virtual bool IsReparameterized => false;

    /// <summary>
    /// The same layer made of constants, see <see cref="Distribution.Frozen"/>. A layer of one's own that holds
    /// parameters or buffers overrides it.
    /// </summary>
    /// <returns>A new layer; this one where it holds nothing that could change.</returns>
    /// <exception cref="InvalidOperationException">It holds parameters or buffers and does not override
    /// this.</exception>
    public virtual StochasticLayer Frozen() => Stateless(this, nameof(Frozen));

    /// <summary>The name of the type.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>Encodes data; shapes have been checked.</summary>
    /// <param name="x">Points of the support, <c>(batch..., event...)</c>.</param>
    /// <param name="context">Contexts, whose leading dimensions are the first ones of the batch, or 1 in their place;
    /// null where the layer reads none.</param>
    /// <param name="generator">What noise is drawn from; null for torch's global generator.</param>
    /// <returns>Z <c>(batch..., latent...)</c> and LogWeight <c>log w</c>, in nats, broadcastable to <c>(batch...)</c>,
    /// both fresh.</returns>
    public abstract (Tensor Z, Tensor LogWeight) Encode(Tensor x, Tensor? context, Generator? generator);

    /// <summary>Decodes latents; shapes have been checked.</summary>
    /// <param name="z">Latents, <c>(batch..., latent...)</c>.</param>
    /// <param name="context">As in <see cref="Encode"/>.</param>
    /// <param name="generator">What noise is drawn from; null for torch's global generator.</param>
    /// <returns>Fresh points <c>(batch..., event...)</c>.</returns>
    public abstract Tensor Decode(Tensor z, Tensor? context, Generator? generator);
}
