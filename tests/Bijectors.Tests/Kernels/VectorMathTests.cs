using System.Numerics;
using System.Runtime.InteropServices;
using Bijectors.Kernels;

namespace Bijectors.Tests.Kernels;

/// <summary>Functions of vectors against those of one number, float32 against float64.</summary>
public sealed class VectorMathTests
{
    public static TheoryData<string, double, double> Functions => new()
    {
        { "exp", -80, 80 }, { "log", 1e-30, 80 }, { "softplus", -80, 80 }, { "sigmoid", -80, 80 }, { "tanh", -80, 80 },
        { "tanh", -1, 1 }, { "tanh", -1e-5, 1e-5 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Functions_are_exact_to_a_few_units_in_the_last_place(string function, double from, double to)
    {
        var points = Enumerable.Range(0, 4096).Select(i => from + ((to - from) * i / 4095)).ToArray();
        Func<double, double> exact = function switch
        {
            "exp" => Math.Exp,
            "log" => Math.Log,
            "softplus" => x => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))),
            "sigmoid" => x => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x)),
            _ => Math.Tanh,
        };
        var values = Of(function, points);
        var singles = Of(function, [.. points.Select(x => (float)x)]);
        for (var i = 0; i < points.Length; i++)
        {
            AssertClose(points[i], exact(points[i]), values[i], 5 * double.Epsilon, 1e-15);
            AssertClose(points[i], exact((float)points[i]), singles[i], 5 * float.Epsilon, 3.6e-7);
        }

        void AssertClose(double x, double expected, double got, double absolute, double relative) => Assert.True(
            Math.Abs(expected - got) <= absolute + (relative * Math.Max(Math.Abs(expected), function == "log" ? 1 : 0)),
            $"{function}({x:R}): expected {expected:R}, got {got:R}");
    }

    [Fact]
    public void Exp_of_single_numbers_overflows_and_underflows_where_it_must()
    {
        var values = Of(
            "exp", [0, 88.7f, 88.8f, 200, float.PositiveInfinity, -87, -104, -200, float.NegativeInfinity, float.NaN]);
        Assert.Equal(1, values[0]);
        Assert.True(float.IsFinite(values[1]));
        Assert.Equal([float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity], values[2..5]);
        Assert.True(values[5] > 0);
        Assert.All(values[6..9], value => Assert.InRange(value, 0, float.Epsilon));
        Assert.Equal(float.NaN, values[9]);
    }

    // Kahan's.
    private static double Log1p(double u) => 1 + u == 1 ? u : Math.Log(1 + u) * u / (1 + u - 1);

    private static T[] Of<T>(string function, T[] points)
        where T : unmanaged
    {
        var padded =
            (T[])[.. points, .. new T[(Vector<T>.Count - (points.Length % Vector<T>.Count)) % Vector<T>.Count]];
        foreach (ref var vector in MemoryMarshal.Cast<T, Vector<T>>(padded.AsSpan()))
        {
            vector = function switch
            {
                "exp" => VectorMath.Exp(vector),
                "log" => VectorMath.Log(vector),
                "softplus" => VectorMath.Softplus(vector),
                "sigmoid" => VectorMath.Sigmoid(vector),
                _ => VectorMath.Tanh(vector),
            };
        }

        return padded[..points.Length];
    }
}
