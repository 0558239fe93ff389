using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The state of a pass in tensors, on any device and in any dtype.</summary>
internal sealed class MadeTensors : MadeState
{
    private readonly MadeWeights _weights;
    private readonly Tensor _inputs;
    private readonly (Tensor Active, Tensor Hidden, Tensor Output)[] _blocks;

    /// <param name="reach">As in <see cref="MadeState"/>.</param>
    /// <param name="weights">The weights, which this disposes.</param>
    public MadeTensors(int[] reach, MadeWeights weights)
        : base(reach)
    {
        using var leaving = no_grad();
        var items = weights.Start.size(0);
        _weights = weights;
        _inputs = zeros(items, weights.Input.size(1), dtype: weights.Start.dtype, device: weights.Start.device);
        _blocks = [.. weights.Blocks.Select(block => (zeros_like(weights.Start), block.FirstBias.repeat(items, 1), block.SecondBias.repeat(items, 1)))];
        Advance(0);
    }

    public override void Append(int feature, Tensor values)
    {
        using var leaving = no_grad();
        using (var scope = NewDisposeScope())
        {
            _inputs.narrow(1, feature, 1).copy_(values.detach().reshape(-1, 1));
        }

        if (feature + 1 < Features)
        {
            Advance(feature + 1);
        }
    }

    public override (Tensor LogScale, Tensor Shift) Evaluate(int feature, long[] shape) =>
        (Evaluate(feature, Reach(feature), shape), Evaluate(feature + Features, Reach(feature), shape));

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

    private void Advance(int known)
    {
        var (from, count) = Units(known);
        if (count == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        Tensor Of(Tensor layer) => layer.narrow(1, from, count);
        void AddProduct(Tensor output, Tensor input, Tensor weight, int length) =>
            Of(output).add_(nn.functional.linear(input.narrow(1, 0, length), weight.narrow(0, from, count).narrow(1, 0, length)));

        AddProduct(_weights.Start, _inputs, _weights.Input, known);
        var h = _weights.Start;
        foreach (var ((first, _, second, _), (active, hidden, output)) in _weights.Blocks.Zip(_blocks))
        {
            Of(active).copy_(Of(h).relu());
            AddProduct(hidden, active, first, from + count);
            Of(hidden).relu_();
            AddProduct(output, hidden, second, from + count);
            Of(output).add_(Of(h));
            h = output;
        }
    }

    private Tensor Evaluate(int row, int reach, long[] shape)
    {
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        var h = _blocks.Length == 0 ? _weights.Start : _blocks[^1].Output;
        var weight = _weights.Output.narrow(0, row, 1).narrow(1, 0, reach);
        return nn.functional.linear(h.narrow(1, 0, reach), weight, _weights.OutputBias.narrow(0, row, 1)).reshape(shape).MoveToOuterDisposeScope();
    }
}
