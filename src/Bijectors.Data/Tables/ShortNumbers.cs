using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Numbers of a tensor as those of a file.</summary>
internal static class ShortNumbers
{
    /// <summary>
    /// The numbers in float64, row by row. Of a tensor with fewer digits those whose text is the shortest that gives
    /// its numbers again: 0.1 in the place of 0.10000000149011612.
    /// </summary>
    public static double[] Of(Tensor values)
    {
        using var exact = values.detach().to(ScalarType.Float64, CPU).contiguous();
        var numbers = exact.data<double>().ToArray();
        return values.dtype is ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16
            ? Array.ConvertAll(numbers, Shortest)
            : numbers;
    }

    private static double Shortest(double number) => double.IsFinite(number)
        ? double.Parse(((float)number).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : number;
}
