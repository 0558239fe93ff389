using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bijectors;

/// <summary>What is done with the rows of small matrices between two products.</summary>
internal static unsafe class Rowwise
{
    /// <summary><c>to += from</c></summary>
    public static void Add<T>(T* from, T* to, long count)
        where T : unmanaged => Combine<Sum<T>, T>(to, from, to, count);

    /// <summary><c>values = 0</c> where the active value is not positive (NaN is no such value): the gradient of relu.</summary>
    public static void KeepWhereActive<T>(T* values, T* active, long count)
        where T : unmanaged => Combine<Gate<T>, T>(values, active, values, count);

    /// <summary><c>to = max(from, 0)</c>; NaN stays NaN.</summary>
    public static void Relu<T>(T* from, T* to, long count)
        where T : unmanaged => Combine<Gate<T>, T>(from, from, to, count);

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

    /// <summary>The values where the active ones are positive or NaN, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> WhereActive<T>(Vector<T> values, Vector<T> active)
        where T : unmanaged => Vector.ConditionalSelect(Vector.LessThanOrEqual(active, Vector<T>.Zero), Vector<T>.Zero, values);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine<TFunction, T>(T* a, T* b, T* to, long count)
        where TFunction : struct, IFunction<T>
        where T : unmanaged
    {
        var i = 0L;
        for (; i <= count - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector.Store(TFunction.Of(Vector.Load(a + i), Vector.Load(b + i)), to + i);
        }

        if (i < count)
        {
            var lanes = (int)(count - i);
            Lanes.Store(TFunction.Of(Lanes.Load(a, i, lanes), Lanes.Load(b, i, lanes)), to, i, lanes);
        }
    }

    private interface IFunction<T>
    {
        static abstract Vector<T> Of(Vector<T> a, Vector<T> b);
    }

    private readonly struct Sum<T> : IFunction<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Of(Vector<T> a, Vector<T> b) => a + b;
    }

    private readonly struct Gate<T> : IFunction<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector<T> Of(Vector<T> a, Vector<T> b) => WhereActive(a, b);
    }
}
