using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The noise between two whole numbers, and how it is added so that rounding down gives the number back.
/// </summary>
internal static class DequantizationNoise
{
    /// <summary>Uniform noise in [0, 1), as fine as the dtype is at all levels.</summary>
    /// <exception cref="ArgumentException">The dtype has no numbers between the highest levels.</exception>
    public static Tensor Uniform(Tensor points, int levels, Generator? generator)
    {
        var dtype = points.dtype;
        var epsilon = Epsilon(dtype);
        if (levels > 1 / epsilon)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"Flow: expected at most {1 / epsilon} levels in {dtype}, got {levels}; beyond, there are ")
                + "no numbers between two levels to add noise with: convert the flow with .to(ScalarType.Float32).");
        }

        if (dtype is ScalarType.Float32 or ScalarType.Float64)
        {
            return Draws.Uniform(points.shape, dtype, points.device, generator);
        }

        // What lies between the highest two levels lies between any other two as well.
        var step = epsilon * Math.Pow(2, Math.Ceiling(Math.Log2(levels)) - 1);
        using var fine = Draws.Uniform(points.shape, ScalarType.Float32, points.device, generator);
        using var scaled = fine / step;
        using var steps = scaled.floor();
        using var coarse = steps * step;
        return coarse.to(dtype);
    }

    /// <summary>Points with noise added, inside of a support and below the next whole number.</summary>
    public static Tensor Add(Tensor points, Tensor noise, Domain support)
    {
        using var sum = points + noise;
        using var noisy = Below(sum, points);
        using var near = support.Nearest(noisy);
        using var change = near - points;
        using var within = change.clamp(0, 1);
        return points + within;
    }

    /// <summary>
    /// The points, but the last number below the next level where a level and noise just below 1 were rounded to it.
    /// </summary>
    private static Tensor Below(Tensor sum, Tensor levels)
    {
        // A positive number of the dtype times the last one below 1 rounds to the last one below it.
        using var next = levels + 1;
        using var last = next * (1 - (Epsilon(levels.dtype) / 2));
        return sum.minimum(last);
    }

    /// <summary>The distance from 1 to the next number.</summary>
    private static double Epsilon(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => double.BitIncrement(1) - 1,
        ScalarType.Float32 => float.BitIncrement(1) - 1,
        ScalarType.Float16 => (double)Half.BitIncrement(Half.One) - 1,
        ScalarType.BFloat16 => 1.0 / 128,
        _ => throw new ArgumentException(
            $"Flow: expected Float64, Float32, Float16 or BFloat16, got {dtype}; convert the flow with .to(...)."),
    };
}
