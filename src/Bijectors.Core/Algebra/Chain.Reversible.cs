using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

public sealed partial class Chain
{
    private ReversibleChain? _reversible;

    /// <summary>Switches the reversible mode of the chains in a module, see <see cref="Flow.Reversible"/>.</summary>
    internal static void SetReversible(nn.Module module, bool on)
    {
        if (module is not Chain chain)
        {
            foreach (var child in module.children())
            {
                SetReversible(child, on);
            }

            return;
        }

        chain._reversible = on ? new(chain._layers) : null;
        for (var i = 0; i < chain._layers.Length; i++)
        {
            SetReversible(chain._layers[i], on && !chain._reversible!.IsWhole(i));
        }
    }

    /// <summary>What reversible training does with each layer; nothing where it is off.</summary>
    internal IEnumerable<ReversibleLayer> ReversibleLayers(string name)
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
    private ReversibleChain? Reversing() => _reversible is not null && is_grad_enabled() && !ReversibleChain.IsSuspended ? _reversible : null;
}
