using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference;

/// <summary>Copies weights of other libraries into modules, by the names of the state dict.</summary>
internal static class Weights
{
    /// <summary>
    /// A module in float64 with the given entries of its state dict replaced; every name must be there.
    /// </summary>
    public static T With<T>(this T module, params (string Name, Tensor Value)[] entries)
        where T : nn.Module
    {
        module.to(ScalarType.Float64);
        using var gradients = no_grad();
        var state = module.state_dict();
        foreach (var (name, value) in entries)
        {
            Assert.Equal(state[name].shape, value.shape);
            state[name].copy_(value);
        }

        return module;
    }

    /// <summary>Rows that alternate between two kinds of outputs, with the even ones first.</summary>
    public static Tensor Uninterleaved(this Tensor rows)
    {
        var count = rows.shape[0];
        return cat([rows.slice(0, 0, count, 2), rows.slice(0, 1, count, 2)]);
    }
}
