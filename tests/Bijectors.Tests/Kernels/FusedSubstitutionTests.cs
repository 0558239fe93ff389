using Bijectors.Kernels;
using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>The kernel solves pixel after pixel what a dense triangular matrix says, and so does its twin.</summary>
public sealed class FusedSubstitutionTests : NumericalTest
{
    private static readonly (int, int)[] s_quadrant = [(0, 1), (0, 2), (1, 0), (1, 1), (2, 2)];
    private static readonly (int, int)[] s_raster = [(0, 1), (1, -1), (1, 0), (1, 1), (2, -2)];

    public static TheoryData<int, int, int, int> Sizes => new()
    {
        { 1, 1, 1, 1 }, { 3, 2, 4, 5 }, { 16, 3, 3, 2 }, { 17, 5, 2, 7 }, { 2, 9, 5, 1 }, { 33, 4, 6, 6 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Kernel_and_twin_solve_the_written_out_system(int batch, int channels, int height, int width)
    {
        foreach (var order in Orders())
        {
            var (y, taps) = Draw(batch, channels, height, width, order);
            var expected = linalg.solve(WrittenOut(taps, order, height, width), y.reshape(batch, -1).mT).mT
                .reshape(y.shape);
            AssertClose(expected, FusedSubstitution.Values(y, taps, order), 1e-11);
            AssertClose(expected, TorchSubstitution.Solve(y, taps, order), 1e-11);
            Assert.True(FusedSubstitution.Takes(y, taps));
            var (single, rounded) = (y.to(ScalarType.Float32), taps.to(ScalarType.Float32));
            AssertClose(expected, FusedSubstitution.Values(single, rounded, order).to(ScalarType.Float64), 1e-4);
            AssertClose(expected, TorchSubstitution.Solve(single, rounded, order).to(ScalarType.Float64), 1e-4);
        }
    }

    [Fact]
    public void Gradients_of_both_orders_are_those_of_the_twin()
    {
        foreach (var order in Orders())
        {
            var (y, taps) = Draw(3, 2, 4, 3, order);
            (y, taps) = (y.requires_grad_(), taps.requires_grad_());
            var (weights, direction, of) = (Random(y.shape), Random(y.shape), Random(taps.shape));
            var (first, second) = (Derivatives(FusedSubstitution.Solve), Derivatives(TorchSubstitution.Solve));
            foreach (var (a, b) in second.Zip(first))
            {
                AssertClose(a, b, 1e-11);
            }

            Tensor[] Derivatives(Func<Tensor, Tensor, TapOrder, Tensor> solve)
            {
                var loss = (solve(y, taps, order).sin() * weights).sum();
                var gradients = autograd.grad([loss], [y, taps], create_graph: true, retain_graph: true);
                var inner = (gradients[0] * direction).sum() + (gradients[1] * of).sum();
                return [.. gradients, .. autograd.grad([inner], [y, taps])];
            }
        }
    }

    [Fact]
    public void Views_are_read_as_they_lie_and_nothing_is_overwritten()
    {
        var order = Orders().First();
        var (y, taps) = Draw(4, 2, 3, 3, order);
        var turned = y.transpose(2, 3);
        var (before, expected) = (y.clone(), FusedSubstitution.Values(turned.contiguous(), taps, order));
        AssertClose(expected, FusedSubstitution.Values(turned, taps, order), 0);
        var one = Random(8, 1, 1, 1);
        Assert.Equal(one, FusedSubstitution.Values(one, Random(order.Taps.Count, 1, 1), order));
        Assert.Equal(before, y);
        Assert.Equal([0, 2, 3, 3], FusedSubstitution.Values(y.narrow(0, 0, 0), taps, order).shape);
        Assert.Equal(0, Survivors(() => FusedSubstitution.Solve(y, taps, order).Dispose()));
    }

    private static IEnumerable<TapOrder> Orders() =>
        from taps in new[] { s_quadrant, s_raster }
        from fromBottom in new[] { false, true }
        from fromRight in new[] { false, true }
        select new TapOrder(taps, fromBottom, fromRight);

    private (Tensor Y, Tensor Taps) Draw(int batch, int channels, int height, int width, TapOrder order) =>
        (Random(batch, channels, height, width), 0.3 / channels * Random(order.Taps.Count, channels, channels));

    /// <summary>I + N, for images flattened.</summary>
    private static Tensor WrittenOut(Tensor taps, TapOrder order, int height, int width)
    {
        var channels = (int)taps.size(1);
        var matrix = eye(channels * height * width, dtype: ScalarType.Float64);
        for (var k = 0; k < order.Taps.Count; k++)
        {
            var down = order.FromBottom ? -order.Taps[k].Down : order.Taps[k].Down;
            var right = order.FromRight ? -order.Taps[k].Right : order.Taps[k].Right;
            for (var (row, column) = (0, 0); row < height; column = (column + 1) % width, row += column == 0 ? 1 : 0)
            {
                var (fromRow, fromColumn) = (row - down, column - right);
                if (fromRow < 0 || fromRow >= height || fromColumn < 0 || fromColumn >= width)
                {
                    continue;
                }

                for (var (to, from) = (0, 0); to < channels; from = (from + 1) % channels, to += from == 0 ? 1 : 0)
                {
                    var (i, j) = (Place(to, row, column), Place(from, fromRow, fromColumn));
                    matrix[i, j] = taps[k, to, from];
                }
            }
        }

        return matrix;

        int Place(int channel, int row, int column) => (((channel * height) + row) * width) + column;
    }
}
