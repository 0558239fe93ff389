using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Draws of standard distributions, from torch's global generator or from one that is given.</summary>
/// <remarks>A generator draws on its own device only; the same seed then gives the same points on every
/// device.</remarks>
public static class Draws
{
    /// <summary>Standard normal numbers.</summary>
    public static Tensor Normal(long[] shape, ScalarType dtype, Device device, Generator? generator)
    {
        MemoryLimit.CheckPoints(shape);
        if (generator is null)
        {
            return randn(shape, dtype, device);
        }

        using var drawn = randn(shape, dtype, generator.device, generator: generator);
        return drawn.to(device);
    }

    /// <summary>Numbers uniform in [0, 1).</summary>
    public static Tensor Uniform(long[] shape, ScalarType dtype, Device device, Generator? generator)
    {
        MemoryLimit.CheckPoints(shape);
        if (generator is null)
        {
            return rand(shape, dtype, device);
        }

        using var drawn = rand(shape, dtype, generator.device, generator: generator);
        return drawn.to(device);
    }
}
