using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Initial values of parameters, drawn from explicit generators; parameters outlive every dispose scope.
/// </summary>
public static class Initial
{
    /// <summary>Entries uniform in <c>(-bound, bound)</c>.</summary>
    public static Parameter Uniform(double bound, Generator generator, params long[] shape)
    {
        MemoryLimit.Take(shape);
        using var unit = rand(shape, ScalarType.Float32, generator: generator);
        return Parameter((2 * unit - 1) * bound);
    }

    /// <summary>Entries of one value.</summary>
    public static Parameter Constant(double value, params long[] shape)
    {
        MemoryLimit.Take(shape);
        return Parameter(full(shape, value, ScalarType.Float32));
    }

    /// <summary>A parameter that starts as a given tensor, which it takes over.</summary>
    public static Parameter Parameter(Tensor value)
    {
        var parameter = nn.Parameter(value);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    /// <summary>A buffer that starts as a given tensor, which it takes over.</summary>
    public static Tensor Buffer(Tensor value) => value.DetachFromDisposeScope();

    /// <summary>
    /// A constant with the value that a parameter or a buffer has now; what becomes of that later does not reach it.
    /// </summary>
    public static Tensor Snapshot(Tensor value)
    {
        using var values = value.detach();
        return values.clone().DetachFromDisposeScope();
    }
}
