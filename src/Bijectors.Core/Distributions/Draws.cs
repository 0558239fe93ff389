using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Draws of standard distributions, from torch's global generator or from one that is given.</summary>
/// <remarks>A generator draws on its own device only; the same seed then gives the same points on every
/// device.</remarks>
public static class Draws
{
    /// <summary>Standard normal numbers.</summary>
    public static Tensor Normal(long[] shape, ScalarType dtype, Device device, Generator? generator) =>
        On(shape, device, generator, at => randn(shape, dtype, at, generator: generator));

    /// <summary>Numbers uniform in [0, 1).</summary>
    public static Tensor Uniform(long[] shape, ScalarType dtype, Device device, Generator? generator) =>
        On(shape, device, generator, at => rand(shape, dtype, at, generator: generator));

    private static Tensor On(long[] shape, Device device, Generator? generator, Func<Device, Tensor> draw)
    {
        MemoryLimit.CheckPoints(shape);
        if (generator is null)
        {
            return draw(device);
        }

        using var drawn = draw(generator.device);
        return drawn.to(device);
    }
}
