using System.Numerics;

namespace Bijectors;

/// <summary>Where the result of a convolution goes, and what is done with it.</summary>
/// <param name="Start">The frame of the result; its margin stays.</param>
/// <param name="Frame">How it lies.</param>
/// <param name="Bias">Is added to every pixel; 0 for none.</param>
/// <param name="IsRelu">Whether what is negative becomes 0.</param>
/// <param name="Active">An image: where it is not positive, the result becomes 0, as the gradient of relu does; 0 for none.</param>
/// <param name="ActiveFrame">How it lies.</param>
internal readonly unsafe record struct ConvolutionResult<T>(nint Start, Frame Frame, nint Bias = 0, bool IsRelu = false, nint Active = 0, Frame ActiveFrame = default)
    where T : unmanaged
{
    /// <summary>Takes some channels of some pixels.</summary>
    /// <param name="sums">The vectors of each pixel.</param>
    /// <param name="vectors">How many a pixel has.</param>
    /// <param name="pixel">The first pixel, counted row by row.</param>
    /// <param name="pixels">How many there are.</param>
    /// <param name="column">The first channel.</param>
    public void Store(Vector<T>* sums, int vectors, int pixel, int pixels, int column)
    {
        for (var row = 0; row < pixels; row++)
        {
            var (y, x) = Math.DivRem(pixel + row, Frame.Width);
            var to = (T*)Start + Frame.At(y, x);
            var active = Active == 0 ? null : (T*)Active + ActiveFrame.At(y, x);
            for (var vector = 0; vector < vectors; vector++)
            {
                var channel = column + (vector * Vector<T>.Count);
                var lanes = Math.Min(Vector<T>.Count, Frame.Channels - channel);
                var value = sums[(row * vectors) + vector] + Lanes.Load((T*)Bias, channel, lanes);
                if (IsRelu)
                {
                    value = Rowwise.WhereActive(value, value);
                }

                if (active != null)
                {
                    value = Rowwise.WhereActive(value, Lanes.Load(active, channel, lanes));
                }

                Lanes.Store(value, to, channel, lanes);
            }
        }
    }
}
