using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bijectors.Kernels;

/// <summary>
/// Products of small matrices on one thread, <c>C += A B</c>. B lies in <see cref="Panels"/>; twelve vectors of C, six
/// rows by two, stay in registers while the product runs along a panel.
/// </summary>
/// <remarks>The scheme of Goto, van de Geijn 2008, Anatomy of high-performance matrix multiplication, for matrices that
/// fit into the caches as they are.</remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>The rows of a tile.</summary>
    public const int TileRows = 6;

    /// <summary><c>C += A B</c></summary>
    /// <param name="a">rows x depth, with neighbours in each row.</param>
    /// <param name="panels">depth x columns.</param>
    /// <param name="c">rows x columns, with neighbours in each row.</param>
    /// <param name="rows">The number of rows of A and C.</param>
    /// <param name="columns">The number of columns of B and C.</param>
    /// <param name="depth">The number of columns of A, rows of B.</param>
    /// <param name="firsts">The first row of B that each panel needs; null for all.</param>
    /// <param name="ends">The row of B from which on each panel needs none; null for all.</param>
    public static void Add<T>(
        Matrix<T> a, T* panels, Matrix<T> c, int rows, int columns, int depth, int[]? firsts = null, int[]? ends = null)
        where T : unmanaged
    {
        // Rows that lie one after another are read through for each panel.
        var width = Panels.Width<T>();
        for (var column = 0; column < columns; column += width, panels += (long)width * depth)
        {
            var first = firsts?[column / width] ?? 0;
            var count = (ends?[column / width] ?? depth) - first;
            for (var row = 0; row < rows && count > 0; row += TileRows)
            {
                Tile(a.Columns(first), row, rows, panels + ((long)first * width), c, column, columns, count);
            }
        }
    }

    /// <summary><c>C += A^T B</c></summary>
    /// <param name="a">depth x rows, with neighbours in each row.</param>
    /// <param name="panels">depth x columns.</param>
    /// <param name="c">rows x columns, with neighbours in each row.</param>
    /// <param name="rows">The number of columns of A, rows of C.</param>
    /// <param name="columns">The number of columns of B and C.</param>
    /// <param name="depth">The number of rows of A and B.</param>
    /// <param name="firsts">The first row of C that is asked for in each panel; others may be left out. Null
    /// for all.</param>
    public static void AddTransposed<T>(
        Matrix<T> a, T* panels, Matrix<T> c, int rows, int columns, int depth, int[]? firsts = null)
        where T : unmanaged
    {
        // Columns, whose numbers are far apart, stay in the cache while all panels are read.
        var width = Panels.Width<T>();
        for (var row = 0; row < rows; row += TileRows)
        {
            for (var column = 0; column < columns; column += width)
            {
                if (row + TileRows > (firsts?[column / width] ?? 0))
                {
                    Tile(a.Transposed, row, rows, panels + ((long)column * depth), c, column, columns, depth);
                }
            }
        }
    }

    private static void Tile<T>(
        Matrix<T> a, int row, int rows, T* panel, Matrix<T> c, int column, int columns, int depth)
        where T : unmanaged
    {
        var width = Panels.Width<T>();
        if (row <= rows - TileRows && column <= columns - width)
        {
            Tile(a, row, TileRows, panel, c.At(row, column), c.RowStride, depth);
        }
        else
        {
            Edge(a, row, Math.Min(TileRows, rows - row), panel, c.At(row, column), c.RowStride,
                Math.Min(width, columns - column), depth);
        }
    }

    /// <summary>A tile of which only some rows and columns are there.</summary>
    private static void Edge<T>(Matrix<T> a, int row, int rows, T* panel, T* c, long stride, int columns, int depth)
        where T : unmanaged
    {
        var width = Panels.Width<T>();
        var whole = stackalloc T[TileRows * width];
        new Span<T>(whole, TileRows * width).Clear();
        Tile(a, row, rows, panel, whole, width, depth);
        for (var i = 0; i < rows; i++)
        {
            Rowwise.Add(whole + (i * width), c + (i * stride), columns);
        }
    }

    private static void Tile<T>(Matrix<T> a, int row, int rows, T* panel, T* c, long stride, int depth)
        where T : unmanaged
    {
        if (Vectors.AreWide)
        {
            Tile<T, Vector512<T>, WideVectors<T>>(a, row, rows, panel, c, stride, depth);
        }
        else
        {
            Tile<T, Vector<T>, UsualVectors<T>>(a, row, rows, panel, c, stride, depth);
        }
    }

    /// <summary>
    /// A whole tile; where fewer rows are there, the last one stands in for the others, whose sums do not matter.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<T, TVector, TVectors>(
        Matrix<T> a, int row, int rows, T* panel, T* c, long stride, int depth)
        where T : unmanaged
        where TVector : unmanaged
        where TVectors : struct, IVectors<T, TVector>
    {
        var lanes = sizeof(TVector) / sizeof(T);
        var (last, step) = (row + rows - 1, a.ColumnStride);
        var (a0, a1, a2) =
            ((nint)a.At(row, 0), (nint)a.At(Math.Min(row + 1, last), 0), (nint)a.At(Math.Min(row + 2, last), 0));
        var (a3, a4, a5) = ((nint)a.At(Math.Min(row + 3, last), 0), (nint)a.At(Math.Min(row + 4, last), 0),
            (nint)a.At(Math.Min(row + 5, last), 0));
        TVector left0 = default, left1 = default, left2 = default, left3 = default, left4 = default, left5 = default;
        TVector right0 = default, right1 = default, right2 = default, right3 = default,
        right4 = default, right5 = default;
        var at = 0L;
        for (var k = 0; k < depth; k++, at += step, panel += 2 * lanes)
        {
            var (left, right) = (TVectors.Load(panel), TVectors.Load(panel + lanes));
            var x = TVectors.Of(((T*)a0)[at]);
            left0 = TVectors.MultiplyAdd(x, left, left0);
            right0 = TVectors.MultiplyAdd(x, right, right0);
            x = TVectors.Of(((T*)a1)[at]);
            left1 = TVectors.MultiplyAdd(x, left, left1);
            right1 = TVectors.MultiplyAdd(x, right, right1);
            x = TVectors.Of(((T*)a2)[at]);
            left2 = TVectors.MultiplyAdd(x, left, left2);
            right2 = TVectors.MultiplyAdd(x, right, right2);
            x = TVectors.Of(((T*)a3)[at]);
            left3 = TVectors.MultiplyAdd(x, left, left3);
            right3 = TVectors.MultiplyAdd(x, right, right3);
            x = TVectors.Of(((T*)a4)[at]);
            left4 = TVectors.MultiplyAdd(x, left, left4);
            right4 = TVectors.MultiplyAdd(x, right, right4);
            x = TVectors.Of(((T*)a5)[at]);
            left5 = TVectors.MultiplyAdd(x, left, left5);
            right5 = TVectors.MultiplyAdd(x, right, right5);
        }

        Add(c, left0, right0);
        Add(c + stride, left1, right1);
        Add(c + (2 * stride), left2, right2);
        Add(c + (3 * stride), left3, right3);
        Add(c + (4 * stride), left4, right4);
        Add(c + (5 * stride), left5, right5);

        static void Add(T* c, TVector left, TVector right)
        {
            var lanes = sizeof(TVector) / sizeof(T);
            TVectors.Store(TVectors.Add(TVectors.Load(c), left), c);
            TVectors.Store(TVectors.Add(TVectors.Load(c + lanes), right), c + lanes);
        }
    }
}
