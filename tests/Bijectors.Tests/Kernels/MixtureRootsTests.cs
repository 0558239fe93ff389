using Bijectors.Kernels;
using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>The roots of the kernel are those between brackets, and come back from where they were taken.</summary>
public sealed class MixtureRootsTests : NumericalTest
{
    public static TheoryData<long, int, double> Cases => new()
    {
        { 1, 1, 3 }, { 3, 2, 3 }, { 4, 8, 3 }, { 131, 8, 30 }, { 1003, 3, 590 }, { 257, 33, 3 }, { 9000, 4, 10 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void They_are_those_between_brackets(long count, int components, double size)
    {
        var (y, mixture) = Draw(count, components, size, ScalarType.Float64);
        var roots = MixtureRoots.Of(y, mixture[0], mixture[1], mixture[2]);
        Assert.NotNull(roots);
        var brackets = MonotoneInverse.Of(y, x => SigmoidMixture.Map(x, mixture[0], mixture[1], mixture[2]));
        AssertClose(brackets, SigmoidMixture.Inverse(y, mixture[0], mixture[1], mixture[2]), 1e-9);

        // Both solve the equation as well as the map rounds, which is as its terms do.
        var slope = SigmoidMixture.LogSlope(brackets, mixture[0], mixture[1], mixture[2]).exp();
        var terms = (brackets.unsqueeze(-1) * mixture[1].exp()).abs() + mixture[2].abs();
        var rounding = (y.abs() + terms.amax([-1L]) + 1) / slope;
        Assert.InRange(((roots - brackets).abs() / rounding).max().item<double>(), 0, 1e-14);
    }

    [Fact]
    public void Of_float32_they_are_the_nearest_numbers()
    {
        var (y, mixture) = Draw(300, 5, 10, ScalarType.Float32);
        var exact = MixtureRoots.Of(
            y.to(ScalarType.Float64), mixture[0].to(ScalarType.Float64), mixture[1].to(ScalarType.Float64),
            mixture[2].to(ScalarType.Float64))!;
        Assert.Equal(exact.to(ScalarType.Float32), MixtureRoots.Of(y, mixture[0], mixture[1], mixture[2])!);
    }

    [Fact]
    public void Steep_and_flat_components_far_apart_are_found()
    {
        var y = linspace(-40, 40, 801, ScalarType.Float64);
        Tensor[] mixture =
        [
            tensor([0, -30.0, 5]), tensor([Math.Log(1e3), Math.Log(1e-3), 0]), tensor([-2e4, 7, -50.0]),
        ];
        var x = MixtureRoots.Of(y, mixture[0], mixture[1], mixture[2])!;
        var back = SigmoidMixture.Map(x, mixture[0], mixture[1], mixture[2]);

        // Next to 20, where the steep one stands, a unit in the last place of x moves y by so much.
        Assert.InRange((back - y).abs().max().item<double>(), 0, 1e-11);
    }

    [Fact]
    public void One_mixture_of_many_points_is_expanded_and_views_are_read_as_they_lie()
    {
        var (y, mixture) = Draw(24, 4, 3, ScalarType.Float64);
        var table = y.reshape(6, 4).mT;
        Tensor[] one = [.. mixture.Select(t => t.narrow(0, 0, 4).unsqueeze(1))];
        var roots = MixtureRoots.Of(table, one[0], one[1], one[2])!;
        for (var column = 0; column < 6; column++)
        {
            var alone = MixtureRoots.Of(
                table.select(1, column).clone(), one[0].squeeze(1), one[1].squeeze(1), one[2].squeeze(1))!;
            Assert.Equal(alone, roots.select(1, column));
        }
    }

    [Fact]
    public void What_the_kernel_leaves_to_brackets_is_found_between_them()
    {
        var (y, mixture) = Draw(5, 3, 1, ScalarType.Float64);
        y[2] = 4000;
        Assert.Null(MixtureRoots.Of(y, mixture[0], mixture[1], mixture[2]));
        var back = SigmoidMixture.Map(
            SigmoidMixture.Inverse(y, mixture[0], mixture[1], mixture[2]), mixture[0], mixture[1], mixture[2]);
        Assert.InRange(((back - y).abs() / (1 + y.abs())).max().item<double>(), 0, 1e-12);

        y[2] = double.NaN;
        var x = SigmoidMixture.Inverse(y, mixture[0], mixture[1], mixture[2]);
        Assert.Equal([false, false, true, false, false], x.isnan().data<bool>().ToArray());
    }

    private (Tensor Y, Tensor[] Mixture) Draw(long count, int components, double size, ScalarType dtype)
    {
        Tensor[] mixture =
        [
            .. new[] { 2.0, 1.5, 3 }.Select(
                spread => spread * randn([count, components], dtype, generator: Generator)),
        ];
        return (size * ((2 * rand([count], dtype, generator: Generator)) - 1), mixture);
    }
}
