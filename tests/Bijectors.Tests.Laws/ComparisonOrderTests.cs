using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>Laws that compare several results look at each, and tell of the first that is wrong.</summary>
public sealed class ComparisonOrderTests
{
    [Theory]
    [InlineData(0, "Forward(x)")]
    [InlineData(1, "ForwardWithLogDet(x)")]
    [InlineData(2, "ForwardWithLogDet(x).LogDet")]
    public void OfDtypeAndDevice(int wrong, string told)
    {
        foreach (var last in new[] { wrong, 2 })
        {
            var violation = new DtypeAndDevice().Rejects(() => new Sketch
            {
                Map = (f, x, _) => In(wrong <= 0, x * f.A.exp() + f.B),
                FusedMap = (f, x, _) => In(wrong <= 1 && last >= 1, x * f.A.exp() + f.B),
                Sum = (slope, like, rank) => In(last >= 2, LogDets.Sum(slope, like, rank)),
            });
            Assert.Equal(new Mismatch(told, "Float32 on cpu", "Float64 on cpu"), violation.Mismatch);
        }

        static Tensor In(bool wrong, Tensor x) => wrong ? x.to(ScalarType.Float64) : x;
    }

    [Theory]
    [InlineData(0, "ForwardWithLogDet(x)", "finite numbers")]
    [InlineData(1, "ForwardWithLogDet(x).LogDet", "finite numbers")]
    [InlineData(2, "the gradient of ForwardWithLogDet(x)", "no NaN")]
    [InlineData(3, "the gradient of ForwardWithLogDet(x).LogDet", "no NaN")]
    public void OfFiniteAtEdges(int wrong, string told, string expected)
    {
        foreach (var last in new[] { wrong, 3 })
        {
            var violation = new FiniteAtEdges().Rejects(() => new Sketch
            {
                Map = (f, x, _) => Spoilt(x, 0, 2) + x * f.A.exp() + f.B,
                Slope = (f, x, _) => Spoilt(x, 1, 3) + f.A,
            });
            Assert.Equal((told, expected), (violation.Where(), violation.Mismatch.Expected));

            // Of the square root of zero, times zero, the slope is no number.
            Tensor Spoilt(Tensor x, int value, int gradient) =>
                Off(value)
                    ? 0 * (x.abs() - x.abs()).log()
                    : Off(gradient) ? 0 * (x - x.detach()).sqrt() : zeros_like(x);

            bool Off(int comparison) => comparison >= wrong && comparison <= last;
        }
    }
}
