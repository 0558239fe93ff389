using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The state of a pass in tensors, on any device, in any dtype and with any activation.</summary>
internal sealed class MadeTensors : MadeState
{
    private readonly MadeNetwork _network;
    private readonly MadeWeights _weights;
    private readonly Tensor _inputs;

    // What each layer behind the first reads and what it gives, (items, hidden); units that are not known yet hold its
    // bias.
    private readonly (Tensor Active, Tensor Result)[] _layers;

    // What the last layer reads, where that is not what the layer before it gives.
    private readonly Tensor? _last;

    /// <param name="network">The network.</param>
    /// <param name="weights">Its weights, which this disposes.</param>
    public MadeTensors(MadeNetwork network, MadeWeights weights)
        : base(network.Order.UpTo)
    {
        using var leaving = no_grad();
        var items = weights.Start.size(0);
        (_network, _weights) = (network, weights);
        _inputs = zeros(items, weights.Input.size(1), dtype: weights.Start.dtype, device: weights.Start.device);
        _layers = [.. weights.Hidden.Select(layer => (zeros_like(weights.Start), layer.Bias.repeat(items, 1)))];
        _last = network.IsResidual ? null : zeros_like(weights.Start);
        for (var block = 0; block < weights.Added.Count; block++)
        {
            if (weights.Added[block] is { } added)
            {
                _layers[2 * block].Result.add_(added);
            }
        }

        Advance(0);
    }

    public override void Append(int place, Tensor values)
    {
        using var leaving = no_grad();
        using (var scope = NewDisposeScope())
        {
            _inputs.narrow(1, place, 1).copy_(values.detach().reshape(-1, 1));
        }

        if (place + 1 < Features)
        {
            Advance(place + 1);
        }
    }

    public override Tensor Evaluate(int place, int output, long[] shape)
    {
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        var h = _last ?? (_layers.Length == 0 ? _weights.Start : _layers[^1].Result);
        var (row, reach) = ((output * Features) + _network.Order.Places[place], Reach(place));
        var weight = _weights.Output.narrow(0, row, 1).narrow(1, 0, reach);
        return nn.functional.linear(h.narrow(1, 0, reach), weight, _weights.OutputBias.narrow(0, row, 1))
            .reshape(shape).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _weights.Dispose();
        _inputs.Dispose();
        _last?.Dispose();
        foreach (var (active, result) in _layers)
        {
            active.Dispose();
            result.Dispose();
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
        void Activate(int activation, Tensor to, Tensor h)
        {
            var units = Of(h);
            if (_weights.Scaled[activation] is var (scale, shift))
            {
                units = (units * Of(scale)) + Of(shift);
            }

            Of(to).copy_(_network.Activation.Apply(units));
        }

        void AddProduct(Tensor output, Tensor input, Tensor weight, int length) => Of(output).add_(
            nn.functional.linear(input.narrow(1, 0, length), weight.narrow(0, from, count).narrow(1, 0, length)));

        AddProduct(_weights.Start, _inputs, _weights.Input, known);
        var h = _weights.Start;
        for (var i = 0; i < _layers.Length; i++)
        {
            var before = h;
            Activate(i, _layers[i].Active, h);
            h = _layers[i].Result;
            AddProduct(h, _layers[i].Active, _weights.Hidden[i].Weight, from + count);
            if (_network.IsResidual)
            {
                i++;
                Activate(i, _layers[i].Active, h);
                h = _layers[i].Result;
                AddProduct(h, _layers[i].Active, _weights.Hidden[i].Weight, from + count);
                if (_weights.Gates[i / 2] is { } gate)
                {
                    Of(h).mul_(Of(gate));
                }

                Of(h).add_(Of(before));
            }
        }

        if (_last is not null)
        {
            Activate(_layers.Length, _last, h);
        }
    }
}
