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

    /// <summary>Rows that alternate between kinds of outputs, with all of the first kind first, then of the
    /// second.</summary>
    public static Tensor Uninterleaved(this Tensor rows, int kinds = 2) =>
        rows.unflatten(0, [-1, kinds]).transpose(0, 1).flatten(0, 1);

    /// <summary>Batch normalisation whose mean and variance are fixed, as a scale and a shift.</summary>
    public static (Tensor Scale, Tensor Shift) BatchNorm(this ReferenceCase reference, string theirs)
    {
        var scale = reference.Input(theirs + "weight") / (reference.Input(theirs + "running_var") + 1e-3).sqrt();
        return (scale, reference.Input(theirs + "bias") - (reference.Input(theirs + "running_mean") * scale));
    }
}
