using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Finds the bijectors in a module that have a reversible mode.</summary>
internal static class ReversibleMode
{
    /// <summary>Switches the outermost ones, which switch those inside them.</summary>
    public static void Set(nn.Module module, bool on)
    {
        if (module is IReversible reversible)
        {
            reversible.SetReversible(on);
            return;
        }

        foreach (var child in module.children())
        {
            Set(child, on);
        }
    }
}
