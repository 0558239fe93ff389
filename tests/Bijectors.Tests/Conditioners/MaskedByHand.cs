using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>
/// A masked network in plain operations of torch, with nothing of the library but the numbers of the state dict: every
/// weight is multiplied by the mask that stands there.
/// </summary>
internal sealed class MaskedByHand(
    IReadOnlyDictionary<string, Tensor> state, Func<Tensor, Tensor>? activation = null, bool residual = true)
{
    private readonly Func<Tensor, Tensor> _activation = activation ?? (h => h.relu());

    public Tensor Evaluate(Tensor x, Tensor? context)
    {
        var joined = context is null ? x : cat([x, context.expand([.. x.shape[..^1], context.size(-1)])], -1);
        var h = Linear("initial", "inputMask", joined);
        if (!residual)
        {
            h = _activation(h);
        }

        for (var i = 0; state.ContainsKey(residual ? $"blocks.{i}.first.weight" : $"layers.{i}.weight"); i++)
        {
            h = residual
                ? h + Linear(
                    $"blocks.{i}.second", "hiddenMask",
                    _activation(Linear($"blocks.{i}.first", "hiddenMask", _activation(h))))
                : _activation(Linear($"layers.{i}", "hiddenMask", h));
        }

        return Linear("final", "outputMask", h);
    }

    /// <summary><c>y = x exp(s) + t</c> and the sum of s, with <c>s = 2 tanh(raw / 2)</c>.</summary>
    public (Tensor Y, Tensor LogDet) Map(Tensor x, Tensor? context)
    {
        var parts = Evaluate(x, context).chunk(2, -1);
        var s = 2 * (parts[0] / 2).tanh();
        return ((x * s.exp()) + parts[1], s.sum(dim: -1));
    }

    /// <summary>The inverse of <see cref="Map"/> by as many evaluations as there are features.</summary>
    public Tensor Invert(Tensor y, Tensor? context)
    {
        var x = zeros_like(y);
        for (var i = 0; i < y.size(-1); i++)
        {
            var parts = Evaluate(x, context).chunk(2, -1);
            x = (y - parts[1]) * (-2 * (parts[0] / 2).tanh()).exp();
        }

        return x;
    }

    private Tensor Linear(string layer, string mask, Tensor x) =>
        nn.functional.linear(x, state[$"{layer}.weight"] * state[mask], state[$"{layer}.bias"]);
}
