using Bijectors.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Interactive;

/// <summary>The numbers of a tensor, copied.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Numbers">Its numbers, the last dimension fastest.</param>
internal sealed record TensorValues(long[] Shape, double[] Numbers)
{
    // What has fewer rows or columns is a table, and what is much longer than wide a list.
    private const long LeastSide = 8;
    private const long MostSide = 1024;
    private const double MostRatio = 4;

    // A picture is enlarged to about so many pixels.
    private const long ShownSide = 256;

    private IEnumerable<double> Finite => Numbers.Where(double.IsFinite);

    /// <summary>The least finite number; NaN where there is none.</summary>
    public double Least { get; } = Numbers.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Min();

    /// <summary>The greatest finite number; NaN where there is none.</summary>
    public double Greatest { get; } = Numbers.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();

    /// <summary>The mean of the finite numbers; NaN where there is none.</summary>
    public double Mean => Finite.DefaultIfEmpty(double.NaN).Average();

    /// <summary>How many numbers are NaN or infinite.</summary>
    public int NotFinite => Numbers.Length - Finite.Count();

    /// <summary>Copies the numbers of a tensor, wherever it is.</summary>
    /// <param name="tensor">The tensor.</param>
    public static TensorValues Of(Tensor tensor)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var numbers = tensor.detach().cpu().to(ScalarType.Float64).contiguous();
        return new([.. tensor.shape], numbers.data<double>().ToArray());
    }

    /// <summary>
    /// The picture of what looks like an image, grey (height, width) or (1 or 3, height, width), as PNG; null for all
    /// else. The least number is black and the greatest white.
    /// </summary>
    public byte[]? AsImage()
    {
        if (Shape is not ([_, _] or [1 or 3, _, _]) || NotFinite > 0 || !(Least < Greatest))
        {
            return null;
        }

        var (height, width) = (Shape[^2], Shape[^1]);
        var (shorter, longer) = (Math.Min(height, width), Math.Max(height, width));
        if (shorter < LeastSide || longer > MostSide || longer > MostRatio * shorter)
        {
            return null;
        }

        var shares = Numbers.Select(number => (float)((number - Least) / (Greatest - Least))).ToArray();
        using var scope = NewDisposeScope();
        var channels = Shape.Length == 3 ? Shape[0] : 1;
        return PngImage.EncodeGrid(
            tensor(shares, [1, channels, height, width]), columns: 1, scale: (int)Math.Max(1, ShownSide / longer),
            gap: 0);
    }
}
