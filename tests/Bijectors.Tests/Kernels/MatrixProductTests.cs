using System.Numerics;
using Bijectors.Kernels;

namespace Bijectors.Tests.Kernels;

/// <summary>
/// Products of small matrices against the sums they are, number by number; nothing beside the result is written.
/// </summary>
public sealed unsafe class MatrixProductTests
{
    public static TheoryData<int, int, int> Sizes()
    {
        var width = Panels.Width<double>();
        var sizes = new TheoryData<int, int, int>();
        foreach (var rows in (int[])[1, 5, 6, 7, 13])
        {
            foreach (var columns in (int[])[1, 3, width - 1, width, width + 1, (2 * width) + 5])
            {
                sizes.Add(rows, columns, 4);
            }
        }

        sizes.Add(12, 2 * width, 1);
        return sizes;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Products_are_added(int rows, int columns, int depth)
    {
        var (a, b) = (Numbers(rows * depth, 1), Numbers(depth * columns, 2));
        fixed (double* ofA = a, ofB = b)
        {
            var (left, right) = (new Matrix<double>(ofA, depth), new Matrix<double>(ofB, columns));
            using var panels = Packed(right, depth, columns);
            var start = panels.Start;
            AssertProduct(rows, columns, (i, j) => Sum(depth, k => left.At(i, k)[0] * right.At(k, j)[0]),
                c => MatrixProduct.Add(left, start, c, rows, columns, depth));

            // The same numbers read as depth x rows.
            var turned = new Matrix<double>(ofA, rows);
            AssertProduct(
                rows, columns, (i, j) => Sum(depth, k => turned.At(k, i)[0] * right.At(k, j)[0]),
                c => MatrixProduct.AddTransposed(turned, start, c, rows, columns, depth));
        }
    }

    [Fact]
    public void Rows_that_a_panel_does_not_need_are_not_read()
    {
        const int Rows = 7;
        const int Depth = 9;
        var width = Panels.Width<double>();
        var columns = (2 * width) + 1;
        int[] firsts = [0, 4, 9];
        int[] ends = [3, 9, 9];
        var (a, b) = (Numbers(Rows * Depth, 1), Numbers(Depth * columns, 2));
        fixed (double* ofA = a, ofB = b)
        {
            var (left, right) = (new Matrix<double>(ofA, Depth), new Matrix<double>(ofB, columns));
            using var panels = Packed(right, Depth, columns);
            for (var panel = 0; panel < 3; panel++)
            {
                for (var k = 0; k < Depth; k++)
                {
                    if (k < firsts[panel] || k >= ends[panel])
                    {
                        new Span<double>(panels.Start + (panel * width * Depth) + (k * width), width).Fill(double.NaN);
                    }
                }
            }

            var start = panels.Start;
            AssertProduct(
                Rows, columns, (i, j) => Sum(Depth,
                    k => k >= firsts[j / width] && k < ends[j / width] ? left.At(i, k)[0] * right.At(k, j)[0] : 0),
                c => MatrixProduct.Add(left, start, c, Rows, columns, Depth, firsts, ends));
        }
    }

    [Fact]
    public void Rows_of_the_result_that_nobody_asks_for_are_left_out_by_whole_tiles()
    {
        var (rows, columns) = (3 * MatrixProduct.TileRows, 3 * Panels.Width<double>());
        int[] firsts = [0, MatrixProduct.TileRows, (2 * MatrixProduct.TileRows) - 1];
        var (a, b) = (Numbers(2 * rows, 1), Numbers(2 * columns, 2));
        fixed (double* ofA = a, ofB = b)
        {
            var (left, right) = (new Matrix<double>(ofA, rows), new Matrix<double>(ofB, columns));
            using var panels = Packed(right, 2, columns);
            var start = panels.Start;
            AssertProduct(
                rows, columns, (i, j) => j >= columns / 3 && i < MatrixProduct.TileRows
                    ? 0
                    : Sum(2, k => left.At(k, i)[0] * right.At(k, j)[0]),
                c => MatrixProduct.AddTransposed(left, start, c, rows, columns, 2, firsts));
        }
    }

    [Fact]
    public void Panels_hold_the_columns_two_vectors_wide_and_zeros_where_there_are_none()
    {
        const int Depth = 5;
        var width = Panels.Width<double>();
        foreach (var columns in (int[])[1, 4, 5, width - 1, width, width + 1, 3 * width])
        {
            var count = (columns + width - 1) / width * width * Depth;
            Assert.Equal(count, Panels.Size<double>(Depth, columns));
            var b = Numbers(Depth * columns, 3);
            fixed (double* ofB = b)
            {
                foreach (var matrix in new[] { new Matrix<double>(ofB, columns),
                    new Matrix<double>(ofB, Depth).Transposed })
                {
                    var panels = new double[count + width];
                    Array.Fill(panels, double.NaN);
                    fixed (double* to = panels)
                    {
                        Panels.Pack(matrix, Depth, columns, to);
                    }

                    for (var i = 0; i < panels.Length; i++)
                    {
                        var (k, j) = (i / width % Depth, (i / (width * Depth) * width) + (i % width));
                        Assert.Equal(i >= count ? double.NaN : j < columns ? matrix.At(k, j)[0] : 0, panels[i]);
                    }
                }
            }
        }
    }

    [Fact]
    public void Borrowed_memory_begins_at_a_cache_line_and_is_as_long_as_asked_for()
    {
        // A pool's arrays are longer than asked for, but where that is a power of two.
        foreach (var count in (int[])[1, 16, 248, 1016])
        {
            using var scratch = new Scratch<double>(count);
            Assert.Equal(0, (nint)scratch.Start % 64);
            new Span<double>(scratch.Start, count).Fill(1);
        }
    }

    private static Scratch<double> Packed(Matrix<double> b, int depth, int columns)
    {
        var panels = new Scratch<double>(Panels.Size<double>(depth, columns));
        Panels.Pack(b, depth, columns, panels.Start);
        return panels;
    }

    // The result lies in longer rows, in memory that adding zeros would change: -0 + 0 is 0.
    private static void AssertProduct(
        int rows, int columns, Func<int, int, double> expected, Action<Matrix<double>> add)
    {
        var stride = columns + 3;
        var memory = new double[(rows * stride) + Vector<double>.Count];
        Array.Fill(memory, -0.0);
        fixed (double* c = memory)
        {
            var result = new Matrix<double>(c, stride);
            for (var i = 0; i < rows; i++)
            {
                new Span<double>(result.At(i, 0), columns).Fill(1);
            }

            add(result);
        }

        for (var at = 0; at < memory.Length; at++)
        {
            var (i, j) = (at / stride, at % stride);
            if (i < rows && j < columns)
            {
                Assert.Equal(1 + expected(i, j), memory[at], 1e-12);
            }
            else
            {
                Assert.True(double.IsNegative(memory[at]), $"({i}, {j}) of {rows} x {columns} was written.");
            }
        }
    }

    private static double Sum(int count, Func<int, double> term) => Enumerable.Range(0, count).Sum(term);

    private static double[] Numbers(int count, int seed) =>
        [.. Enumerable.Range(1, count).Select(i => Math.Sin(seed * i))];
}
