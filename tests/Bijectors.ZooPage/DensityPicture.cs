using SkiaSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.ZooPage;

/// <summary>A density on the plane as a picture: the darker, the denser.</summary>
internal static class DensityPicture
{
    private const int Width = 150;
    private const int Height = 100;
    private const double Brightest = 0.55;
    private static readonly (double From, double To) s_x = (-1.7, 2.8);
    private static readonly (double From, double To) s_y = (-1.25, 1.75);

    /// <summary>A picture as PNG.</summary>
    /// <param name="logProb">log p of points <c>(N, 2)</c>.</param>
    public static byte[] Of(Func<Tensor, Tensor> logProb)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var x = linspace(s_x.From, s_x.To, Width);
        var y = linspace(s_y.To, s_y.From, Height);
        var points = stack([x.repeat(Height), y.repeat_interleave(Width)], 1);
        var density = logProb(points).to(ScalarType.Float64).exp().data<double>().ToArray();
        using var bitmap = new SKBitmap(Width, Height, SKColorType.Rgb888x, SKAlphaType.Opaque);
        for (var i = 0; i < density.Length; i++)
        {
            var share = Math.Min(1, Math.Max(0, density[i]) / Brightest);
            bitmap.SetPixel(i % Width, i / Width, Mixed(share));
        }

        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return encoded.ToArray();
    }

    private static SKColor Mixed(double share) =>
        new((byte)(255 - (230 * share)), (byte)(255 - (170 * share)), (byte)(255 - (105 * share)));
}
