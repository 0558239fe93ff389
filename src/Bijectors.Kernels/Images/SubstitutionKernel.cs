using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Solves <c>x[p] + sum_k A_k x[p - o_k] = y[p]</c> pixel after pixel, as many images at a time as a vector has lanes.
/// </summary>
internal static unsafe class SubstitutionKernel
{
    /// <summary>Solves for images, in memory that a processor reads.</summary>
    /// <inheritdoc cref="FusedSubstitution.Solve"/>
    public static Tensor Solve(Tensor y, Tensor taps, TapOrder order) => y.dtype == ScalarType.Float32
        ? Solve<float>(y, taps, order)
        : Solve<double>(y, taps, order);

    private static Tensor Solve<T>(Tensor y, Tensor taps, TapOrder order)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        var (count, channels, height, width) = (y.size(0), y.size(1), y.size(2), y.size(3));
        var lanes = Vectors.Lanes<T>();
        var blocks = (count + lanes - 1) / lanes;

        // The images of a block lie in the lanes: (blocks, pixels, channels, lanes).
        var filled = blocks * lanes == count
            ? y
            : cat([y, zeros([(blocks * lanes) - count, channels, height, width], y.dtype)], 0);
        var packed = empty([blocks, height * width, channels, lanes], y.dtype);
        packed.copy_(filled.reshape(blocks, lanes, channels, height * width).permute(0, 3, 2, 1));

        // (K, from, to): the outputs of one input lie side by side.
        var weights = -taps.mT;
        using (var memory = new TensorMemory())
        {
            var plan = new Plan(order, (int)channels, (int)height, (int)width);
            var (points, factors) = (memory.Of(packed), memory.OfContiguous(weights));
            var size = height * width * channels * lanes;
            Workers.Each(blocks, block =>
            {
                var first = (T*)points + (block * size);
                if (Vectors.AreWide)
                {
                    Solve<T, Vector512<T>, WideVectors<T>>(first, (T*)factors, plan);
                }
                else
                {
                    Solve<T, Vector<T>, UsualVectors<T>>(first, (T*)factors, plan);
                }
            });
        }

        var images = packed.permute(0, 3, 2, 1).reshape(blocks * lanes, channels, height, width);
        return images.narrow(0, 0, count).clone().MoveToOuterDisposeScope();
    }

    /// <summary>Solves for one block, in the place of y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Solve<T, TVector, TVectors>(T* points, T* weights, Plan plan)
        where T : unmanaged
        where TVector : unmanaged
        where TVectors : struct, IVectors<T, TVector>
    {
        var lanes = sizeof(TVector) / sizeof(T);
        var (channels, height, width, taps) = (plan.Channels, plan.Height, plan.Width, plan.Taps);
        var sources = stackalloc T*[taps.Length];
        var factors = stackalloc T*[taps.Length];
        for (var pixel = 0; pixel < height * width; pixel++)
        {
            var (row, column, seen) = (pixel / width, pixel % width, 0);
            for (var k = 0; k < taps.Length; k++)
            {
                var (fromRow, fromColumn) = (row - taps[k].Down, column - taps[k].Right);
                if (fromRow >= 0 && fromColumn >= 0 && fromColumn < width)
                {
                    sources[seen] = points + ((long)plan.Place(fromRow, fromColumn) * channels * lanes);
                    factors[seen++] = weights + ((long)k * channels * channels);
                }
            }

            var point = points + ((long)plan.Place(row, column) * channels * lanes);
            var output = 0;
            for (; output + 4 <= channels; output += 4)
            {
                var to = point + (output * lanes);
                var (a, b) = (TVectors.Load(to), TVectors.Load(to + lanes));
                var (c, d) = (TVectors.Load(to + (2 * lanes)), TVectors.Load(to + (3 * lanes)));
                for (var k = 0; k < seen; k++)
                {
                    var from = sources[k];
                    var factor = factors[k] + output;
                    for (var i = 0; i < channels; i++, from += lanes, factor += channels)
                    {
                        var x = TVectors.Load(from);
                        a = TVectors.MultiplyAdd(TVectors.Of(factor[0]), x, a);
                        b = TVectors.MultiplyAdd(TVectors.Of(factor[1]), x, b);
                        c = TVectors.MultiplyAdd(TVectors.Of(factor[2]), x, c);
                        d = TVectors.MultiplyAdd(TVectors.Of(factor[3]), x, d);
                    }
                }

                TVectors.Store(a, to);
                TVectors.Store(b, to + lanes);
                TVectors.Store(c, to + (2 * lanes));
                TVectors.Store(d, to + (3 * lanes));
            }

            for (; output < channels; output++)
            {
                var to = point + (output * lanes);
                var sum = TVectors.Load(to);
                for (var k = 0; k < seen; k++)
                {
                    var from = sources[k];
                    var factor = factors[k] + output;
                    for (var i = 0; i < channels; i++, from += lanes, factor += channels)
                    {
                        sum = TVectors.MultiplyAdd(TVectors.Of(*factor), TVectors.Load(from), sum);
                    }
                }

                TVectors.Store(sum, to);
            }
        }
    }

    /// <summary>Sizes, and where a pixel of the order lies in an image.</summary>
    private sealed class Plan(TapOrder order, int channels, int height, int width)
    {
        public int Channels => channels;

        public int Height => height;

        public int Width => width;

        public (int Down, int Right)[] Taps { get; } = [.. order.Taps];

        public int Place(int row, int column) =>
            ((order.FromBottom ? height - 1 - row : row) * width) + (order.FromRight ? width - 1 - column : column);
    }
}
