using System.Numerics;

namespace Bijectors.Kernels;

/// <summary>
/// How the raw number of a network becomes the logarithm of a positive scale, for vectors of numbers.
/// </summary>
internal interface ILogScale
{
    /// <summary>The logarithm of the scale.</summary>
    Vector<T> Of<T>(Vector<T> raw)
        where T : unmanaged;
}
