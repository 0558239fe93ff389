using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

public sealed partial class Flow
{
    /// <summary>
    /// Turns whole numbers into points of the density: adds noise, uniform in [0, 1). A flow without <see cref="Levels"/>
    /// adds none.
    /// </summary>
    /// <param name="levels">Data 0..Levels-1 of any dtype, <c>(batch..., event...)</c>.</param>
    /// <param name="generator">What the noise is drawn from.</param>
    /// <returns>A fresh tensor of the same shape in the dtype of the flow; <see cref="Quantize"/> gives the data
    /// back.</returns>
    /// <remarks>Source: Theis, van den Oord, Bethge 2016, A note on the evaluation of generative models, arXiv
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

        // Rounded to the dtype, a level and noise just below 1 would make the next level; the noise stops that much earlier.
        var epsilon = @base.Dtype == ScalarType.Float64 ? double.BitIncrement(1) - 1 : (double)(float.BitIncrement(1) - 1);
        using var unit = rand(levels.shape, @base.Dtype, generator.device, generator: generator);
        using var noise = unit * (1 - (count * epsilon));
        using var here = noise.to(levels.device);

        // Where the support ends at 0 and at Levels, noise of 0 and of nearly 1 would come upon its ends. What is no level stays outside.
        using var noisy = points + here;
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
}
