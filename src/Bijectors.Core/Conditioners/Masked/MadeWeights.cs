using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Copies of the weights of a <see cref="Made"/> with features and hidden units in <see cref="MadeOrder"/>: what a unit
/// depends on is a prefix, and no mask is needed.
/// </summary>
internal sealed class MadeWeights : IDisposable
{
    /// <param name="network">The network.</param>
    /// <param name="items">How many points there are.</param>
    /// <param name="context">The context of every item, <c>(batch..., C)</c>, or null.</param>
    public MadeWeights(MadeNetwork network, long items, Tensor? context)
    {
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        var (order, initial) = (network.Order, network.Initial);
        var units = tensor(order.Units, ScalarType.Int64, device: initial.Weight.device);
        var places = tensor(order.Places, ScalarType.Int64, device: initial.Weight.device);
        var rows = initial.Weight.index_select(0, units);
        Input = rows.index_select(1, places);
        Start = initial.Bias.index_select(0, units).repeat(items, 1);
        var (between, rowsOfContext) = (network.Between, context?.reshape(items, context.size(-1)));
        if (rowsOfContext is not null && between.Options.ReadsBeside)
        {
            // The context is the same for all features: its share of the first layer is there from the beginning.
            Start.add_(nn.functional.linear(rowsOfContext, rows.narrow(1, order.Features, rowsOfContext.size(1))));
        }

        if (between.AddedToFirst(rowsOfContext) is { } added)
        {
            Start.add_(added.index_select(1, units));
        }

        var activations = network.IsResidual ? network.Hidden.Count : network.Hidden.Count + 1;
        Scaled = [.. Enumerable.Range(0, activations).Select(
            activation => between.ScaleAndShift(activation, rowsOfContext) is var (scale, shift)
                ? (scale.index_select(1, units), shift.index_select(1, units)) : ((Tensor, Tensor)?)null)];
        Tensor?[] Blocks(Func<int, Tensor?, Tensor?> ofBlock) => network.IsResidual
            ? [.. Enumerable.Range(0, network.Hidden.Count / 2).Select(
                block => ofBlock(block, rowsOfContext)?.index_select(1, units))]
            : [];
        (Added, Gates) = (Blocks(between.AddedInBlock), Blocks(between.Gate));
        Hidden = [.. network.Hidden.Select(layer => (
            layer.Weight.index_select(0, units).index_select(1, units), layer.Bias.index_select(0, units)))];
        Output = network.Final.Weight.index_select(1, units);
        OutputBias = network.Final.Bias.clone();
        foreach (var tensor in All())
        {
            // It belongs to the scope in which it was begun, unless it is disposed before.
            tensor.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Of the first layer, <c>(hidden, D)</c>.</summary>
    public Tensor Input { get; }

    /// <summary>What the first layer gives where no feature is known, <c>(items, hidden)</c>.</summary>
    public Tensor Start { get; }

    /// <summary>Weight <c>(hidden, hidden)</c> and bias <c>(hidden)</c> of the layers inside.</summary>
    public IReadOnlyList<(Tensor Weight, Tensor Bias)> Hidden { get; }

    /// <summary>Scale and shift of the units before each activation, broadcastable to <c>(items, hidden)</c>; null
    /// where there are none.</summary>
    public IReadOnlyList<(Tensor Scale, Tensor Shift)?> Scaled { get; }

    /// <summary>What the context adds behind the first layer of each block, <c>(items, hidden)</c>; null where it adds
    /// nothing.</summary>
    public IReadOnlyList<Tensor?> Added { get; }

    /// <summary>What multiplies the change of each block, <c>(items, hidden)</c>; null where nothing does.</summary>
    public IReadOnlyList<Tensor?> Gates { get; }

    /// <summary>Of the last layer, <c>(outputs D, hidden)</c>.</summary>
    public Tensor Output { get; }

    /// <summary>Of the last layer, <c>(outputs D)</c>.</summary>
    public Tensor OutputBias { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in All())
        {
            tensor.Dispose();
        }
    }

    private IEnumerable<Tensor> All() =>
    [
        Input, Start, .. Hidden.SelectMany(layer => new[] { layer.Weight, layer.Bias }), Output, OutputBias,
        .. Scaled.OfType<(Tensor Scale, Tensor Shift)>().SelectMany(pair => new[] { pair.Scale, pair.Shift }),
        .. Added.OfType<Tensor>(), .. Gates.OfType<Tensor>(),
    ];
}
