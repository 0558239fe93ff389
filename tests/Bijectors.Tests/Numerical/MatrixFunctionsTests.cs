using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

/// <summary>The exponential of matrices, whatever their size, against what is known of it.</summary>
public class MatrixFunctionsTests
{
    [Theory]
    [InlineData(ScalarType.Float64, 1e-14)]
    [InlineData(ScalarType.Float32, 5e-6)]
    public void The_exponential_of_a_skew_matrix_is_a_rotation_to_rounding(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(3);
        foreach (var size in new[] { 0.01, 0.1, 0.3, 1, 3, 8 })
        {
            var w = (size * (2 * rand([5, 5], ScalarType.Float64, generator: generator) - 1)).to(dtype);
            var q = MatrixFunctions.Exponential(w - w.mT);
            Assert.InRange(
                (q.mm(q.mT) - eye(5)).abs().max().to(ScalarType.Float64).item<double>(), 0, tolerance * (1 + size));
        }
    }

    [Fact]
    public void It_is_that_of_each_number_on_a_diagonal_and_has_the_trace_for_its_log_det()
    {
        using var scope = NewDisposeScope();
        var d = tensor(new[] { -3.0, 0, 0.25, 5 });
        Assert.True(allclose(d.exp(), MatrixFunctions.Exponential(d.diag()).diagonal(), rtol: 1e-14, atol: 0));
        var w = rand([4, 4], ScalarType.Float64, generator: new Generator(1));
        var (_, logAbsDet) = linalg.slogdet(MatrixFunctions.Exponential(w));
        Assert.Equal(w.trace().item<double>(), logAbsDet.item<double>(), 12);
        Assert.True(
            MatrixFunctions.Exponential(full([2, 2], double.NaN, ScalarType.Float64)).isnan().all().item<bool>());
    }

    [Fact]
    public void What_is_no_square_matrix_is_refused() => Assert.Contains(
        "expected a square matrix",
        Assert.Throws<ArgumentException>(() => MatrixFunctions.Exponential(zeros(2, 3))).Message);
}
