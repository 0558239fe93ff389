using System.Runtime.CompilerServices;

namespace Bijectors.Kernels;

/// <summary>
/// A matrix cut into panels of two vectors' width, each row by row, so that a product reads it from front to back. What
/// is missing in the last panel is 0.
/// </summary>
internal static unsafe class Panels
{
    /// <summary>The columns of one panel.</summary>
    public static int Width<T>()
        where T : unmanaged => 2 * Vectors.Lanes<T>();

    /// <summary>How many numbers the panels of a depth x columns matrix are.</summary>
    public static int Size<T>(int depth, int columns)
        where T : unmanaged => depth * Whole<T>(columns);

    /// <summary>Copies a matrix to panels.</summary>
    /// <param name="b">depth x columns, with neighbours in each row or in each column.</param>
    /// <param name="depth">The rows of b.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="panels">Takes <see cref="Size"/> numbers.</param>
    public static void Pack<T>(Matrix<T> b, int depth, int columns, T* panels)
        where T : unmanaged
    {
        var width = Width<T>();
        for (var j = 0; j < columns; j += width, panels += (long)width * depth)
        {
            var count = Math.Min(width, columns - j);
            if (b.ColumnStride == 1)
            {
                Copy(b.At(0, j), b.RowStride, depth, count, panels);
                continue;
            }

            if (count < width)
            {
                new Span<T>(panels, width * depth).Clear();
            }

            Transpose(b.At(0, j), b.ColumnStride, depth, count, panels);
        }
    }

    private static void Copy<T>(T* from, long step, int depth, int count, T* panel)
        where T : unmanaged
    {
        var width = Width<T>();
        if (count == width)
        {
            Vectors.CopyPairs(from, step, depth, panel);
            return;
        }

        for (var k = 0; k < depth; k++, from += step, panel += width)
        {
            new Span<T>(from, count).CopyTo(new(panel, count));
            new Span<T>(panel + count, width - count).Clear();
        }
    }

    // Four columns at a time: their numbers fill the same cache lines of the panel.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(T* columns, long step, int depth, int count, T* panel)
        where T : unmanaged
    {
        var width = Width<T>();
        var j = 0;
        for (; j <= count - 4; j += 4)
        {
            var b0 = columns + (j * step);
            var b1 = b0 + step;
            var b2 = b1 + step;
            var b3 = b2 + step;
            var to = panel + j;
            for (var k = 0; k < depth; k++, to += width)
            {
                to[0] = b0[k];
                to[1] = b1[k];
                to[2] = b2[k];
                to[3] = b3[k];
            }
        }

        for (; j < count; j++)
        {
            for (var k = 0; k < depth; k++)
            {
                panel[(k * width) + j] = columns[(j * step) + k];
            }
        }
    }

    private static int Whole<T>(int columns)
        where T : unmanaged => (columns + Width<T>() - 1) / Width<T>() * Width<T>();
}
