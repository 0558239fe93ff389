using System.Numerics;

namespace Bijectors.Kernels;

/// <summary><c>log scale = s</c></summary>
internal sealed class RawLogScale : ILogScale
{
    public Vector<T> Of<T>(Vector<T> raw)
        where T : unmanaged => raw;
}

/// <summary><c>log scale = limit tanh(s / limit)</c></summary>
internal sealed class BoundedLogScale(double limit) : ILogScale
{
    public Vector<T> Of<T>(Vector<T> raw)
        where T : unmanaged => new BoundedOf<T>(limit).Of(raw, default, default, out _);
}

/// <summary><c>scale = sigmoid(s + offset) + floor</c></summary>
internal sealed class SigmoidLogScale(double offset, double floor) : ILogScale
{
    public Vector<T> Of<T>(Vector<T> raw)
        where T : unmanaged
    {
        var shifted = raw + VectorMath.Of<T>(offset);
        return floor == 0
            ? -VectorMath.Softplus(-shifted)
            : VectorMath.Log(VectorMath.Sigmoid(shifted) + VectorMath.Of<T>(floor));
    }
}

/// <summary><c>scale = softplus(s) + floor</c></summary>
internal sealed class SoftplusLogScale(double floor) : ILogScale
{
    public Vector<T> Of<T>(Vector<T> raw)
        where T : unmanaged
    {
        // Torch's function leaves out what is below 3e-9 there.
        var isLarge = Vector.GreaterThan(raw, VectorMath.Of<T>(20));
        var positive = Vector.ConditionalSelect(isLarge, raw, VectorMath.Softplus(raw));
        return VectorMath.Log(positive + VectorMath.Of<T>(floor));
    }
}
