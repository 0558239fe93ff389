using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Marked methods that are what they say.</summary>
internal static class MarkedFunctions
{
    /// <summary>Onto an interval, with a number; temporaries are left to the scope of the caller.</summary>
    [Primitive(nameof(Ungrow), nameof(GrowLogSlope), RangeLow = 0, RangeHigh = 1)]
    public static Tensor Grow(Tensor x, [Positive] double k) => (-k * (-x).exp()).exp();

    /// <summary>With tensors and with a default.</summary>
    [Primitive(nameof(Unplace), nameof(PlaceLogSlope))]
    public static Tensor Place(Tensor x, [NonZero] Tensor scale, Tensor shift, int times = 2) =>
        (x * scale * times) + shift;

    /// <summary>From an interval onto a half-line, with value and log-slope at once both ways.</summary>
    [Primitive(
        nameof(Unstretch), nameof(StretchLogSlope), WithLogSlope = nameof(StretchWithLogSlope),
        InverseWithLogSlope = nameof(UnstretchWithLogSlope), Low = -1, High = 1, RangeLow = 0)]
    public static Tensor Stretch(Tensor x) => (1 + x) / (1 - x);

    /// <summary>Its own inverse.</summary>
    [Primitive(nameof(Turn), nameof(TurnLogSlope), Low = 0, RangeLow = 0)]
    private static Tensor Turn(Tensor x) => x.reciprocal();

    [Monotone]
    private static Tensor Rise(Tensor x, [Positive] Tensor weight, [Positive] int power) =>
        x + (weight * (x * power).tanh());

    private static Tensor Ungrow(Tensor y, double k) => -(-y.log() / k).log();

    private static Tensor GrowLogSlope(Tensor x, double k) => Math.Log(k) - x - (k * (-x).exp());

    private static Tensor Unplace(Tensor y, Tensor scale, Tensor shift, int times) => (y - shift) / (times * scale);

    private static Tensor PlaceLogSlope(Tensor x, Tensor scale, Tensor shift, int times) => (times * scale).abs().log();

    private static Tensor Unstretch(Tensor y) => (y - 1) / (y + 1);

    private static Tensor StretchLogSlope(Tensor x) => Math.Log(2) - (2 * (-x).log1p());

    private static (Tensor Y, Tensor LogSlope) StretchWithLogSlope(Tensor x) => (Stretch(x), StretchLogSlope(x));

    private static (Tensor X, Tensor LogSlope) UnstretchWithLogSlope(Tensor y)
    {
        var x = Unstretch(y);
        return (x, StretchLogSlope(x));
    }

    private static Tensor TurnLogSlope(Tensor x) => -2 * x.log();
}
