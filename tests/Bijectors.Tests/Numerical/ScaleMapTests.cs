using System.Numerics;
using System.Runtime.InteropServices;
using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

public sealed class ScaleMapTests : NumericalTest
{
    [Fact]
    public void Scales_are_what_their_formulas_say()
    {
        var raw = Random(20) * 3;
        AssertClose(raw, ScaleMap.Exponential.LogScale(raw), 0);
        AssertClose(3 * (raw / 3).tanh(), ScaleMap.Bounded(3).LogScale(raw), 1e-15);
        AssertClose((raw - 1).sigmoid().log(), ScaleMap.Sigmoid(-1).LogScale(raw), 1e-14);
        AssertClose(((raw + 2).sigmoid() + 0.3).log(), ScaleMap.Sigmoid(floor: 0.3).LogScale(raw), 1e-14);
        AssertClose((raw.exp().log1p() + 0.5).log(), ScaleMap.Softplus(0.5).LogScale(raw), 1e-14);
    }

    public static TheoryData<ScaleMap> All() =>
        [ScaleMap.Exponential, ScaleMap.Bounded(), ScaleMap.Bounded(0.3), ScaleMap.Sigmoid(), ScaleMap.Sigmoid(-1),
            ScaleMap.Sigmoid(1, 0.2), ScaleMap.Softplus(), ScaleMap.Softplus(0.5)];

    [Theory]
    [MemberData(nameof(All))]
    public void In_plain_memory_they_are_the_same(ScaleMap map)
    {
        var raw = cat([linspace(-60, 60, 1201, ScalarType.Float64), linspace(-2, 2, 400, ScalarType.Float64)]);
        AssertSame<double>(map, raw, 1e-15);
        AssertSame<float>(map, raw.to(ScalarType.Float32), 5e-7);
    }

    private static void AssertSame<T>(ScaleMap map, Tensor raw, double tolerance)
        where T : unmanaged
    {
        var numbers = raw.data<T>().ToArray();
        numbers = [.. numbers, .. new T[(Vector<T>.Count - (numbers.Length % Vector<T>.Count)) % Vector<T>.Count]];
        foreach (ref var vector in MemoryMarshal.Cast<T, Vector<T>>(numbers.AsSpan()))
        {
            vector = map.Vectors!.Of(vector);
        }

        var expected = map.LogScale(raw).to(ScalarType.Float64);
        AssertClose(expected,
            tensor(numbers.Select(n => Convert.ToDouble(n, null)).ToArray()).narrow(0, 0, raw.shape[0]), tolerance);
        Assert.Equal("NaN", map.Vectors!.Of(VectorMath.Of<T>(double.NaN))[0].ToString());
    }

    [Fact]
    public void Without_a_floor_the_sigmoid_does_not_vanish()
    {
        AssertClose(tensor([-1000.0]), ScaleMap.Sigmoid(0).LogScale(tensor([-1000.0])), 1e-15);
        Assert.Equal("sigmoid(0, 0)", ScaleMap.Sigmoid(0).ToString());
    }

    [Fact]
    public void Limits_are_positive_and_so_are_floors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ScaleMap.Bounded(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScaleMap.Softplus(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScaleMap.Sigmoid(floor: -1e-3));
    }
}
