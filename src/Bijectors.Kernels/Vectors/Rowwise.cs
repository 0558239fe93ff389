using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bijectors.Kernels;

/// <summary>What is done with the rows of small matrices between two products.</summary>
internal static unsafe class Rowwise
{
    /// <summary><c>to += from</c></summary>
    public static void Add<T>(T* from, T* to, long count)
        where T : unmanaged => Combine<Sum, T>(to, from, to, count);

    /// <summary>
    /// <c>values = 0</c> where the active value is not positive (NaN is no such value): the gradient of relu.
    /// </summary>
    public static void KeepWhereActive<T>(T* values, T* active, long count)
        where T : unmanaged => Combine<Gate, T>(values, active, values, count);

    /// <summary><c>to = max(from, 0)</c>; NaN stays NaN.</summary>
    public static void Relu<T>(T* from, T* to, long count)
        where T : unmanaged => Combine<Gate, T>(from, from, to, count);

    /// <summary>The same row in every row.</summary>
    public static void Fill<T>(T* row, Matrix<T> to, int rows, int columns)
        where T : unmanaged
    {
        for (var i = 0; i < rows; i++)
        {
            new Span<T>(row, columns).CopyTo(new(to.At(i, 0), columns));
        }
    }

    /// <summary>Adds a row to every row.</summary>
    public static void AddRow<T>(T* row, Matrix<T> to, int rows, int columns)
        where T : unmanaged
    {
        for (var i = 0; i < rows; i++)
        {
            Add(row, to.At(i, 0), columns);
        }
    }

    /// <summary>Adds all rows to one.</summary>
    public static void AddSum<T>(Matrix<T> from, T* row, int rows, int columns)
        where T : unmanaged
    {
        for (var i = 0; i < rows; i++)
        {
            Add(from.At(i, 0), row, columns);
        }
    }

    private static void Combine<TFunction, T>(T* a, T* b, T* to, long count)
        where TFunction : struct, IFunction
        where T : unmanaged
    {
        var done = Vectors.AreWide ? Combine<TFunction, T, Vector512<T>, WideVectors<T>>(a, b, to, 0, count) : 0;
        done = Combine<TFunction, T, Vector<T>, UsualVectors<T>>(a, b, to, done, count);
        if (done < count)
        {
            var lanes = (int)(count - done);
            Lanes.Store(TFunction.Of<T, Vector<T>, UsualVectors<T>>(
                Lanes.Load(a, done, lanes), Lanes.Load(b, done, lanes)), to, done, lanes);
        }
    }

    /// <summary>From an index on, as far as whole vectors reach; the index behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Combine<TFunction, T, TVector, TVectors>(T* a, T* b, T* to, long index, long count)
        where TFunction : struct, IFunction
        where T : unmanaged
        where TVector : unmanaged
        where TVectors : struct, IVectors<T, TVector>
    {
        var lanes = sizeof(TVector) / sizeof(T);
        for (; index <= count - lanes; index += lanes)
        {
            TVectors.Store(
                TFunction.Of<T, TVector, TVectors>(TVectors.Load(a + index), TVectors.Load(b + index)), to + index);
        }

        return index;
    }

    private interface IFunction
    {
        static abstract TVector Of<T, TVector, TVectors>(TVector a, TVector b)
            where T : unmanaged
            where TVector : unmanaged
            where TVectors : struct, IVectors<T, TVector>;
    }

    private readonly struct Sum : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TVectors>(TVector a, TVector b)
            where T : unmanaged
            where TVector : unmanaged
            where TVectors : struct, IVectors<T, TVector> => TVectors.Add(a, b);
    }

    private readonly struct Gate : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<T, TVector, TVectors>(TVector a, TVector b)
            where T : unmanaged
            where TVector : unmanaged
            where TVectors : struct, IVectors<T, TVector> => TVectors.WhereActive(a, b);
    }
}
