using static TorchSharp.torch;

namespace Bijectors;

public sealed partial class Chain
{
    private ReversibleChain? _reversible;

    void IReversible.SetReversible(bool on)
    {
        _reversible = on ? new(_layers) : null;
        for (var i = 0; i < _layers.Length; i++)
        {
            ReversibleMode.Set(_layers[i], on && !_reversible!.IsWhole(i));
        }
    }

    IEnumerable<ReversibleLayer> IReversible.ReversibleLayers(string name)
    {
        if (_reversible is null)
        {
            yield break;
        }

        for (var i = 0; i < _layers.Length; i++)
        {
            var (source, reason) = _reversible.Source(i);
            yield return new($"{name}.{nameof(layers)}.{i}", _layers[i].ToString(), source, reason);
        }
    }

    /// <summary>The reversible mode, where it is on and a graph is made.</summary>
    private ReversibleChain? Reversing() =>
        _reversible is not null && is_grad_enabled() && !ReversibleChain.IsSuspended ? _reversible : null;
}
