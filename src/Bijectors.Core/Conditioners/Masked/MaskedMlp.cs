using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A masked network of plain layers in which each feature depends on any others, as long as none depends on itself:
/// <c>h = a((W * M) h + b)</c> with a mask M of 0 and 1 for each layer. <see cref="Made"/> is the one where each
/// depends on all before it.
/// </summary>
/// <remarks>
/// <c>MaskedMlp.Of</c> makes masks from the graph of the dependencies. Incrementally, the inverse costs an evaluation
/// for each feature; where the longest path of the graph is short, as with two groups of features, there are fewer sweeps
/// of <see cref="CausalSolution.Jacobi"/>: as many as the path has features, and one that changes nothing. Source:
/// Germain et al. 2015, MADE, arXiv 1502.03509, section 4; the masks of a graph as the <c>MaskedMLP</c> of zuko has
/// them.
/// </remarks>
public sealed class MaskedMlp : CausalConditioner
{
    private readonly ModuleList<MaskedLayer> layers;
    private readonly int[] _order;

    /// <summary>A network with masks.</summary>
    /// <param name="masks">Which weights count, of 0 and 1, for each layer <c>(units, units before)</c>: the first
    /// reads the D features and then the context, the last gives the first number of all features, then the second of
    /// all, and so on.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="outputs">How many numbers there are for each feature: 2 are a log-scale and a shift.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="activation">The activation between the layers; rectified linear units by default.</param>
    /// <exception cref="ShapeException">The shapes of the masks do not fit together.</exception>
    /// <exception cref="ArgumentException">There is no mask, or a feature depends on itself.</exception>
    public MaskedMlp(
        IReadOnlyList<Tensor> masks, Generator generator, int outputs = 2, long contextSize = 0,
        Activation? activation = null)
        : base(contextSize, outputs)
    {
        CheckShapes(masks, outputs, contextSize);
        Activation = activation ?? Activation.Relu;
        _order = MaskGraph.Order(masks, outputs);
        layers = new([.. masks.Select((mask, i) => new MaskedLayer(
            mask, generator, gain: i == masks.Count - 1 ? 1e-2 : 1))]);
        RegisterComponents();
    }

    private MaskedMlp(MaskedMlp source)
        : base(source.ContextSize, source.Outputs)
    {
        (Activation, _order) = (source.Activation, source._order);
        layers = new([.. source.layers.Select(layer => layer.Frozen())]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Order => _order;

    /// <summary>The masks.</summary>
    /// <exception cref="InvalidOperationException">The network is frozen and has none.</exception>
    public IReadOnlyList<Tensor> Masks => [.. layers.Select(layer => layer.Mask ?? throw new InvalidOperationException(
        "MaskedMlp: expected a network with masks, got a frozen one, whose weights have been multiplied by them."))];

    /// <summary>The activation between the layers.</summary>
    public Activation Activation { get; }

    /// <summary>A network in which each feature depends on those that a graph says.</summary>
    /// <param name="adjacency">Row i marks, by numbers that are not 0, on which features the parameters of feature i
    /// depend, <c>(D, D)</c>; its diagonal is ignored.</param>
    /// <param name="hidden">Widths of the hidden layers.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="outputs">How many numbers there are for each feature.</param>
    /// <param name="contextSize">Size of the context, on which all features depend; 0 for none.</param>
    /// <param name="activation">The activation between the layers; rectified linear units by default.</param>
    /// <exception cref="ShapeException">The adjacency is not square.</exception>
    /// <exception cref="ArgumentException">The graph has a cycle, a width is not positive, or no feature depends on
    /// anything.</exception>
    public static MaskedMlp Of(
        Tensor adjacency, IReadOnlyList<int> hidden, Generator generator, int outputs = 2, long contextSize = 0,
        Activation? activation = null)
    {
        ArgumentNullException.ThrowIfNull(adjacency);
        ArgumentNullException.ThrowIfNull(hidden);
        if (adjacency.shape is not [> 0 and var rows, var columns] || rows != columns)
        {
            throw new ShapeException(
                nameof(MaskedMlp), "expected an adjacency (D, D)", $"got {Shape.Of(adjacency.shape)}");
        }

        foreach (var width in hidden)
        {
            Numbers.CheckCount(nameof(MaskedMlp), "a hidden width", width, least: 1);
        }

        using var scope = NewDisposeScope();
        var masks = MaskGraph.Masks(MaskGraph.Rows(adjacency), hidden, outputs, contextSize);
        return new(masks, generator, outputs, contextSize, activation);
    }

    /// <summary>A network in which each feature depends on its parents.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="hidden">Widths of the hidden layers.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="outputs">How many numbers there are for each feature.</param>
    /// <param name="contextSize">Size of the context, on which all features depend; 0 for none.</param>
    /// <param name="activation">The activation between the layers; rectified linear units by default.</param>
    /// <exception cref="ArgumentException">A width is not positive, or no feature depends on anything.</exception>
    public static MaskedMlp Of(
        DirectedGraph graph, IReadOnlyList<int> hidden, Generator generator, int outputs = 2, long contextSize = 0,
        Activation? activation = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        using var adjacency = graph.Adjacency();
        return Of(adjacency, hidden, generator, outputs, contextSize, activation);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _order.Length, Outputs * _order.Length);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var aligned = Aligned(input, context);
        var h = aligned is null ? input.alias() : cat([input, aligned], -1);
        for (var i = 0; i < layers.Count; i++)
        {
            using var previous = h;
            using var active = i == 0 ? null : Activation.Apply(previous);
            h = layers[i].Apply(active ?? previous);
        }

        return h;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Masks have been loaded that ask for another order.</exception>
    public override ConditionerPass Begin(Tensor like, Tensor? context)
    {
        if (layers[0].Mask is not null && !MaskGraph.Order(Masks, Outputs).SequenceEqual(_order))
        {
            throw new InvalidOperationException(
                "MaskedMlp: expected the masks that it was made with, got loaded ones of another order; make a network "
                + "of those.");
        }

        return base.Begin(like, context);
    }

    /// <summary>The number of features.</summary>
    public override string ToString() => $"{_order.Length}";

    /// <inheritdoc/>
    public override MaskedMlp Frozen() => new(this);

    private static void CheckShapes(IReadOnlyList<Tensor> masks, int outputs, long contextSize)
    {
        ArgumentNullException.ThrowIfNull(masks);
        var features = masks.Count > 0 && masks[0].dim() == 2 ? masks[0].size(1) - contextSize : 0;
        var fits = features > 0 && masks.All(mask => mask.dim() == 2 && mask.size(0) > 0)
            && masks.Skip(1).Zip(masks, (mask, before) => mask.size(1) == before.size(0)).All(same => same)
            && masks[^1].size(0) == outputs * features;
        if (!fits)
        {
            throw new ShapeException(
                nameof(MaskedMlp),
                $"expected masks (units, D + {contextSize}), (units, units before) and ({outputs} D, units before)",
                $"got {(masks.Count == 0 ? "none" : string.Join(", ", masks.Select(mask => Shape.Of(mask.shape))))}");
        }
    }
}
