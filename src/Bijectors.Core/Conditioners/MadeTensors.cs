using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The state of a pass in tensors, on any device and in any dtype.</summary>
internal sealed class MadeTensors : MadeState
{
    private readonly MadeWeights _weights;
    private readonly Tensor _inputs;
    private readonly (Tensor Active, Tensor Hidden, Tensor Output)[] _blocks;

    /// <param name="weights">The weights, which this disposes.</param>
    public MadeTensors(MadeWeights weights)
    {
        using var leaving = no_grad();
        var items = weights.Start.shape[0];
        _weights = weights;
        _inputs = zeros(items, weights.Input.shape[1], dtype: weights.Start.dtype, device: weights.Start.device);
        _blocks = [.. weights.Blocks.Select(block => (zeros_like(weights.Start), block.FirstBias.repeat(items, 1), block.SecondBias.repeat(items, 1)))];
    }

    public override void Set(int feature, Tensor values)
    {
        using var scope = NewDisposeScope();
        _inputs.narrow(1, feature, 1).copy_(values.detach().reshape(-1, 1));
    }

    public override void Advance(int known, int from, int count)
    {
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        Tensor Units(Tensor layer) => layer.narrow(1, from, count);
        void AddProduct(Tensor output, Tensor input, Tensor weight, int length) =>
            Units(output).add_(nn.functional.linear(input.narrow(1, 0, length), weight.narrow(0, from, count).narrow(1, 0, length)));

        AddProduct(_weights.Start, _inputs, _weights.Input, known);
        var h = _weights.Start;
        foreach (var ((first, _, second, _), (active, hidden, output)) in _weights.Blocks.Zip(_blocks))
        {
            Units(active).copy_(Units(h).relu());
            AddProduct(hidden, active, first, from + count);
            Units(hidden).relu_();
            AddProduct(output, hidden, second, from + count);
            Units(output).add_(Units(h));
            h = output;
        }
    }

    public override Tensor Evaluate(int row, int reach, long[] shape)
    {
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        var h = _blocks.Length == 0 ? _weights.Start : _blocks[^1].Output;
        var weight = _weights.Output.narrow(0, row, 1).narrow(1, 0, reach);
        return nn.functional.linear(h.narrow(1, 0, reach), weight, _weights.OutputBias.narrow(0, row, 1)).reshape(shape).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _weights.Dispose();
        _inputs.Dispose();
        foreach (var (active, hidden, output) in _blocks)
        {
            active.Dispose();
            hidden.Dispose();
            output.Dispose();
        }
    }
}
