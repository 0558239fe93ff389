using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A family of elementwise bijectors <c>y = f(x; theta)</c>, invertible in x for all real parameters theta: what a
/// coupling, an autoregressive layer or an elementwise layer maps each number with.
/// </summary>
/// <remarks>
/// The context of a transformer is theta itself, <c>(batch..., P)</c> with <see cref="ParameterCount"/> raw numbers
/// for each number that is mapped, as a network gives them; any real number is allowed, and f makes of it what it
/// needs (exp, softmax, ...). One of one's own takes them by <see cref="Parameters"/> in its <c>[Forward]</c> method,
/// and fits every placement then. The word is that of Papamakarios et al. 2021, Normalizing flows for probabilistic
/// modeling and inference, arXiv 1912.02762, section 3.1: conditioner and transformer. It has nothing to do with
/// attention.
/// </remarks>
public abstract partial class Transformer : Bijector
{
    /// <summary>Its softplus is 1.</summary>
    private protected const double RawOne = 0.54132485461291810;

    /// <summary>0: each number is mapped alone.</summary>
    public sealed override int EventRank => 0;

    /// <summary>How many raw parameters each number has, group by group.</summary>
    public abstract IReadOnlyList<int> Groups { get; }

    /// <summary>How many raw parameters each number has.</summary>
    public int ParameterCount => Groups.Sum();

    /// <summary>
    /// How the output of a network is read where it has P parameters for each of D features: true for <c>[first of all
    /// features | second of all | ...]</c>, false for the parameters of a feature side by side. By default the former
    /// where every group is one number, as of a scale and a shift.
    /// </summary>
    public virtual bool IsStacked => Groups.All(size => size == 1);

    /// <inheritdoc/>
    public override bool ReadsContext => ParameterCount > 0;

    /// <summary>y for x.</summary>
    /// <param name="x">Points, any shape <c>(...)</c>.</param>
    /// <param name="parameters">Raw parameters <c>(..., P)</c>; each dimension before the last is that of the
    /// points, or 1.</param>
    /// <returns>A fresh tensor of the shape of x.</returns>
    [Primitive(nameof(Undo), nameof(LogSlope), WithLogSlope = nameof(ApplyWithLogSlope),
        InverseWithLogSlope = nameof(UndoWithLogSlope))]
    public Tensor Apply(Tensor x, [Elementwise(1)] Tensor parameters) => Nested.Forward(this, x, parameters);

    /// <summary>x for y.</summary>
    /// <param name="y">Points, any shape <c>(...)</c>.</param>
    /// <param name="parameters">Raw parameters <c>(..., P)</c>; each dimension before the last is that of the
    /// points, or 1.</param>
    /// <returns>A fresh tensor of the shape of y.</returns>
    public Tensor Undo(Tensor y, Tensor parameters) => Nested.Inverse(this, y, parameters);

    /// <summary><c>log|dy/dx|</c> at x, in nats.</summary>
    /// <inheritdoc cref="Apply"/>
    public virtual Tensor LogSlope(Tensor x, Tensor parameters)
    {
        var (y, logSlope) = ApplyWithLogSlope(x, parameters);
        y.Dispose();
        return logSlope;
    }

    /// <summary>y for x, and <c>log|dy/dx|</c> there.</summary>
    /// <returns>Two fresh tensors of the shape of x.</returns>
    /// <inheritdoc cref="Apply"/>
    public (Tensor Y, Tensor LogSlope) ApplyWithLogSlope(Tensor x, Tensor parameters)
    {
        var (y, logSlope) = Nested.ForwardWithLogDet(this, x, parameters, eventRank: 0);
        return (y, LogDets.ToBatch(logSlope, x.shape));
    }

    /// <summary>x for y, and <c>log|dy/dx|</c> at that x.</summary>
    /// <returns>Two fresh tensors of the shape of y.</returns>
    /// <inheritdoc cref="Undo"/>
    public (Tensor X, Tensor LogSlope) UndoWithLogSlope(Tensor y, Tensor parameters)
    {
        var (x, logSlope) = Nested.InverseWithLogDet(this, y, parameters, eventRank: 0);
        using var expanded = LogDets.ToBatch(logSlope, y.shape);
        return (x, -expanded);
    }

    /// <summary>Runs a network and gives the raw parameters of each mapped number.</summary>
    /// <param name="net">The network; it gives <see cref="ParameterCount"/> features for each mapped one.</param>
    /// <param name="input">The part that it reads.</param>
    /// <param name="context">As for <see cref="Conditioner.Evaluate"/>.</param>
    /// <returns><c>(..., P)</c>: the shape of the mapped part, and the parameters.</returns>
    /// <exception cref="ShapeException">The network gives another number of features.</exception>
    public Tensor Read(Conditioner net, Tensor input, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(net);
        return IsStacked ? net.Stacked(input, context, ParameterCount) : net.Table(input, context, ParameterCount);
    }

    /// <summary>The same transformer made of constants, see <see cref="Bijector.Frozen"/>.</summary>
    /// <param name="dtype">The dtype of the constants that are computed.</param>
    public Transformer Frozen(ScalarType dtype) => (Transformer)FrozenCore(Shape.Of(), dtype);

    /// <summary>Takes the raw parameters apart.</summary>
    /// <param name="context">Raw parameters <c>(batch..., P)</c>; their leading dimensions are aligned with those of
    /// the points from the left.</param>
    /// <param name="dimensions">How many dimensions the points have.</param>
    /// <returns>For each of <see cref="Groups"/> a fresh tensor <c>(..., size)</c>.</returns>
    /// <exception cref="ArgumentException">There are none.</exception>
    /// <exception cref="ShapeException">There are more or fewer than <see cref="ParameterCount"/>.</exception>
    protected Tensor[] Parameters(Tensor? context, long dimensions)
    {
        if (context is null)
        {
            throw new ArgumentException(
                $"{this}: expected {ParameterCount} raw parameters for each number as its context, got none.",
                nameof(context));
        }

        if (context.dim() == 0 || context.size(-1) != ParameterCount)
        {
            throw new ShapeException(
                ToString(), $"expected {ParameterCount} raw parameters in the last dimension of the context",
                $"got {Shape.Text(context.shape)}");
        }

        using var aligned = Aligned(context, dimensions);

        // One node with several results: views would each carry a whole table of gradients back, to be added up.
        return Groups.Count == 1 ? [aligned.alias()] : aligned.split([.. Groups.Select(size => (long)size)], -1);
    }

    /// <summary>Takes the raw parameters apart where every group is one number.</summary>
    /// <inheritdoc cref="Parameters"/>
    /// <param name="context">Raw parameters <c>(batch..., P)</c>.</param>
    /// <param name="dimensions">How many dimensions the points have.</param>
    /// <returns>For each of <see cref="Groups"/> a fresh tensor <c>(...)</c>.</returns>
    protected Tensor[] Scalars(Tensor? context, long dimensions)
    {
        using var scope = NewDisposeScope();
        return [.. Parameters(context, dimensions).Select(group => group.squeeze(-1).MoveToOuterDisposeScope())];
    }

    /// <summary>
    /// <c>(2 k - K + 1) / K</c> for k from 0: what components are moved apart by that would stay one if they began as
    /// one.
    /// </summary>
    private protected static Tensor Spread(int count, Tensor like) =>
        ((2 * arange(count, like.dtype, like.device)) - (count - 1)) / count;

    private static Tensor Aligned(Tensor context, long dimensions)
    {
        var missing = dimensions - (context.dim() - 1);
        return missing <= 0 || context.dim() == 1
            ? context.alias()
            : context.reshape([.. context.shape[..^1], .. Enumerable.Repeat(1L, (int)missing), context.size(-1)]);
    }
}
