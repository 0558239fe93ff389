using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A mixture of K normal distributions with diagonal covariances over the last dimension of an event, the same mixture
/// for every row of it: <c>log p(x) = sum over rows of log sum_k w_k N(row; m_k, s_k)</c>. Weights, means and scales
/// are trained, and what a network makes of the context is added to them.
/// </summary>
/// <remarks>
/// Numbers of the network, for rows of C channels: K logits of the weights, the K C means, one component after
/// another, and the K C raw log-scales. At the start the means are drawn, since equal components would stay equal, and
/// the mixture has about mean 0 and deviation 1. Its log-density is summed by a stable log-sum-exp; samples are drawn
/// component first, so no gradients pass through them.
/// </remarks>
public sealed class NormalMixture : Distribution
{
    private readonly Tensor numbers;
    private readonly Conditioner? network;

    /// <summary>A mixture with trained parameters.</summary>
    /// <param name="eventShape">The shape <c>(rows..., C)</c> of one point.</param>
    /// <param name="components">The number K of components.</param>
    /// <param name="generator">What the means at the start are drawn from.</param>
    /// <param name="scale">How raw numbers become scales; bounded to [exp(-4), exp(4)] by default.</param>
    /// <exception cref="ArgumentException">There are no components, or the event is a scalar.</exception>
    public NormalMixture(Shape eventShape, int components, Generator generator, ScaleMap? scale = null)
        : this(eventShape, components, null, null, scale, Start(eventShape, components, generator))
    {
    }

    /// <summary>A mixture whose parameters depend on the context.</summary>
    /// <param name="eventShape">The shape <c>(rows..., C)</c> of one point.</param>
    /// <param name="components">The number K of components.</param>
    /// <param name="network">Reads contexts <c>(batch..., context...)</c> and gives vectors of <c>K (1 + 2 C)</c>
    /// features, which are added to the trained ones. It takes no further context.</param>
    /// <param name="contextShape">The shape of one context.</param>
    /// <param name="generator">What the means at the start are drawn from.</param>
    /// <param name="scale">How raw numbers become scales; bounded to [exp(-4), exp(4)] by default.</param>
    /// <exception cref="ArgumentException">There are no components, the event is a scalar, or the network takes a
    /// further context.</exception>
    /// <exception cref="ShapeException">The network reads another shape, or gives another one.</exception>
    public NormalMixture(
        Shape eventShape, int components, Conditioner network, Shape contextShape, Generator generator,
        ScaleMap? scale = null)
        : this(
            eventShape, components, network ?? throw new ArgumentNullException(nameof(network)), contextShape, scale,
            Start(eventShape, components, generator))
    {
    }

    private NormalMixture(
        Shape eventShape, int components, Conditioner? network, Shape? contextShape, ScaleMap? scale, Tensor numbers)
        : base(eventShape, contextShape)
    {
        if (network is not null)
        {
            ContextNetwork.Check(nameof(NormalMixture), network, contextShape!.Value, numbers.size(-1));
        }

        (Components, Scale) = (components, scale ?? ScaleMap.Bounded(4));
        this.numbers = numbers;
        this.network = network;
        RegisterComponents();
    }

    /// <summary>The number of components.</summary>
    public int Components { get; }

    /// <summary>How raw numbers become scales.</summary>
    public ScaleMap Scale { get; }

    /// <inheritdoc/>
    public override Domain Support => Domain.Real;

    /// <inheritdoc/>
    public override ScalarType Dtype => numbers.dtype;

    /// <inheritdoc/>
    public override Device Device => numbers.device;

    /// <summary>False: a sample is drawn from one of the components.</summary>
    public override bool IsReparameterized => false;

    /// <inheritdoc/>
    public override Distribution Frozen() => new NormalMixture(
        EventShape, Components, network?.Frozen(), ContextShape, Scale, Initial.Snapshot(numbers));

    /// <summary>The type and the number of components.</summary>
    public override string ToString() => $"NormalMixture({Components})";

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var each = At(context, (int)x.dim()).LogProb(x);
        return LogDets.Sum(each, each, EventShape.Rank - 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        return At(context, batch.Length + EventShape.Rank).Draw([.. batch, .. EventShape.ToArray()], generator)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The mixtures that go with points of so many dimensions.</summary>
    private NormalComponents At(Tensor? context, int dimensions)
    {
        // A copy: torch does not let parameters change under the views that are taken of them.
        var all = numbers.clone();
        if (network is not null)
        {
            all += ContextNetwork.Lined(network.Evaluate(context!, null), Shape.Vector(numbers.size(-1)), dimensions);
        }

        return NormalComponents.Of(NormalComponents.Split(all, Components), Scale);
    }

    private static Tensor Start(Shape eventShape, int components, Generator generator)
    {
        NormalComponents.Check(nameof(NormalMixture), components);
        return eventShape.Rank > 0
            ? NormalComponents.Start(components, eventShape[-1], generator)
            : throw new ShapeException(nameof(NormalMixture), "expected points (rows..., C)", $"got {eventShape}");
    }
}
