using System.Numerics;

namespace Bijectors;

/// <summary>Where the result of a convolution goes, and what is done with it.</summary>
/// <param name="start">The frame of the result; its margin stays.</param>
/// <param name="frame">How it lies.</param>
/// <param name="bias">Is added to every pixel; 0 for none.</param>
/// <param name="isRelu">Whether what is negative becomes 0.</param>
/// <param name="active">An image: where it is not positive, the result becomes 0, as the gradient of relu does; 0 for none.</param>
/// <param name="activeFrame">How it lies.</param>
internal readonly unsafe struct ConvolutionResult<T>(nint start, Frame frame, nint bias = 0, bool isRelu = false, nint active = 0, Frame? activeFrame = null)
    where T : unmanaged
{
    /// <summary>The channels of the result.</summary>
    public int Channels => frame.Channels;

    /// <summary>Takes some channels of some pixels.</summary>
    /// <param name="sums">The vectors of each pixel.</param>
    /// <param name="vectors">How many a pixel has.</param>
    /// <param name="pixel">The first pixel, counted row by row.</param>
    /// <param name="pixels">How many there are.</param>
    /// <param name="column">The first channel.</param>
    public void Store(Vector<T>* sums, int vectors, int pixel, int pixels, int column)
    {
        var places = frame.Places.AsSpan(pixel, pixels);
        var activePlaces = activeFrame is null ? default : activeFrame.Places.AsSpan(pixel, pixels);
        for (var vector = 0; vector < vectors; vector++)
        {
            var channel = column + (vector * Vector<T>.Count);
            var lanes = Math.Min(Vector<T>.Count, frame.Channels - channel);
            var constant = Lanes.Load((T*)bias, channel, lanes);
            var to = (T*)start + channel;
            var from = (T*)active + channel;
            for (var row = 0; row < places.Length; row++)
            {
                var value = sums[(row * vectors) + vector] + constant;
                if (isRelu)
                {
                    value = Rowwise.WhereActive(value, value);
                }

                if (activeFrame is not null)
                {
                    value = Rowwise.WhereActive(value, Lanes.Load(from, activePlaces[row], lanes));
                }

                Lanes.Store(value, to, places[row], lanes);
            }
        }
    }
}
