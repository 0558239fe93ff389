using static TorchSharp.torch;

namespace Bijectors;

public sealed partial class Flow
{
    /// <summary>Whether its context may be missing: a context whose numbers are all NaN then stands for none, see
    /// <see cref="OptionalContext"/>.</summary>
    public bool HasOptionalContext => embedding is { AcceptsNone: true };

    /// <summary>The context that stands for none, <c>(context...)</c> of NaN; a fresh tensor.</summary>
    /// <exception cref="InvalidOperationException">Its context may not be missing.</exception>
    public Tensor NoContext()
    {
        CheckOptional(nameof(NoContext));
        return full(ContextShape!.Value.ToArray(), double.NaN, Dtype, Device);
    }

    /// <summary>
    /// A frozen copy that is guided: each network of its layers gives <c>(1 + w) f(x, c) - w f(x, none)</c>, the
    /// parameters for a context moved away from those for none. Samples then keep to what tells their context from
    /// others. It is a flow still, and its density is that of such samples.
    /// </summary>
    /// <remarks>
    /// What is extrapolated are the raw numbers of a network, whatever the transformer: of an autoregressive affine
    /// layer the log-scale s, before the scale map, and the shift t of <c>y = x exp(s) + t</c>. The paper extrapolates
    /// s and the location <c>mu = -t exp(-s)</c>: a <see cref="LocationConditioner"/> gives those (<c>locations</c> of
    /// TarFlow), and the mean of samples then moves in proportion to the weight. An evaluation of a network costs two.
    /// Source: Zhai et al. 2024, Normalizing
    /// flows are capable generative models, arXiv 2412.06329, after Ho, Salimans 2022, Classifier-free diffusion
    /// guidance, arXiv 2207.12598.
    /// </remarks>
    /// <param name="weight">The weight w: 0 for the samples of <see cref="Frozen"/>, -1 for those without a
    /// context.</param>
    /// <returns>A new flow, the caller's to dispose.</returns>
    /// <exception cref="ArgumentException">The weight is not finite.</exception>
    /// <exception cref="InvalidOperationException">Its context may not be missing, the base reads it, a layer of
    /// bounded slope does, whose bound an extrapolation would break, or a part cannot be frozen.</exception>
    public Flow Guided(double weight)
    {
        if (!double.IsFinite(weight))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Guided: expected a finite weight, got {weight}."), nameof(weight));
        }

        CheckOptional(nameof(Guided));
        if (@base.ContextShape is not null)
        {
            throw new InvalidOperationException(
                $"Guided: expected a base without a context, since networks of layers are guided, got {@base}.");
        }

        if (transform.modules().OfType<Conditioner>().FirstOrDefault(
            network => network is { ContextSize: > 0, CanBeGuided: false }) is { } bounded)
        {
            throw new InvalidOperationException(
                $"Guided: expected networks whose numbers can be extrapolated, got {bounded.GetType().Name}, whose "
                + "slope is bounded.");
        }

        return weight == 0 ? Frozen() : FrozenWith(
            transform.Frozen(EventShape, Dtype), @base.Frozen(),
            new GuidedEmbedding(ContextShape!.Value, embedding!.Frozen(), weight));
    }

    private void CheckOptional(string whose)
    {
        if (!HasOptionalContext)
        {
            throw new InvalidOperationException(
                $"{whose}: expected a flow whose context may be missing, got {this} with "
                + $"{(ContextShape is null ? "no context" : "one that is always there")}; declare it by "
                + "OptionallyConditional, and train it with ContextDropout.");
        }
    }
}
