namespace Bijectors;

/// <summary>What hidden units go through before each activation. Each has a trained scale and shift for each
/// unit.</summary>
public enum HiddenNormalization
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// Layer normalisation over the units of one item (of images: the channels of one pixel). Source: Ba et al. 2016,
    /// Layer normalization, arXiv 1607.06450.
    /// </summary>
    Layer,

    /// <summary>The scale and the shift alone, <c>w h + b</c>: what batch normalisation is once its mean and variance
    /// are fixed.</summary>
    Affine,
}
