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
    /// <param name="sums">Those of each pixel, one after another, and what fills up its vectors.</param>
    /// <param name="width">From a pixel to the next.</param>
    /// <param name="pixel">The first pixel, counted row by row.</param>
    /// <param name="pixels">How many there are.</param>
    /// <param name="column">The first channel.</param>
    public void Store(T* sums, int width, int pixel, int pixels, int column)
    {
        var end = Math.Min(column + width, frame.Channels);
        for (; column < end; column += Vector<T>.Count, sums += Vector<T>.Count)
        {
            if (activeFrame is not null)
            {
                Store<Gated>(sums, width, pixel, pixels, column);
            }
            else if (isRelu)
            {
                Store<Relu>(sums, width, pixel, pixels, column);
            }
            else
            {
                Store<Plain>(sums, width, pixel, pixels, column);
            }
        }
    }

    private void Store<TEnd>(T* sums, int step, int pixel, int pixels, int channel)
        where TEnd : struct, IEnd
    {
        var lanes = Math.Min(Vector<T>.Count, frame.Channels - channel);
        var constant = Lanes.Load((T*)bias, channel, lanes);
        var to = (T*)start + channel;
        var from = (T*)active + channel;
        var places = frame.Places.AsSpan(pixel, pixels);
        var activePlaces = TEnd.ReadsActive ? activeFrame!.Places.AsSpan(pixel, pixels) : places;
        if (lanes == Vector<T>.Count)
        {
            for (var i = 0; i < places.Length && i < activePlaces.Length; i++, sums += step)
            {
                var other = TEnd.ReadsActive ? Vector.Load(from + activePlaces[i]) : default;
                Vector.Store(TEnd.Of(Vector.Load(sums) + constant, other), to + places[i]);
            }

            return;
        }

        for (var i = 0; i < places.Length && i < activePlaces.Length; i++, sums += step)
        {
            var other = TEnd.ReadsActive ? Lanes.Load(from, activePlaces[i], lanes) : default;
            Lanes.Store(TEnd.Of(Vector.Load(sums) + constant, other), to, places[i], lanes);
        }
    }

    /// <summary>What is done with a sum.</summary>
    private interface IEnd
    {
        static abstract bool ReadsActive { get; }

        static abstract Vector<T> Of(Vector<T> sum, Vector<T> active);
    }

    private readonly struct Plain : IEnd
    {
        public static bool ReadsActive => false;

        public static Vector<T> Of(Vector<T> sum, Vector<T> active) => sum;
    }

    private readonly struct Relu : IEnd
    {
        public static bool ReadsActive => false;

        public static Vector<T> Of(Vector<T> sum, Vector<T> active) => Rowwise.WhereActive(sum, sum);
    }

    private readonly struct Gated : IEnd
    {
        public static bool ReadsActive => true;

        public static Vector<T> Of(Vector<T> sum, Vector<T> active) => Rowwise.WhereActive(sum, active);
    }
}
