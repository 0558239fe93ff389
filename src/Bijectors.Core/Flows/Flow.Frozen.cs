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
    public override Flow Frozen() => FrozenInto(@base.Frozen());

    /// <inheritdoc cref="Distribution.Tempered"/>
    public new Flow Tempered(double temperature) => (Flow)base.Tempered(temperature);

    private protected override Distribution TemperedCore(double temperature) =>
        FrozenInto(@base.Tempered(temperature));

    private Flow FrozenInto(Distribution frozenBase)
    {
        var flow = new Flow(
            EventShape, transform.Frozen(EventShape, Dtype), frozenBase, Levels, ContextShape, embedding?.Frozen())
        {
            IsFrozen = true,
        };
        flow.to(Device);
        return flow;
    }
}
