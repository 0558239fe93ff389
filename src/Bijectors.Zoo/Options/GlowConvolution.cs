namespace Bijectors.Zoo;

/// <summary>The invertible convolution in a step of <see cref="Glow"/>.</summary>
public enum GlowConvolution
{
    /// <summary>A linear map of the channels of each pixel.</summary>
    Conv1x1,

    /// <summary>3 x 3, by two masked ones from opposite corners. Source: Hoogeboom, van den Berg, Welling 2019,
    /// Emerging convolutions for generative normalizing flows, arXiv 1901.11137.</summary>
    Emerging,

    /// <summary>3 x 3, by one that is padded on one corner, another one in each step. Source: Nagar, Dufraisse, Varma
    /// 2021, CInC flow, arXiv 2107.01358.</summary>
    Cinc,
}
