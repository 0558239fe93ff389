using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A <see cref="Made"/> on its way through the features of a point: each feature that is appended moves only the hidden units that hear it and none behind it,
/// so that a whole pass costs about as much as one evaluation.
/// </summary>
/// <remarks>
/// Units are sorted by degree. What a unit hears is then a prefix of the layer before it, in every layer, and no mask is needed.
/// The weights are copied when the pass begins.
/// </remarks>
public sealed class MadePass : CausalPass
{
    private readonly long[] _batch;
    private readonly long[] _reach;
    private readonly Tensor _inputs;
    private readonly Tensor _inputWeight;
    private readonly Tensor _initial;
    private readonly Block[] _blocks;
    private readonly Tensor _outputWeight;
    private readonly Tensor _outputs;
    private long _known;
    private long _evaluated = -1;
    private bool _disposed;

    /// <summary>A pass that knows no feature yet.</summary>
    /// <param name="batch">The batch dimensions of the point.</param>
    /// <param name="degrees">The degree of every hidden unit.</param>
    /// <param name="features">The number D of features.</param>
    /// <param name="context">The context of every item, <c>(batch..., C)</c>, or null.</param>
    /// <param name="initial">The first layer, which reads features and context.</param>
    /// <param name="blocks">The residual blocks.</param>
    /// <param name="final">The last layer, which gives all log-scales and then all shifts.</param>
    internal MadePass(
        long[] batch, long[] degrees, long features, Tensor? context, Dense initial, IEnumerable<ResidualBlock> blocks, Dense final)
    {
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        _batch = batch;
        _reach = [.. Enumerable.Range(0, (int)features).Select(degree => degrees.LongCount(own => own <= degree))];
        var items = batch.Aggregate(1L, (product, size) => product * size);
        long[] sorted = [.. Enumerable.Range(0, degrees.Length).OrderBy(unit => degrees[unit])];
        var order = tensor(sorted, device: initial.Weight.device);

        var rows = initial.Weight.index_select(0, order);
        _inputs = zeros(items, features, dtype: rows.dtype, device: rows.device);
        _inputWeight = rows.narrow(1, 0, features).contiguous();
        _initial = initial.Bias.index_select(0, order).repeat(items, 1);
        if (context is not null)
        {
            // The context is the same for all features: its share of the first layer is there from the beginning.
            var size = context.shape[^1];
            _initial.add_(nn.functional.linear(context.reshape(items, size), rows.narrow(1, features, size)));
        }

        _blocks = [.. blocks.Select(block => new Block(block, order, items))];
        _outputWeight = final.Weight.index_select(1, order);
        _outputs = final.Bias.repeat(items, 1);
        foreach (var tensor in Kept())
        {
            // It lives in the scope in which it was begun, and ends before it where it is disposed.
            tensor.MoveToOuterDisposeScope();
        }

        Advance();
    }

    /// <summary>What <see cref="Conditioner.ScaleAndShift"/> gives for the next feature.</summary>
    /// <returns>The raw log-scale and the shift, <c>(batch..., 1)</c>, both fresh.</returns>
    /// <exception cref="InvalidOperationException">There is no next feature.</exception>
    public (Tensor LogScale, Tensor Shift) ScaleAndShift()
    {
        EvaluateNext();
        return (Output(_known), Output(_known + _reach.Length));
    }

    /// <summary>What <see cref="Made.Evaluate"/> gives for the next feature.</summary>
    /// <returns><c>(batch..., 2)</c>, the raw log-scale and the shift, fresh.</returns>
    /// <exception cref="InvalidOperationException">There is no next feature.</exception>
    public Tensor Evaluate()
    {
        var (logScale, shift) = ScaleAndShift();
        using (logScale)
        using (shift)
        {
            return cat([logScale, shift], -1);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">All features are known.</exception>
    public override void Append(Tensor entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        CheckNext();
        using var scope = NewDisposeScope();
        _inputs.narrow(1, _known, 1).copy_(entry.detach().reshape(-1, 1));
        _known++;
        if (_known < _reach.Length)
        {
            Advance();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        foreach (var tensor in Kept())
        {
            tensor.Dispose();
        }
    }

    /// <summary>Computes the units that hear all that is known and nothing else, in every layer.</summary>
    private void Advance()
    {
        var from = _known == 0 ? 0 : _reach[_known - 1];
        var count = _reach[_known] - from;
        if (count == 0)
        {
            return;
        }

        PrefixMath.AddProduct(_initial, _inputs, _inputWeight, from, count, length: _known);
        var h = _initial;
        foreach (var block in _blocks)
        {
            h = block.Advance(h, from, count);
        }
    }

    private void EvaluateNext()
    {
        CheckNext();
        if (_evaluated == _known)
        {
            return;
        }

        var h = _blocks.Length == 0 ? _initial : _blocks[^1].Output;
        PrefixMath.AddProduct(_outputs, h, _outputWeight, _known, 1, _reach[_known]);
        PrefixMath.AddProduct(_outputs, h, _outputWeight, _known + _reach.Length, 1, _reach[_known]);
        _evaluated = _known;
    }

    private Tensor Output(long column)
    {
        using var view = _outputs.narrow(1, column, 1);
        using var fresh = view.clone();
        return fresh.reshape([.. _batch, 1]);
    }

    private void CheckNext()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_known == _reach.Length)
        {
            throw new InvalidOperationException($"MadePass: expected at most {_reach.Length} features, got one more.");
        }
    }

    private IEnumerable<Tensor> Kept() =>
        [_inputs, _inputWeight, _initial, .. _blocks.SelectMany(block => block.Kept()), _outputWeight, _outputs];

    /// <summary>A residual block with its units sorted by degree, and what its layers hold.</summary>
    private sealed class Block(ResidualBlock block, Tensor order, long items)
    {
        private readonly Tensor _firstWeight = Sorted(block.First, order);
        private readonly Tensor _secondWeight = Sorted(block.Second, order);
        private readonly Tensor _active = zeros(items, order.shape[0], dtype: block.First.Weight.dtype, device: order.device);
        private readonly Tensor _hidden = block.First.Bias.index_select(0, order).repeat(items, 1);

        public Tensor Output { get; } = block.Second.Bias.index_select(0, order).repeat(items, 1);

        public Tensor Advance(Tensor input, long from, long count)
        {
            PrefixMath.Relu(_active, input, from, count);
            PrefixMath.AddProduct(_hidden, _active, _firstWeight, from, count, from + count);
            PrefixMath.Relu(_hidden, _hidden, from, count);
            PrefixMath.AddProduct(Output, _hidden, _secondWeight, from, count, from + count);
            PrefixMath.Add(Output, input, from, count);
            return Output;
        }

        public IEnumerable<Tensor> Kept() => [_firstWeight, _secondWeight, _active, _hidden, Output];

        private static Tensor Sorted(Dense layer, Tensor order) => layer.Weight.index_select(0, order).index_select(1, order);
    }
}
