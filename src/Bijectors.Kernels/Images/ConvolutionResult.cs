using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bijectors.Kernels;

/// <summary>Where the result of a convolution goes, and what is done with it.</summary>
/// <param name="start">The frame of the result; its margin stays.</param>
/// <param name="frame">How it lies.</param>
/// <param name="bias">Is added to every pixel; 0 for none.</param>
/// <param name="isRelu">Whether what is negative becomes 0.</param>
/// <param name="active">An image: where it is not positive, the result becomes 0, as the gradient of relu does; 0
/// for none.</param>
/// <param name="activeFrame">How it lies.</param>
internal readonly unsafe struct ConvolutionResult<T>(
    nint start, Frame frame, nint bias = 0, bool isRelu = false, nint active = 0, Frame? activeFrame = null)
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

    private void Store<TEnd>(T* sums, int step, int pixel, int pixels, int channel)
        where TEnd : struct, IEnd
    {
        var end = Math.Min(channel + step, frame.Channels);
        if (Vectors.AreWide)
        {
            for (; channel <= end - Vector512<T>.Count; channel += Vector512<T>.Count, sums += Vector512<T>.Count)
            {
                Store<TEnd, Vector512<T>, WideVectors<T>>(sums, step, pixel, pixels, channel);
            }
        }

        for (; channel <= end - Vector<T>.Count; channel += Vector<T>.Count, sums += Vector<T>.Count)
        {
            Store<TEnd, Vector<T>, UsualVectors<T>>(sums, step, pixel, pixels, channel);
        }

        if (channel < end)
        {
            StoreRest<TEnd>(sums, step, pixel, pixels, channel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Store<TEnd, TVector, TVectors>(T* sums, int step, int pixel, int pixels, int channel)
        where TEnd : struct, IEnd
        where TVector : unmanaged
        where TVectors : struct, IVectors<T, TVector>
    {
        var constant = bias == 0 ? default : TVectors.Load((T*)bias + channel);
        var to = (T*)start + channel;
        var from = (T*)active + channel;
        var places = frame.Places.AsSpan(pixel, pixels);
        var activePlaces = TEnd.ReadsActive ? activeFrame!.Places.AsSpan(pixel, pixels) : places;
        for (var i = 0; i < places.Length && i < activePlaces.Length; i++, sums += step)
        {
            var other = TEnd.ReadsActive ? TVectors.Load(from + activePlaces[i]) : default;
            TVectors.Store(
                TEnd.Of<TVector, TVectors>(TVectors.Add(TVectors.Load(sums), constant), other), to + places[i]);
        }
    }

    /// <summary>What is left of the channels, less than a vector.</summary>
    private void StoreRest<TEnd>(T* sums, int step, int pixel, int pixels, int channel)
        where TEnd : struct, IEnd
    {
        var lanes = frame.Channels - channel;
        var constant = Lanes.Load((T*)bias, channel, lanes);
        var to = (T*)start + channel;
        var from = (T*)active + channel;
        var places = frame.Places.AsSpan(pixel, pixels);
        var activePlaces = TEnd.ReadsActive ? activeFrame!.Places.AsSpan(pixel, pixels) : places;
        for (var i = 0; i < places.Length && i < activePlaces.Length; i++, sums += step)
        {
            var other = TEnd.ReadsActive ? Lanes.Load(from, activePlaces[i], lanes) : default;
            Lanes.Store(TEnd.Of<Vector<T>, UsualVectors<T>>(Vector.Load(sums) + constant, other), to, places[i], lanes);
        }
    }

    /// <summary>What is done with a sum.</summary>
    private interface IEnd
    {
        static abstract bool ReadsActive { get; }

        static abstract TVector Of<TVector, TVectors>(TVector sum, TVector active)
            where TVector : unmanaged
            where TVectors : struct, IVectors<T, TVector>;
    }

    private readonly struct Plain : IEnd
    {
        public static bool ReadsActive => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector, TVectors>(TVector sum, TVector active)
            where TVector : unmanaged
            where TVectors : struct, IVectors<T, TVector> => sum;
    }

    private readonly struct Relu : IEnd
    {
        public static bool ReadsActive => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector, TVectors>(TVector sum, TVector active)
            where TVector : unmanaged
            where TVectors : struct, IVectors<T, TVector> => TVectors.WhereActive(sum, sum);
    }

    private readonly struct Gated : IEnd
    {
        public static bool ReadsActive => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector, TVectors>(TVector sum, TVector active)
            where TVector : unmanaged
            where TVectors : struct, IVectors<T, TVector> => TVectors.WhereActive(sum, active);
    }
}
