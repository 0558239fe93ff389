using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

public sealed class JacobianTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void OfALinearMapIsItsMatrix()
    {
        var matrix = tensor(new double[,] { { 1, 2, 3 }, { 0, -1, 4 } });
        var jacobian =
            Jacobians.Of(x => nn.functional.linear(x, matrix), zeros(5, 3, ScalarType.Float64), eventRank: 1);
        Assert.Equal([5, 2, 3], jacobian.shape);
        Assert.True(jacobian.allclose(matrix.expand(5, 2, 3)));
    }

    [Fact]
    public void FlattensBatchAndEvent()
    {
        var x = rand(2, 3, 2, 2, ScalarType.Float64);
        var jacobian = Jacobians.Of(p => p.exp().flatten(2), x, eventRank: 2, outputEventRank: 1);
        Assert.Equal([6, 4, 4], jacobian.shape);
        Assert.True(Jacobians.LogAbsDet(jacobian).allclose(x.sum([-1, -2]).flatten()));
    }

    [Fact]
    public void OfWhatDoesNotDependOnThePointIsZero()
    {
        var x = ones(4, 2, ScalarType.Float64);
        Assert.Equal(0, Jacobians.Of(p => p.detach(), x, eventRank: 1).abs().sum().item<double>());
        Assert.Equal(0, Jacobians.Of(_ => ones(4, 2, ScalarType.Float64).requires_grad_(), x, eventRank: 1).abs()
            .sum().item<double>());
    }

    [Fact]
    public void WorksWithoutGradModeAndLeavesThePointsAlone()
    {
        using var grad = no_grad();
        var x = ones(4, 2, ScalarType.Float64);
        Assert.Equal(2, Jacobians.Of(p => p.square(), x, eventRank: 1)[0, 0, 0].item<double>());
        Assert.Null(x.grad);
        Assert.False(x.requires_grad);
    }

    [Theory]
    [InlineData(100, 3, 300)]
    [InlineData(300, 4, 900)]
    [InlineData(700, 3, 700)]
    [InlineData(1100, 2, 1100)]
    public void ManyPointsGoInAFewAtATime(long count, long size, long most)
    {
        // Each once for every entry that comes out, in one batch dimension, no more than a thousand or so together.
        var largest = 0L;
        var jacobian = Jacobians.Of(
            (p, c) =>
            {
                Assert.Equal((2L, size, 2L, p.shape[0]), (p.dim(), p.shape[1], c!.dim(), c.shape[0]));
                largest = Math.Max(largest, p.shape[0]);
                return p * c.exp() + p.sum(-1, keepdim: true);
            },
            rand(count, size, ScalarType.Float64), zeros(count, 1, ScalarType.Float64), size);
        Assert.True(jacobian.allclose((eye(size, dtype: ScalarType.Float64) + 1).expand(count, size, size)));
        Assert.Equal(most, largest);
    }

    [Fact]
    public void GradientsReachOnlyWhatIsAsked()
    {
        var (a, b) = (ones(2, requires_grad: true), ones(2, requires_grad: true));
        Assert.Equal([3f, 3], Jacobians.Gradients((3 * a + 2 * b).sum(), [a])[0]!.data<float>().ToArray());
        Assert.Null(a.grad);
        Assert.Null(b.grad);
    }

    [Fact]
    public void LogAbsDetLeavesItsResultOnly()
    {
        var jacobian = ones(1, 1, 1, ScalarType.Float64);
        var before = _scope.DisposablesCount;
        Jacobians.LogAbsDet(jacobian);
        Assert.Equal(before + 1, _scope.DisposablesCount);
    }

    [Fact]
    public void LogAbsDetOfASingularMatrixIsMinusInfinity() =>
        Assert.Equal(double.NegativeInfinity, Jacobians.LogAbsDet(ones(1, 2, 2, ScalarType.Float64))[0].item<double>());

    [Fact]
    public void LogAbsDetWantsSquareMatrices() =>
        Assert.Contains(
            "(3, 2, 4)", Assert.Throws<ArgumentException>(() => Jacobians.LogAbsDet(ones(3, 2, 4))).Message);
}
