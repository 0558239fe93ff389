using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bijectors;

/// <summary>A matrix cut into panels of two vectors' width, each row by row, so that a product reads it from front to back. What is missing in the last panel is 0.</summary>
internal static unsafe class Panels
{
    /// <summary>The columns of one panel.</summary>
    public static int Width<T>()
        where T : unmanaged => 2 * Vector<T>.Count;

    /// <summary>How many numbers the panels of a depth x columns matrix are.</summary>
    public static int Size<T>(int depth, int columns)
        where T : unmanaged => depth * Whole<T>(columns);

    /// <summary>Copies a matrix to panels.</summary>
    /// <param name="b">depth x columns.</param>
    /// <param name="depth">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="panels">Takes <see cref="Size"/> numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack<T>(Matrix<T> b, int depth, int columns, T* panels)
        where T : unmanaged
    {
        var width = Width<T>();
        for (var j = 0; j < columns; j += width, panels += (long)width * depth)
        {
            var count = Math.Min(width, columns - j);
            if (count < width)
            {
                new Span<T>(panels, width * depth).Clear();
            }

            if (b.ColumnStride != 1)
            {
                Transpose(b, j, depth, count, panels);
            }
            else if (count == width)
            {
                Copy(b.At(0, j), b.RowStride, depth, panels);
            }
            else
            {
                for (var k = 0; k < depth; k++)
                {
                    new Span<T>(b.At(k, j), count).CopyTo(new(panels + (k * width), count));
                }
            }
        }
    }

    private static void Copy<T>(T* from, long step, int depth, T* panel)
        where T : unmanaged
    {
        for (var k = 0; k < depth; k++, from += step, panel += Width<T>())
        {
            Vector.Store(Vector.Load(from), panel);
            Vector.Store(Vector.Load(from + Vector<T>.Count), panel + Vector<T>.Count);
        }
    }

    // Four columns at a time: their numbers fill the same cache lines of the panel.
    private static void Transpose<T>(Matrix<T> b, int from, int depth, int count, T* panel)
        where T : unmanaged
    {
        var (width, step) = (Width<T>(), b.RowStride);
        var j = 0;
        for (; j <= count - 4; j += 4)
        {
            var (b0, b1, b2, b3) = ((nint)b.At(0, from + j), (nint)b.At(0, from + j + 1), (nint)b.At(0, from + j + 2), (nint)b.At(0, from + j + 3));
            var to = panel + j;
            for (var (k, at) = (0, 0L); k < depth; k++, at += step, to += width)
            {
                to[0] = ((T*)b0)[at];
                to[1] = ((T*)b1)[at];
                to[2] = ((T*)b2)[at];
                to[3] = ((T*)b3)[at];
            }
        }

        for (; j < count; j++)
        {
            for (var k = 0; k < depth; k++)
            {
                panel[(k * width) + j] = *b.At(k, from + j);
            }
        }
    }

    private static int Whole<T>(int columns)
        where T : unmanaged => (columns + Width<T>() - 1) / Width<T>() * Width<T>();
}
