using Bijectors.Testing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>A marked method with its further arguments fixed is a bijector.</summary>
public sealed class PrimitiveMapTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void ItsSizeIsThatOfItsLargestArgument()
    {
        Assert.Equal(1, Of(MarkedFunctions.Stretch).IntermediateSize);
        Assert.Equal(1, Of(Sum, zeros(0), 0.5, 0.5f, 0, 0L, null).IntermediateSize);
        Assert.Equal(7, Of(Sum, tensor([2.0, -7]), 0.5, 0.5f, 0, 0L, null).IntermediateSize);
        Assert.Equal(7, Of(Sum, zeros(0), -7.0, 0.5f, 0, 0L, null).IntermediateSize);
        Assert.Equal(7, Of(Sum, zeros(0), 0.5, -7f, 0, 0L, null).IntermediateSize);
        Assert.Equal(7, Of(Sum, zeros(0), 0.5, 0.5f, -7, 0L, null).IntermediateSize);
        Assert.Equal(7, Of(Sum, zeros(0), 0.5, 0.5f, 0, -7L, null).IntermediateSize);
    }

    [Fact]
    public void TensorsAreRegisteredAsWhatTheyAre()
    {
        var (scale, shift) = (new Parameter(tensor([2.0, 2, 2])), tensor(3.0));
        var map = Of(MarkedFunctions.Place, scale, shift, 2);
        Assert.Same(scale, map.get_parameter("scale"));
        Assert.Same(shift, map.get_buffer("shift"));
        Assert.Equal(["scale", "shift"], map.state_dict().Keys.Order());
        Assert.Equal(7, map.Forward(ones(1, 2, 3, ScalarType.Float64))[0, 1, 2].item<double>());
    }

    [Fact]
    public void ATensorThatRequiresGradientsIsAParameter() =>
        Assert.NotNull(
            Of(MarkedFunctions.Place, tensor([2.0], requires_grad: true), tensor(3.0), 2).get_parameter("scale"));

    [Fact]
    public void ValueAndLogSlopeComeFromTheMethodThatGivesBoth()
    {
        var map = Of(Twice);
        var x = ones(1, 2, 3, ScalarType.Float64);
        Assert.Equal(2, map.Forward(x)[0, 0, 0].item<double>());
        Assert.Equal((20, 60), First(map.ForwardWithLogDet(x)));
        Assert.Equal(0.5, map.Inverse(x)[0, 0, 0].item<double>());
        Assert.Equal((5, -30), First(map.InverseWithLogDet(x)));

        static (double Value, double LogDet) First((Tensor Value, Tensor LogDet) both) =>
            (both.Value[0, 0, 0].item<double>(), both.LogDet.item<double>());
    }

    private static PrimitiveMap Of(Delegate method, params object?[] arguments) =>
        new(MarkedMethod.Of(method.Method, method.Target), arguments);

    [Primitive(nameof(Sum), nameof(Sum))]
    private static Tensor Sum(Tensor x, Tensor a, double b, float c, int d, long e, string? f) =>
        x + a.sum() + b + c + d + e + (f ?? string.Empty).Length;

    // The methods for both are wrong, so that they can be told from those for one.
    [Primitive(
        nameof(Half), nameof(LogTwo), WithLogSlope = nameof(TwiceAndMore), InverseWithLogSlope = nameof(HalfAndMore))]
    private static Tensor Twice(Tensor x) => 2 * x;

    private static Tensor Half(Tensor y) => y / 2;

    private static Tensor LogTwo(Tensor x) => full_like(x, Math.Log(2));

    private static (Tensor Y, Tensor LogSlope) TwiceAndMore(Tensor x) => (20 * x, full_like(x, 10));

    private static (Tensor X, Tensor LogSlope) HalfAndMore(Tensor y) => (5 * y, full_like(y, 5));
}
