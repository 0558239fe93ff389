using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bijectors.Kernels;

/// <summary>A function of three numbers that gives two, for vectors of them.</summary>
internal interface IPointwise<T>
    where T : unmanaged
{
    /// <summary>The first result; what a function does not use is 0.</summary>
    Vector<T> Of(Vector<T> a, Vector<T> b, Vector<T> c, out Vector<T> second);
}

/// <summary>Applies a function to numbers of up to three tensors, all threads together.</summary>
internal static unsafe class Pointwise
{
    /// <param name="function">The function.</param>
    /// <param name="a">Rows of numbers.</param>
    /// <param name="b">As many; empty for none.</param>
    /// <param name="c">As many; empty for none.</param>
    /// <param name="first">Takes the first results, one after another.</param>
    /// <param name="second">Takes the second; null for none.</param>
    /// <param name="count">How many numbers there are in all rows.</param>
    public static void Run<TFunction, T>(
        TFunction function, Rows<T> a, Rows<T> b, Rows<T> c, nint first, nint second, long count)
        where TFunction : struct, IPointwise<T>
        where T : unmanaged =>
        Workers.Run(count, (from, to) => Run(function, a, b, c, (T*)first, (T*)second, from, to));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TFunction, T>(
        TFunction function, in Rows<T> a, in Rows<T> b, in Rows<T> c, T* first, T* second, long from, long to)
        where TFunction : struct, IPointwise<T>
        where T : unmanaged
    {
        for (var start = from; start < to;)
        {
            var row = start / a.Count;
            var end = Math.Min(to, (row + 1) * a.Count);
            var column = start - (row * a.Count);
            var (atA, atB, atC) = (a.At(row), b.At(row), c.At(row));
            for (var i = start; i < end; i += Vector<T>.Count, column += Vector<T>.Count)
            {
                var lanes = (int)Math.Min(Vector<T>.Count, end - i);
                var result = function.Of(Lanes.Load((T*)atA, column, lanes), Lanes.Load((T*)atB, column, lanes),
                    Lanes.Load((T*)atC, column, lanes), out var other);
                Lanes.Store(result, first, i, lanes);
                Lanes.Store(other, second, i, lanes);
            }

            start = end;
        }
    }
}
