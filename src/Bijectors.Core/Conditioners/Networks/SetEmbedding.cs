using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// An embedding of sets (items, features) as one vector that does not depend on the order of the items,
/// <c>rho(mean_i phi(x_i))</c>: of a set of observations as the context of a flow.
/// </summary>
/// <remarks>Sets of a batch have one number of items, which may be another one in each call. Source: Zaheer et al.
/// 2017, Deep sets, arXiv 1703.06114, theorem 2.</remarks>
public sealed class SetEmbedding : Conditioner
{
    private readonly ResidualMlp phi;
    private readonly ResidualMlp rho;
    private readonly Shape _set;
    private readonly long _outputs;
    private readonly long _hidden;

    /// <summary>An embedding of sets.</summary>
    /// <param name="set">The shape of a set, (items, features); the number of items is not looked at.</param>
    /// <param name="outputs">Size of the vector.</param>
    /// <param name="hidden">Width of both networks, and of what is averaged.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="options">How both networks are put together: with one residual block, and a last layer of gain 1,
    /// by default.</param>
    /// <exception cref="ShapeException">The shape is none of a set.</exception>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public SetEmbedding(
        Shape set, long outputs, long hidden, Generator generator, ResidualMlpOptions? options = null)
        : base(contextSize: 0)
    {
        if (set.Rank != 2)
        {
            throw new ShapeException(nameof(SetEmbedding), "expected sets (items, features)", $"got {set}");
        }

        Numbers.CheckCount(nameof(SetEmbedding), "a number of outputs", outputs, least: 1);
        Numbers.CheckCount(nameof(SetEmbedding), "a hidden width", hidden, least: 1);
        Options = options ?? new() { OutputGain = 1 };
        (_set, _outputs, _hidden) = (set, outputs, hidden);
        phi = new(set[-1], hidden, hidden, blockCount: 1, generator, contextSize: 0, Options);
        rho = new(hidden, outputs, hidden, blockCount: 1, generator, contextSize: 0, Options);
        RegisterComponents();
    }

    private SetEmbedding(SetEmbedding source)
        : base(contextSize: 0)
    {
        Options = source.Options;
        (_set, _outputs, _hidden) = (source._set, source._outputs, source._hidden);
        (phi, rho) = (source.phi.Frozen(), source.rho.Frozen());
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 2;

    /// <inheritdoc/>
    public override int FeatureAxis => -1;

    /// <summary>How both networks are put together.</summary>
    public ResidualMlpOptions Options { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) =>
        WithFeatures(input, _set[-1], _outputs).Leading(2).Then(Shape.Vector(_outputs));

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var items = phi.Evaluate(input, null);
        using var set = items.mean([-2]);
        return rho.Evaluate(set, null);
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new SetEmbedding(this);
}
