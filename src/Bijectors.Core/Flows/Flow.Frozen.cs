using TorchSharp;

namespace Bijectors;

public sealed partial class Flow
{
    /// <summary>True for a copy that <see cref="Frozen"/> made.</summary>
    public bool IsFrozen { get; private init; }

    /// <summary>
    /// A copy for evaluation: the same density and the same samples from constants of its own. It has no parameters,
    /// later training of this flow does not reach it, and it is faster.
    /// </summary>
    /// <remarks>
    /// <para>Neighbouring layers that are affine with a constant Jacobian are one: scales and shifts of elements merge,
    /// and a matrix takes in the scales, shifts, permutations and matrices beside it along its axis. Its inverse and
    /// <c>log|det W|</c> are computed here, once, in float64. A scale and shift that cancels more than 4 bits of what
    /// it is given stays apart, so that no digits are lost. The weights of <see cref="Made"/> are multiplied by their
    /// masks, those of <see cref="LipschitzMlp"/> divided by their norms.</para>
    /// <para>Gradients flow to the points and the context. The constants have the dtype that this flow has now: convert
    /// first and freeze then. The names in the state dictionary are others, and depend on what merges: save this flow,
    /// and freeze it after loading.</para>
    /// <para>A layer, network or base of one's own that holds parameters or buffers overrides
    /// <see cref="Bijector.FrozenCore"/>, <see cref="Conditioner.Frozen"/> or <see cref="Distribution.Frozen"/>; those
    /// that hold none are shared, and disposing does nothing to them. Data-dependent initialisation comes before: a
    /// frozen flow has no layer that wants it.</para>
    /// </remarks>
    /// <returns>A new flow, the caller's to dispose.</returns>
    /// <exception cref="InvalidOperationException">A part holds parameters or buffers and does not say how it is
    /// copied, or a scale or matrix has no finite inverse.</exception>
    public override Flow Frozen() => FrozenWith(transform.Frozen(EventShape, Dtype), @base.Frozen());

    /// <inheritdoc/>
    public override bool HasTemperature => @base.HasTemperature;

    /// <summary>
    /// A frozen copy at another temperature T: points of the base, or their distances from trained locations, are
    /// multiplied by T, so that below 1 samples keep to where the density is high, and above 1 they spread. Its density
    /// is that of these samples.
    /// </summary>
    /// <remarks>A normal base becomes one of T times the deviation, whose density is the old one to the power
    /// <c>1 / T^2</c>, normalized. Source: Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 6.</remarks>
    /// <param name="temperature">T, above 0; 1 changes nothing.</param>
    /// <returns>A new flow, the caller's to dispose.</returns>
    /// <exception cref="ArgumentException">T is not above 0, or not finite.</exception>
    /// <exception cref="InvalidOperationException">The base is no normal or logistic one with independent elements,
    /// whose scale is its temperature, or a part cannot be frozen.</exception>
    public Flow Tempered(double temperature)
    {
        if (!(temperature > 0 && double.IsFinite(temperature)))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Tempered: expected a temperature above 0, got {temperature}."),
                nameof(temperature));
        }

        if (!HasTemperature)
        {
            throw new InvalidOperationException(
                "Tempered: expected a normal or logistic base with independent elements, whose scale is its "
                + $"temperature, got {@base}.");
        }

        var frozen = transform.Frozen(EventShape, Dtype);
        return @base.AtTemperature(temperature) is { } tempered
            ? FrozenWith(frozen, tempered)
            : FrozenWith(frozen >> new Scale(1 / temperature), @base.Frozen());
    }

    /// <inheritdoc/>
    public override Distribution AtTemperature(double temperature) => Tempered(temperature);

    private Flow FrozenWith(Bijector frozen, Distribution frozenBase, Conditioner? frozenEmbedding = null)
    {
        var flow = new Flow(
            EventShape, frozen, frozenBase, Levels, ContextShape, frozenEmbedding ?? embedding?.Frozen())
        {
            IsFrozen = true,
        };
        flow.to(Device);
        return flow;
    }
}
