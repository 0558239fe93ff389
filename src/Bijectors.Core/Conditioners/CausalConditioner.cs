using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A network that reads a point and gives parameters for the same point: those of an entry depend on the entries before
/// it only, and on the whole context. Every autoregressive layer takes any such network.
/// </summary>
/// <remarks>
/// Deriving from this class promises it, as <see cref="CausalAttribute">[Causal]</see> does; the laws find out where
/// the promise is broken. Entries lie along <see cref="CausalAxis"/>: features of a vector, or tokens of (tokens,
/// channels), each with all its channels. The output is <c>[first parameter of all features | second of all | ...]</c>
/// along <see cref="Conditioner.FeatureAxis"/>.
/// </remarks>
[Causal(Incremental = nameof(BeginPass))]
public abstract class CausalConditioner : Conditioner
{
    /// <summary>A causal network.</summary>
    /// <param name="contextSize">The C of a context <c>(batch..., C)</c>, 0 for none.</param>
    /// <param name="outputs">How many parameters there are for each feature: 2 are a log-scale and a shift.</param>
    /// <exception cref="ArgumentException">The context size is negative, or there are no parameters.</exception>
    protected CausalConditioner(long contextSize, int outputs = 2)
        : base(contextSize)
    {
        Numbers.CheckCount(GetType().Name, "a number of outputs", outputs, least: 1);
        Outputs = outputs;
    }

    /// <summary>How many parameters there are for each feature.</summary>
    public int Outputs { get; }

    /// <summary>The dimension along which entries are ordered, counted from the end.</summary>
    public virtual int CausalAxis => -1;

    /// <summary>The entry at each place of the order; null where that is their own order.</summary>
    public virtual IReadOnlyList<int>? Order => null;

    /// <summary>
    /// Begins a pass that is given one entry after another, in their order. A network that can keep what it computed,
    /// as keys and values of attention, overrides this; by default each entry costs an evaluation of the whole network.
    /// </summary>
    /// <param name="like">A tensor like the point; only its shape, dtype and device count.</param>
    /// <param name="context">As in <see cref="Conditioner.Evaluate"/>.</param>
    /// <returns>The pass, the caller's to dispose.</returns>
    /// <exception cref="ShapeException">The point or the context has another size than declared.</exception>
    /// <exception cref="ArgumentException">A context is needed and there is none.</exception>
    public virtual ConditionerPass Begin(Tensor like, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(like);
        CheckEvent(like);
        return new WholePass(this, like, context);
    }

    /// <summary>
    /// Begins a pass for a layer: that of <see cref="Begin"/>; of a <see cref="GuidedContext"/> two of them, and what
    /// is extrapolated from both.
    /// </summary>
    /// <inheritdoc cref="Begin"/>
    public virtual ConditionerPass BeginPass(Tensor like, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(like);
        return GuidedContext.Is(context, ContextSize)
            ? new GuidedPass(this, like, context!)
            : Begin(like, context);
    }

    /// <summary>Runs the network and gives all parameters of each feature, as of a spline.</summary>
    /// <inheritdoc cref="Conditioner.Evaluate"/>
    /// <param name="input">The point.</param>
    /// <param name="context">As in <see cref="Conditioner.Evaluate"/>.</param>
    /// <returns><c>(batch..., event..., outputs)</c>, fresh.</returns>
    [Causal(Trailing = 1, Incremental = nameof(BeginPass))]
    public Tensor Table(Tensor input, Tensor? context) => Stacked(input, context, Outputs);

    /// <summary>
    /// Runs the network and gives the widths, heights and slopes of a spline of K bins for each feature, where there
    /// are <c>3 K - 1</c> parameters for each.
    /// </summary>
    /// <inheritdoc cref="Conditioner.Evaluate"/>
    /// <param name="input">The point.</param>
    /// <param name="context">As in <see cref="Conditioner.Evaluate"/>.</param>
    /// <returns><c>(batch..., event..., K)</c>, the same, and <c>(batch..., event..., K - 1)</c>, all fresh.</returns>
    [Causal(Trailing = 1, Incremental = nameof(BeginPass))]
    public (Tensor Widths, Tensor Heights, Tensor Slopes) Spline(Tensor input, Tensor? context)
    {
        using var table = Table(input, context);
        return RationalQuadratic.Split(table, (Outputs + 1) / 3);
    }

    /// <summary>The type.</summary>
    public override string ToString() => GetType().Name;

    /// <inheritdoc/>
    public override CausalConditioner Frozen() => Stateless(this, nameof(Frozen));
}
