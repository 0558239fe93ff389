using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

public sealed partial class Flow
{
    /// <summary>
    /// Turns whole numbers into points of the density: adds noise, uniform in [0, 1), as fine as the dtype is there. A flow without <see cref="Levels"/>
    /// adds none.
    /// </summary>
    /// <param name="levels">Data 0..Levels-1 of any dtype, <c>(batch..., event...)</c>.</param>
    /// <param name="generator">What the noise is drawn from.</param>
    /// <returns>A fresh tensor of the same shape in the dtype of the flow; <see cref="Quantize"/> gives the data
    /// back.</returns>
    /// <exception cref="ArgumentException">The dtype of the flow has no numbers between the highest levels.</exception>
    /// <remarks>In float16 and bfloat16 the noise keeps to numbers that can be added to every level without rounding, which
    /// are few. Source: Theis, van den Oord, Bethge 2016, A note on the evaluation of generative models, arXiv
    /// 1511.01844, section 3.1.</remarks>
    public Tensor Dequantize(Tensor levels, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(generator);
        using var points = levels.to(@base.Dtype);
        if (Levels is not { } count)
        {
            return points.alias();
        }

        using var noise = Noise(levels.shape, count, generator);
        using var here = noise.to(levels.device);

        // Where the support ends at 0 and at Levels, noise of 0 and of nearly 1 would come upon its ends. What is no level stays outside.
        using var sum = points + here;
        using var noisy = Below(sum, points);
        using var near = transform.Domain.Nearest(noisy);
        using var change = near - points;
        using var within = change.clamp(0, 1);
        return points + within;
    }

    /// <summary>Turns points of the density into whole numbers: rounds down, into 0..Levels-1. A flow without
    /// <see cref="Levels"/> leaves them.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <returns>A fresh tensor of the same shape and dtype.</returns>
    public Tensor Quantize(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Levels is not { } count)
        {
            return x.alias();
        }

        using var floor = x.floor();
        return floor.clamp(0, count - 1);
    }

    /// <summary>The points, but the last number below the next level where a level and noise just below 1 were rounded to it.</summary>
    private Tensor Below(Tensor sum, Tensor levels)
    {
        // A positive number of the dtype times the last one below 1 rounds to the last one below it.
        using var next = levels + 1;
        using var last = next * (1 - (Epsilon(@base.Dtype) / 2));
        return sum.minimum(last);
    }

    private Tensor Noise(long[] shape, int count, Generator generator)
    {
        var dtype = @base.Dtype;
        var epsilon = Epsilon(dtype);
        if (count > 1 / epsilon)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Flow: expected at most {1 / epsilon} levels in {dtype}, got {count}; beyond, there are ")
                + "no numbers between two levels to add noise with: convert the flow with .to(ScalarType.Float32).");
        }

        if (dtype is ScalarType.Float32 or ScalarType.Float64)
        {
            return rand(shape, dtype, generator.device, generator: generator);
        }

        // What lies between the highest two levels lies between any other two as well.
        var step = epsilon * Math.Pow(2, Math.Ceiling(Math.Log2(count)) - 1);
        using var fine = rand(shape, ScalarType.Float32, generator.device, generator: generator);
        using var scaled = fine / step;
        using var steps = scaled.floor();
        using var coarse = steps * step;
        return coarse.to(dtype);
    }

    /// <summary>The distance from 1 to the next number.</summary>
    private static double Epsilon(ScalarType dtype) => dtype switch
    {
        ScalarType.Float64 => double.BitIncrement(1) - 1,
        ScalarType.Float32 => float.BitIncrement(1) - 1,
        ScalarType.Float16 => (double)Half.BitIncrement(Half.One) - 1,
        ScalarType.BFloat16 => 1.0 / 128,
        _ => throw new ArgumentException($"Flow: expected Float64, Float32, Float16 or BFloat16, got {dtype}; convert the flow with .to(...)."),
    };
}
