namespace Bijectors;

/// <summary>Which pixels of a k x k window around or behind a pixel a triangular convolution reads.</summary>
public enum PixelWindow
{
    /// <summary>The k x k pixels whose last one, in the order, is the pixel itself: the image is padded on one corner
    /// only, and no weight is masked (CInC flow).</summary>
    Quadrant,

    /// <summary>Of the k x k pixels around it those that come before it, row by row: the other half of the weights is
    /// masked (emerging convolutions). k is odd.</summary>
    Raster,
}
