namespace Bijectors.Kernels;

/// <summary>
/// An image as the kernels of convolutions read it: pixel after pixel, the channels of a pixel side by side, in a frame
/// of zeros, so that what a filter sees of a row of the image is one piece of memory, at the border as elsewhere.
/// </summary>
/// <param name="height">The rows of the image.</param>
/// <param name="width">Its columns.</param>
/// <param name="channels">Its channels.</param>
/// <param name="margin">How many pixels of zeros are on each side.</param>
internal sealed class Frame(int height, int width, int channels, int margin)
{
    // Vectors may reach so far behind the last pixel; what they find there is not used.
    private const int Slack = 64;

    public int Height => height;

    public int Width => width;

    public int Channels => channels;

    public int Margin => margin;

    /// <summary>Where each pixel begins, row by row.</summary>
    public long[] Places { get; } = PlacesOf(height, width, channels, margin);

    /// <summary>From a row to the next.</summary>
    public long RowStride => (long)(Width + (2 * Margin)) * Channels;

    /// <summary>How many numbers it takes, in whole cache lines.</summary>
    public long Size => (((Height + (2 * Margin)) * RowStride) + (2 * Slack) - 1) / Slack * Slack;

    /// <summary>Where a pixel of the image begins; those of the margin lie outside of 0 to height and width.</summary>
    public long At(int y, int x) => ((y + Margin) * RowStride) + ((long)(x + Margin) * Channels);

    /// <summary>Writes the zeros around the image.</summary>
    public unsafe void Surround<T>(T* frame)
        where T : unmanaged
    {
        Clear(frame, 0, At(0, 0));
        for (var y = 0; y + 1 < Height; y++)
        {
            Clear(frame, At(y, Width), At(y + 1, 0));
        }

        Clear(frame, Height == 0 ? 0 : At(Height - 1, Width), Size);
    }

    /// <summary>Copies an image into the frame.</summary>
    public unsafe void Load<T>(in ImageView<T> image, long index, T* frame)
        where T : unmanaged
    {
        for (var y = 0; y < Height; y++)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                Copy(image.At(index, channel, y), image.OfColumn, frame + At(y, 0) + channel, Channels);
            }
        }
    }

    /// <summary>Copies the image out of the frame.</summary>
    public unsafe void Store<T>(T* frame, in ImageView<T> image, long index)
        where T : unmanaged
    {
        for (var y = 0; y < Height; y++)
        {
            for (var channel = 0; channel < Channels; channel++)
            {
                Copy(frame + At(y, 0) + channel, Channels, image.At(index, channel, y), image.OfColumn);
            }
        }
    }

    private static long[] PlacesOf(int height, int width, int channels, int margin)
    {
        var places = new long[height * width];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                places[(y * width) + x] = (((y + margin) * (width + (2L * margin))) + x + margin) * channels;
            }
        }

        return places;
    }

    private unsafe void Copy<T>(T* from, long stepFrom, T* to, long stepTo)
        where T : unmanaged
    {
        for (var x = 0; x < Width; x++, from += stepFrom, to += stepTo)
        {
            *to = *from;
        }
    }

    private static unsafe void Clear<T>(T* frame, long from, long to)
        where T : unmanaged => new Span<T>(frame + from, checked((int)(to - from))).Clear();
}
