using Bijectors.Testing.Doctor;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Doctor;

/// <summary>
/// What the check compares torch with: loops whose derivatives and roundings are recorded, and memory in a given
/// layout.
/// </summary>
public class ReferenceTests
{
    private const double Epsilon = 1.0 / (1 << 23);

    [Fact]
    public void Derivatives_follow_by_the_chain_rule()
    {
        var calculation = new Calculation();
        var (a, b) = (calculation.Input(3), calculation.Input(2));
        var result = (a * b / (a - b)).Log() + (2 * b.Exp());
        Assert.Equal(Math.Log(6) + (2 * Math.Exp(2)), result.Value, 12);

        var (gradient, _) = calculation.Gradients([(result, 10), (a, 1)]);
        Assert.Equal((10 * (1 / 3.0 - 1)) + 1, gradient[a.Step], 12);
        Assert.Equal(10 * (0.5 + 1 + (2 * Math.Exp(2))), gradient[b.Step], 12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(4099)]
    public void Rounding_in_float32_stays_within_the_bound_that_is_recorded(int count)
    {
        var random = new Random(count);
        var (left, right, calculation) = (Numbers(), Numbers(), new Calculation());
        var exact = Real.Dot(count, i => (calculation.Input(left[i]), calculation.Input(right[i]).Exp()));
        var rounded = 0f;
        for (var i = 0; i < count; i++)
        {
            rounded += left[i] * MathF.Exp(right[i]);
        }

        Assert.InRange(Math.Abs(rounded - exact.Value), 0, Epsilon * exact.Error);
        Assert.InRange(exact.Error, 0, 30 * Math.Sqrt(count) * count);

        float[] Numbers() => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    [Fact]
    public void Terms_of_a_sum_may_be_steps_of_their_own()
    {
        var calculation = new Calculation();
        var x = calculation.Input(0.5);
        var sum = Real.Sum(3, i => (x * i).Exp());
        var (gradient, _) = calculation.Gradients([(sum, 1)]);
        Assert.Equal(Math.Exp(0.5) + (2 * Math.Exp(1)), gradient[x.Step], 12);
    }

    [Fact]
    public void Numbers_lie_in_memory_as_a_layout_says()
    {
        int[] shape = [2, 3, 4, 5];
        double[] numbers = [.. Enumerable.Range(0, RealArray.Count(shape))];
        foreach (var layout in Layout.All)
        {
            using var scope = NewDisposeScope();
            var tensor = layout.Place(numbers, shape, ScalarType.Float32);
            Assert.Equal(numbers, Layout.Read(tensor));
            Assert.Equal(119, tensor[1, 2, 3, 4].item<float>());
            Assert.Equal(41, tensor[0, 2, 0, 1].item<float>());
            Assert.Equal(layout == Layout.Contiguous, tensor.is_contiguous());
        }

        using var images = Layout.Permuted.Place(numbers, shape, ScalarType.Float32);
        Assert.Equal([60, 1, 15, 3], images.stride());
    }

    [Fact]
    public void Special_functions_have_their_known_values()
    {
        Assert.Equal(0.84270079294971486934, Special.Erf(1), 1e-15);
        Assert.Equal(-0.99997790950300141456, Special.Erf(-3), 1e-15);
        Assert.Equal(0.47693627620446987338, Special.ErfInverse(0.5), 1e-15);
        Assert.Equal(1.000000005, Special.Expm1(1e-8) / 1e-8, 1e-15);
        Assert.Equal(0.999999995, Special.Log1p(1e-8) / 1e-8, 1e-15);
    }
}
