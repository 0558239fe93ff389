namespace Bijectors.Kernels;

/// <summary>The memory of a tensor of images <c>(N, channels, height, width)</c>, wherever its numbers lie.</summary>
/// <param name="Start">The first number.</param>
/// <param name="OfImage">From an image to the next.</param>
/// <param name="OfChannel">From a channel to the next.</param>
/// <param name="OfRow">From a row to the next.</param>
/// <param name="OfColumn">From a column to the next.</param>
internal readonly unsafe record struct ImageView<T>(nint Start, long OfImage, long OfChannel, long OfRow, long OfColumn)
    where T : unmanaged
{
    /// <summary>Where a row of a channel begins.</summary>
    public T* At(long image, int channel, int row) =>
        (T*)Start + (image * OfImage) + (channel * OfChannel) + (row * OfRow);
}
