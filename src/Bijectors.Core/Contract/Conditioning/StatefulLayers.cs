using TorchSharp;

namespace Bijectors;

/// <summary>Layers of torch that do not give the same values when they are run again.</summary>
internal static class StatefulLayers
{
    private const string Drops = "drops other entries at every call";
    private const string Batch = "reads the whole batch while it trains";
    private const string Slopes = "draws its slopes anew at every call";

    /// <summary>Refuses a network that holds such a layer.</summary>
    /// <exception cref="InvalidOperationException">It does.</exception>
    public static void Check(Conditioner network)
    {
        foreach (var (name, module) in network.named_modules())
        {
            if (Does(module.GetType()) is { } does)
            {
                throw new InvalidOperationException(
                    $"{network.GetType().Name}: expected a network that gives the same values in both directions of "
                    + $"a bijector, got one with a {module.GetType().Name} ('{name}'), which {does}: "
                    + "the inverse would undo "
                    + "another map than the forward one; leave the layer out.");
            }
        }
    }

    /// <summary>Refuses a module in which a network holds such a layer.</summary>
    /// <exception cref="InvalidOperationException">One does.</exception>
    public static void CheckInside(torch.nn.Module module)
    {
        foreach (var inner in module.modules())
        {
            (inner as Conditioner)?.CheckLayers();
        }
    }

    /// <summary>What a layer does that a network of a bijector must not; null for nothing of the kind.</summary>
    internal static string? Does(Type layer) => layer.Namespace != "TorchSharp.Modules" ? null : layer.Name switch
    {
        "Dropout" or "Dropout1d" or "Dropout2d" or "Dropout3d" or "AlphaDropout" or "FeatureAlphaDropout" => Drops,
        "BatchNorm1d" or "BatchNorm2d" or "BatchNorm3d" => Batch,
        "RReLU" => Slopes,
        _ => null,
    };
}
