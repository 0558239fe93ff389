using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Copies of the weights of a <see cref="Made"/> with the hidden units in <see cref="MadeOrder"/>: what a unit hears is a prefix, and no mask is needed.
/// </summary>
internal sealed class MadeWeights : IDisposable
{
    /// <param name="units">The order of the hidden units.</param>
    /// <param name="items">How many points there are.</param>
    /// <param name="context">The context of every item, <c>(batch..., C)</c>, or null.</param>
    /// <param name="initial">The first layer, which reads features and context.</param>
    /// <param name="blocks">The residual blocks.</param>
    /// <param name="final">The last layer, which gives all log-scales and then all shifts.</param>
    public MadeWeights(
        MadeOrder units, long items, Tensor? context, Dense initial, IEnumerable<ResidualBlock> blocks, Dense final)
    {
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        using var order = tensor(units.Units, ScalarType.Int64, device: initial.Weight.device);
        var rows = Rows(initial.Weight, order);
        Input = rows.narrow(1, 0, units.Features).contiguous();
        Start = Rows(initial.Bias, order).repeat(items, 1);
        if (context is not null)
        {
            // The context is the same for all features: its share of the first layer is there from the beginning.
            var size = context.size(-1);
            Start.add_(nn.functional.linear(context.reshape(items, size), rows.narrow(1, units.Features, size)));
        }

        Blocks = [.. blocks.Select(block => (
            Columns(Rows(block.First.Weight, order), order), Rows(block.First.Bias, order),
            Columns(Rows(block.Second.Weight, order), order), Rows(block.Second.Bias, order)))];
        Output = Columns(final.Weight, order);
        OutputBias = final.Bias.clone();
        foreach (var tensor in All())
        {
            // It lives in the scope in which it was begun, and ends before it where it is disposed.
            tensor.MoveToOuterDisposeScope();
        }
    }

    /// <summary>Of the first layer, <c>(hidden, D)</c>.</summary>
    public Tensor Input { get; }

    /// <summary>What the first layer gives where no feature is known, <c>(items, hidden)</c>.</summary>
    public Tensor Start { get; }

    /// <summary>Weights <c>(hidden, hidden)</c> and biases <c>(hidden)</c> of the two layers of each block.</summary>
    public IReadOnlyList<(Tensor First, Tensor FirstBias, Tensor Second, Tensor SecondBias)> Blocks { get; }

    /// <summary>Of the last layer, <c>(2 D, hidden)</c>.</summary>
    public Tensor Output { get; }

    /// <summary>Of the last layer, <c>(2 D)</c>.</summary>
    public Tensor OutputBias { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in All())
        {
            tensor.Dispose();
        }
    }

    private static Tensor Rows(Tensor values, Tensor order) => values.index_select(0, order);

    private static Tensor Columns(Tensor values, Tensor order) => values.index_select(1, order);

    private IEnumerable<Tensor> All() =>
        [Input, Start, .. Blocks.SelectMany(block => new[] { block.First, block.FirstBias, block.Second, block.SecondBias }), Output, OutputBias];
}
