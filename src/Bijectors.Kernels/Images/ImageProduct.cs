namespace Bijectors.Kernels;

/// <summary>
/// Convolutions of one image in a <see cref="Frame"/>, as products of a matrix that is never written: its rows are what
/// a filter sees, which lies in the frame in pieces.
/// </summary>
internal static unsafe class ImageProduct
{
    // Tiles that read the same vectors, from which on it pays to put them side by side.
    private const int LeastToGather = 4;

    /// <summary><c>y[p] = end(bias + sum_q W[q] x[p + q])</c></summary>
    /// <param name="input">The image, in a frame with the margin of the filters.</param>
    /// <param name="from">Its frame.</param>
    /// <param name="panels">The filters, see <see cref="Filters{T}"/>.</param>
    /// <param name="result">Where the result goes, and what is done with it.</param>
    public static void Convolve<T>(T* input, Frame from, T* panels, in ConvolutionResult<T> result)
        where T : unmanaged
    {
        var (lanes, size, channels) = (Vectors.Lanes<T>(), (2 * from.Margin) + 1, result.Channels);
        var (places, piece) = (from.Places, size * from.Channels);

        // What a filter sees of a pixel begins so far before it.
        var corner = input - (from.Margin * (from.RowStride + from.Channels));
        var a = stackalloc nint[ProductTile.NarrowRows];
        var sums = stackalloc T[ProductTile.Count * lanes];
        for (var column = 0; column < channels;)
        {
            var isNarrow = channels - column <= lanes;
            var (rows, vectors) = isNarrow ? (ProductTile.NarrowRows, 1) : (ProductTile.WideRows, 2);
            var walk = new ProductWalk(piece, size, 1, from.RowStride - piece, vectors * lanes, 0);
            for (var pixel = 0; pixel < places.Length; pixel += rows)
            {
                // Where fewer pixels are left, the last one stands in for the others.
                var tile = places.AsSpan(pixel, Math.Min(rows, places.Length - pixel));
                for (var row = 0; row < rows; row++)
                {
                    a[row] = (nint)(corner + tile[row < tile.Length ? row : tile.Length - 1]);
                }

                if (isNarrow)
                {
                    ProductTile.Narrow(a, panels, walk, sums);
                }
                else
                {
                    ProductTile.Wide(a, panels, walk, sums);
                }

                result.Store(sums, vectors * lanes, pixel, tile.Length, column);
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
    /// <param name="scratch">Takes <see cref="ScratchSize"/> numbers.</param>
    public static void Correlate<T>(T* input, Frame from, T* gradient, Frame of, T* sums, T* scratch)
        where T : unmanaged
    {
        var (lanes, size) = (Vectors.Lanes<T>(), (2 * from.Margin) + 1);
        var piece = size * from.Channels;
        var line = Filters<T>.Whole(piece);
        var jump = of.RowStride - ((long)from.Width * of.Channels);
        var inPlace = new ProductWalk(from.Width, from.Height, of.Channels, jump, from.Channels,
            from.RowStride - ((long)from.Width * from.Channels));
        var a = stackalloc nint[ProductTile.NarrowRows];
        var tile = stackalloc T[ProductTile.Count * lanes];
        var g = gradient + of.At(0, 0);
        for (var y = 0; y < size; y++)
        {
            for (var column = 0; column < piece;)
            {
                var isNarrow = piece - column <= lanes;
                var (rows, vectors) = isNarrow ? (ProductTile.NarrowRows, 1) : (ProductTile.WideRows, 2);
                var b = input + (y * from.RowStride) + column;
                var walk = inPlace;
                if (of.Channels >= rows * LeastToGather)
                {
                    Gather(b, from, vectors, scratch);
                    b = scratch;
                    walk = walk with { StepB = vectors * lanes, JumpB = 0 };
                }

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

                    var to = sums + ((((long)output * size) + y) * line) + column;
                    for (var row = 0; row < Math.Min(rows, of.Channels - output); row++, to += size * line)
                    {
                        Rowwise.Add(tile + (row * vectors * lanes), to, vectors * lanes);
                    }
                }

                column += vectors * lanes;
            }
        }
    }

    /// <summary>How many numbers <see cref="Correlate"/> needs besides.</summary>
    public static long ScratchSize<T>(Frame from)
        where T : unmanaged => 2L * Vectors.Lanes<T>() * from.Height * from.Width;

    // Vectors of pixels lie channels apart, where they drive one another out of the cache: read more often than a few
    // times, they are put side by side.
    private static void Gather<T>(T* b, Frame from, int vectors, T* to)
        where T : unmanaged
    {
        var lanes = Vectors.Lanes<T>();
        for (var y = 0; y < from.Height; y++, b += from.RowStride, to += vectors * lanes * from.Width)
        {
            if (vectors == 2)
            {
                Vectors.CopyPairs(b, from.Channels, from.Width, to);
                continue;
            }

            for (var x = 0; x < from.Width; x++)
            {
                new Span<T>(b + ((long)x * from.Channels), lanes).CopyTo(new(to + ((long)x * lanes), lanes));
            }
        }
    }
}
