using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A mixture of distributions, flows among them: <c>log p(x) = log sum_k w_k p_k(x)</c>. The weights are trained, or a
/// network gives them from the context.
/// </summary>
/// <remarks>Where the density of a component is known by a bound only, so is that of the mixture:
/// <c>sum_k w_k W_k</c> has the mean <c>p(x)</c> where the importance weights <c>W_k</c> have the means <c>p_k(x)</c>.
/// A sample is drawn from one component, for the price of one of each, and no gradients pass through it.</remarks>
public sealed class Mixture : Distribution
{
    private readonly ModuleList<Distribution> components;
    private readonly Tensor logits;
    private readonly Conditioner? network;

    /// <summary>A mixture with trained weights, equal at the start.</summary>
    /// <param name="components">The distributions, all of points of one shape and on one support; those that take a
    /// context take contexts of one shape.</param>
    /// <exception cref="ArgumentException">There are no components, or one of them stands there twice.</exception>
    /// <exception cref="ShapeException">Their points or their contexts have different shapes.</exception>
    /// <exception cref="DomainException">Their supports differ.</exception>
    public Mixture(IReadOnlyList<Distribution> components)
        : this(components, null, Read(components), Initial.Constant(0, Checked(components).Count))
    {
    }

    /// <summary>A mixture whose weights depend on the context.</summary>
    /// <param name="components">The distributions, as above; those that take a context take the same one.</param>
    /// <param name="network">Reads contexts <c>(batch..., context...)</c> and gives vectors of one logit for each
    /// component, which are added to the trained ones. It takes no further context.</param>
    /// <param name="contextShape">The shape of one context.</param>
    /// <exception cref="ArgumentException">There are no components, one of them stands there twice, or the network
    /// takes a further context.</exception>
    /// <exception cref="ShapeException">Their points or their contexts have different shapes, or the network does not
    /// fit.</exception>
    /// <exception cref="DomainException">Their supports differ.</exception>
    public Mixture(IReadOnlyList<Distribution> components, Conditioner network, Shape contextShape)
        : this(
            components, network ?? throw new ArgumentNullException(nameof(network)), contextShape,
            Initial.Constant(0, Checked(components).Count))
    {
    }

    private Mixture(
        IReadOnlyList<Distribution> components, Conditioner? network, Shape? contextShape, Tensor logits)
        : base(components[0].EventShape, contextShape)
    {
        foreach (var component in components)
        {
            CheckLike(component, components[0], contextShape);
        }

        if (network is not null)
        {
            ContextNetwork.Check(nameof(Mixture), network, contextShape!.Value, components.Count);
        }

        this.components = new([.. components]);
        this.network = network;
        this.logits = logits;
        RegisterComponents();
    }

    /// <summary>The distributions that are mixed.</summary>
    public IReadOnlyList<Distribution> Components => [.. components];

    /// <inheritdoc/>
    public override Domain Support => components[0].Support;

    /// <inheritdoc/>
    public override ScalarType Dtype => logits.dtype;

    /// <inheritdoc/>
    public override Device Device => logits.device;

    /// <summary>False: a sample is drawn from one of the components.</summary>
    public override bool IsReparameterized => false;

    /// <inheritdoc/>
    public override bool HasExactLogProb => components.All(component => component.HasExactLogProb);

    /// <inheritdoc/>
    public override Distribution Frozen() => new Mixture(
        [.. components.Select(component => component.Frozen())], network?.Frozen(), ContextShape,
        Initial.Snapshot(logits));

    /// <summary>Passes the points on to all components.</summary>
    /// <inheritdoc/>
    public override void InitializeFrom(Tensor x, Tensor? context, Generator noise)
    {
        foreach (var component in components)
        {
            component.InitializeFrom(x, Given(component, context), noise);
        }
    }

    /// <summary>The type and the number of components.</summary>
    public override string ToString() => $"Mixture({components.Count})";

    /// <summary>A line of the mixture with its weights, and the lines of the components.</summary>
    public override IReadOnlyList<DescriptionLine> DescriptionLines()
    {
        var own = parameters().Sum(parameter => parameter.numel())
            - components.Sum(component => component.parameters().Sum(parameter => parameter.numel()));
        return
        [
            new($"{this}", EventShape, own, HasExactLogProb ? "" : "lower bound"),
            .. components.SelectMany(component => component.DescriptionLines()),
        ];
    }

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context) => Mixed(
        x, context, (component, given) => NestedDistribution.LogProb(component, x, given));

    /// <inheritdoc/>
    protected internal override Tensor LowerBoundCore(Tensor x, Tensor? context, Generator? generator) => Mixed(
        x, context,
        (component, given) => component.HasExactLogProb
            ? NestedDistribution.LogProb(component, x, given)
            : NestedDistribution.LowerBound(component, x, given, generator));

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var chosen = NormalComponents.Choose(LogWeights(context, batch.Length), batch, generator)
            .reshape([.. batch, .. Enumerable.Repeat(1L, EventShape.Rank)]);
        var x = NestedDistribution.Draw(components[0], batch, Given(components[0], context), generator);
        for (var k = 1; k < components.Count; k++)
        {
            var other = NestedDistribution.Draw(components[k], batch, Given(components[k], context), generator);
            x = where(chosen == k, other, x);
        }

        return x.MoveToOuterDisposeScope();
    }

    private Tensor Mixed(Tensor x, Tensor? context, Func<Distribution, Tensor?, Tensor> density)
    {
        using var scope = NewDisposeScope();
        var each = stack([.. components.Select(component => density(component, Given(component, context)))], -1);
        var weights = LogWeights(context, (int)x.dim() - EventShape.Rank);
        return (weights + each).logsumexp(-1).MoveToOuterDisposeScope();
    }

    /// <summary>The logarithms of the weights <c>(batch..., K)</c>.</summary>
    private Tensor LogWeights(Tensor? context, int dimensions) => NormalComponents.Normalized(network is null
        ? logits
        : logits + ContextNetwork.Lined(
            network.Evaluate(context!, null), Shape.Vector(components.Count), dimensions + 1));

    private static Tensor? Given(Distribution component, Tensor? context) =>
        component.ContextShape is null ? null : context;

    private static IReadOnlyList<Distribution> Checked(IReadOnlyList<Distribution> components)
    {
        ArgumentNullException.ThrowIfNull(components);
        return components.Count > 0 && components.Distinct().Count() == components.Count
            ? components
            : throw new ArgumentException(
                $"Mixture: expected one or more distributions, each of them once, got {components.Count}.",
                nameof(components));
    }

    /// <summary>The shape of the context of the components that take one.</summary>
    private static Shape? Read(IReadOnlyList<Distribution> components) =>
        Checked(components).FirstOrDefault(component => component.ContextShape is not null)?.ContextShape;

    private static void CheckLike(Distribution component, Distribution first, Shape? contextShape)
    {
        if (component.EventShape != first.EventShape)
        {
            throw new ShapeException(
                nameof(Mixture), $"expected components of points {first.EventShape}", $"got {component.EventShape}");
        }

        if (component.ContextShape is { } shape && shape != contextShape)
        {
            throw new ShapeException(
                nameof(Mixture), $"expected components that take a context {contextShape}, or none", $"got {shape}");
        }

        if (!component.Support.Equals(first.Support))
        {
            throw new DomainException(nameof(Mixture), $"{component}", component.Support, first.Support);
        }
    }
}
