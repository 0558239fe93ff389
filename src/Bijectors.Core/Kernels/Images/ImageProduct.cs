using System.Numerics;

namespace Bijectors;

/// <summary>Convolutions of one image in a <see cref="Frame"/>, as products of a matrix that is never written: its rows are what a filter sees, which lies in the frame in pieces.</summary>
internal static unsafe class ImageProduct
{
    /// <summary><c>y[p] = end(bias + sum_q W[q] x[p + q])</c></summary>
    /// <param name="input">The image, in a frame with the margin of the filters.</param>
    /// <param name="from">Its frame.</param>
    /// <param name="panels">The filters, see <see cref="Filters{T}"/>.</param>
    /// <param name="result">Where the result goes, and what is done with it.</param>
    public static void Convolve<T>(T* input, in Frame from, T* panels, in ConvolutionResult<T> result)
        where T : unmanaged
    {
        var (lanes, size, channels) = (Vector<T>.Count, (2 * from.Margin) + 1, result.Frame.Channels);
        var (pixels, piece) = (from.Height * from.Width, size * from.Channels);
        var a = stackalloc nint[ProductTile.NarrowRows];
        var sums = stackalloc Vector<T>[ProductTile.Vectors];
        for (var column = 0; column < channels;)
        {
            var isNarrow = channels - column <= lanes;
            var (rows, vectors) = isNarrow ? (ProductTile.NarrowRows, 1) : (ProductTile.WideRows, 2);
            var walk = new ProductWalk(piece, size, 1, from.RowStride - piece, vectors * lanes, 0);
            for (var pixel = 0; pixel < pixels; pixel += rows)
            {
                // Where fewer pixels are left, the last one stands in for the others.
                for (var row = 0; row < rows; row++)
                {
                    var (y, x) = Math.DivRem(Math.Min(pixel + row, pixels - 1), from.Width);
                    a[row] = (nint)(input + from.At(y - from.Margin, x - from.Margin));
                }

                if (isNarrow)
                {
                    ProductTile.Narrow(a, panels, walk, sums);
                }
                else
                {
                    ProductTile.Wide(a, panels, walk, sums);
                }

                result.Store(sums, vectors, pixel, Math.Min(rows, pixels - pixel), column);
            }

            column += vectors * lanes;
            panels += (long)size * piece * vectors * lanes;
        }
    }

    /// <summary>The gradient to the filters, <c>dW[q] += sum_p g[p] x[p + q]</c>.</summary>
    /// <param name="input">The image, in a frame with the margin of the filters.</param>
    /// <param name="from">Its frame.</param>
    /// <param name="gradient">The gradient of the result.</param>
    /// <param name="of">Its frame.</param>
    /// <param name="sums">The gradient: see <see cref="FilterSums{T}"/>.</param>
    public static void Correlate<T>(T* input, in Frame from, T* gradient, in Frame of, T* sums)
        where T : unmanaged
    {
        var (lanes, size) = (Vector<T>.Count, (2 * from.Margin) + 1);
        var piece = size * from.Channels;
        var rowSize = size * Filters<T>.Whole(piece);
        var walk = new ProductWalk(
            from.Width, from.Height, of.Channels, of.RowStride - ((long)from.Width * of.Channels), from.Channels, from.RowStride - ((long)from.Width * from.Channels));
        var a = stackalloc nint[ProductTile.NarrowRows];
        var tile = stackalloc Vector<T>[ProductTile.Vectors];
        var g = gradient + of.At(0, 0);
        for (var line = 0; line < size; line++)
        {
            for (var column = 0; column < piece;)
            {
                var isNarrow = piece - column <= lanes;
                var (rows, vectors) = isNarrow ? (ProductTile.NarrowRows, 1) : (ProductTile.WideRows, 2);
                var b = input + (line * from.RowStride) + column;
                for (var output = 0; output < of.Channels; output += rows)
                {
                    for (var row = 0; row < rows; row++)
                    {
                        a[row] = (nint)(g + output + row);
                    }

                    if (isNarrow)
                    {
                        ProductTile.Narrow(a, b, walk, tile);
                    }
                    else
                    {
                        ProductTile.Wide(a, b, walk, tile);
                    }

                    var to = sums + ((long)output * rowSize) + (line * Filters<T>.Whole(piece)) + column;
                    for (var row = 0; row < Math.Min(rows, of.Channels - output); row++, to += rowSize)
                    {
                        Rowwise.Add((T*)(tile + (row * vectors)), to, vectors * lanes);
                    }
                }

                column += vectors * lanes;
            }
        }
    }
}
