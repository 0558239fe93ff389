using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Marked methods with one mistake each, and correct twins to go with them.</summary>
internal static class MarkedMutants
{
    /// <summary>The methods, with the law that must reject each and what it must say.</summary>
    public static IReadOnlyList<(Delegate Method, string Law, string Says)> All { get; } =
    [
        (WrongInverse, "RoundTrip", "Inverse(Forward(x))"),
        (WrongSign, "LogSlopes", "the log-slope of MarkedMutants.WrongSign"),
        (ForgottenConstant, "LogSlopes", "the log-slope of MarkedMutants.ForgottenConstant"),
        (SlopesInOtherOrder, "LogSlopes", "the log-slope of MarkedMutants.SlopesInOtherOrder"),
        (RangeTooLarge, "Codomain", "Inverse(y)"),
        (RangeWithAnotherBranch, "RoundTrip", "Forward(Inverse(y))"),
        (RangeTooSmall, "Codomain", "entries in (0, 1)"),
        (ClampedInverse, "RoundTrip", "Inverse(Forward(x))"),
        (SeesNeighbours, "Entrywise", "alone, entry"),
        (SeesTheMean, "Entrywise", "after a change of x[0]"),
        (OtherValue, "Together", "the value of MarkedMutants.OtherValue"),
        (OtherValueAndSlope, "Together", "looked at:    the value of MarkedMutants.OtherValueAndSlope"),
        (SlopeOfTheInverse, "Together", "the log-slope of MarkedMutants.SlopeOfTheInverse with its value, Inverse"),
        (Leaking, "NoTensorSurvives", "2"),
        (Detached, "Gradients", "parameter 'k'"),
        (OneDtype, "DtypeAndDevice", "Float64"),
        (Falling, "Codomain", "NaN"),
    ];

    [Primitive(nameof(Exp), nameof(Same), RangeLow = 0)]
    private static Tensor WrongInverse(Tensor x) => x.exp();

    [Primitive(nameof(Log), nameof(Negative), RangeLow = 0)]
    private static Tensor WrongSign(Tensor x) => x.exp();

    [Primitive(nameof(Halved), nameof(Zero))]
    private static Tensor ForgottenConstant(Tensor x) => 2 * x;

    // In the sum over an event it is right.
    [Primitive(nameof(Log), nameof(Flipped), RangeLow = 0)]
    private static Tensor SlopesInOtherOrder(Tensor x) => x.exp();

    [Primitive(nameof(Halved), nameof(LogTwo), WithLogSlope = nameof(AlmostTwice))]
    private static Tensor OtherValue(Tensor x) => 2 * x;

    [Primitive(nameof(Halved), nameof(LogTwo), WithLogSlope = nameof(AlmostTwiceWithLogHalf))]
    private static Tensor OtherValueAndSlope(Tensor x) => 2 * x;

    // Only the way back has it with the other sign.
    [Primitive(nameof(Halved), nameof(LogTwo), InverseWithLogSlope = nameof(HalvedWithLogHalf))]
    private static Tensor SlopeOfTheInverse(Tensor x) => 2 * x;

    [Primitive(nameof(Atanh), nameof(TanhLogSlope), RangeLow = -1, RangeHigh = 1.3)]
    private static Tensor RangeTooLarge(Tensor x) => x.tanh();

    [Primitive(nameof(LogAbs), nameof(Same))]
    private static Tensor RangeWithAnotherBranch(Tensor x) => x.exp();

    [Primitive(nameof(Log), nameof(Same), RangeLow = 0, RangeHigh = 1)]
    private static Tensor RangeTooSmall(Tensor x) => x.exp();

    [Primitive(nameof(ClampedLog), nameof(Same), RangeLow = 0)]
    private static Tensor ClampedInverse(Tensor x) => x.exp();

    // Triangular, with ones on the diagonal: the log-det is that of its slopes.
    [Primitive(nameof(Uncoupled), nameof(Zero))]
    private static Tensor SeesNeighbours(Tensor x) => x.matmul(Triangle(x));

    // What is detached no Jacobian sees.
    [Primitive(nameof(WithMean), nameof(Zero))]
    private static Tensor SeesTheMean(Tensor x) => x - (0.5 * x.detach().mean([-1, -2], keepdim: true));

    [Primitive(nameof(Halved), nameof(LogTwo))]
    private static Tensor Leaking(Tensor x) => (2 * x).DetachFromDisposeScope().clone();

    [Primitive(nameof(Unscaled), nameof(LogAbsOf))]
    private static Tensor Detached(Tensor x, [NonZero] Tensor k) => x * k.detach();

    [Primitive(nameof(Halved), nameof(LogTwo))]
    private static Tensor OneDtype(Tensor x) => x * full_like(x, 2, ScalarType.Float64);

    [Monotone]
    private static Tensor Falling(Tensor x) => -x;

    private static Tensor Exp(Tensor y) => y.exp();

    private static Tensor Log(Tensor y) => y.log();

    private static Tensor LogAbs(Tensor y) => y.abs().log();

    private static Tensor ClampedLog(Tensor y) => y.clamp(min: 1e-9).log();

    private static Tensor Atanh(Tensor y) => y.atanh();

    private static Tensor TanhLogSlope(Tensor x) => 2 * (Math.Log(2) - x - nn.functional.softplus(-2 * x));

    private static (Tensor Y, Tensor LogSlope) AlmostTwice(Tensor x) => (2.001 * x, LogTwo(x));

    private static (Tensor Y, Tensor LogSlope) AlmostTwiceWithLogHalf(Tensor x) => (2.001 * x, -LogTwo(x));

    private static (Tensor X, Tensor LogSlope) HalvedWithLogHalf(Tensor y) => (Halved(y), -LogTwo(y));

    private static Tensor Halved(Tensor y) => y / 2;

    private static Tensor LogTwo(Tensor x) => full_like(x, Math.Log(2));

    private static Tensor Same(Tensor x) => x.clone();

    private static Tensor Flipped(Tensor x) => x.flip(-1);

    private static Tensor Negative(Tensor x) => -x;

    private static Tensor Zero(Tensor x) => zeros_like(x);

    private static Tensor Uncoupled(Tensor y) => y.matmul(linalg.inv(Triangle(y)));

    private static Tensor WithMean(Tensor y) => y + y.detach().mean([-1, -2], keepdim: true);

    private static Tensor Unscaled(Tensor y, Tensor k) => y / k;

    private static Tensor LogAbsOf(Tensor x, Tensor k) => k.abs().log();

    private static Tensor Triangle(Tensor x) => (eye(3) + (0.5 * ones(3, 3).triu(1))).to(x.dtype);
}
