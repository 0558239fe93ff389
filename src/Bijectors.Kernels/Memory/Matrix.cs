using System.Runtime.CompilerServices;

namespace Bijectors.Kernels;

/// <summary>A matrix in memory: element (i, j) is at <c>Start + i RowStride + j ColumnStride</c>.</summary>
internal readonly unsafe struct Matrix<T>(T* start, long rowStride, long columnStride = 1)
    where T : unmanaged
{
    public T* Start => start;

    public long RowStride => rowStride;

    public long ColumnStride => columnStride;

    /// <summary>The same numbers, rows and columns exchanged.</summary>
    public Matrix<T> Transposed => new(start, columnStride, rowStride);

    /// <summary>The rows from one on.</summary>
    public Matrix<T> From(long row) => new(start + (row * rowStride), rowStride, columnStride);

    /// <summary>The columns from one on.</summary>
    public Matrix<T> Columns(long column) => new(start + (column * columnStride), rowStride, columnStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* At(long row, long column) => start + (row * rowStride) + (column * columnStride);
}
