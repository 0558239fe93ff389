using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

public sealed class ContractionTests : NumericalTest
{
    private const double Constant = 0.8;
    private readonly Bijector _whose = new Reverse();
    private readonly Tensor _weight;

    public ContractionTests()
    {
        var square = Random(4, 4);
        _weight = (square * (Constant / linalg.svdvals(square).max())).requires_grad_();
    }

    private Tensor Contract(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.matmul(_weight.t()).sin().MoveToOuterDisposeScope();
    }

    private Tensor Inverse(Tensor y) => Contraction.Solve(_whose, y, 1, Contract, Constant);

    [Theory]
    [InlineData(ScalarType.Float64, 1e-13)]
    [InlineData(ScalarType.Float32, 1e-5)]
    public void It_solves_to_rounding(ScalarType dtype, double tolerance)
    {
        using var gradients = no_grad();
        var x = 100 * Random(5, 2, 4);
        var y = (x + Contract(x)).to(dtype);
        Tensor Typed(Tensor h) => h.matmul(_weight.t().to(dtype)).sin();
        AssertClose(x, Contraction.Solve(_whose, y, 1, Typed, Constant).to(ScalarType.Float64), tolerance);
    }

    [Fact]
    public void Gradients_are_those_of_autograd_through_the_iteration()
    {
        var y = Random(3, 4).requires_grad_();
        var weights = Random(3, 4);
        var expected = GradientsOf(Unrolled, weights, y, _weight);
        var actual = GradientsOf(() => Inverse(y), weights, y, _weight);
        AssertClose(expected[0], actual[0], 1e-12);
        AssertClose(expected[1], actual[1], 1e-12);

        Tensor Unrolled()
        {
            var x = y;
            for (var i = 0; i < 200; i++)
            {
                x = y - Contract(x);
            }

            return x;
        }
    }

    [Fact]
    public void What_is_no_contraction_is_refused_in_one_sentence()
    {
        var message = Assert.Throws<InvalidOperationException>(
            () => Contraction.Solve(_whose, Random(3, 4), 1, x => 3 * x, Constant)).Message;
        Assert.StartsWith("Reverse(-1): expected a contraction with constant 0.8, got a function whose fixed-point iteration does not converge", message);
        Assert.Throws<InvalidOperationException>(() => Contraction.Solve(_whose, Random(3, 4), 1, x => 3 * x.sin(), Constant));
        Assert.Throws<InvalidOperationException>(() => Contraction.Solve(_whose, Random(3, 4), 1, x => x / 0 * 0, Constant));
        Assert.Throws<ArgumentException>(() => Contraction.Solve(_whose, Random(3, 4), 1, Contract, 1));
    }

    [Fact]
    public void Events_that_are_not_numbers_do_not_disturb_the_others()
    {
        using var gradients = no_grad();
        var x = Random(3, 4);
        var y = x + Contract(x);
        y[1, 2] = double.NaN;
        var back = Inverse(y);
        Assert.True(back[1].isnan().all().item<bool>());
        AssertClose(x[0], back[0], 1e-14);
        AssertClose(x[2], back[2], 1e-14);
    }

    [Fact]
    public void The_log_det_is_that_of_the_dense_Jacobian_and_so_are_its_gradients()
    {
        var x = Random(2, 3, 4).requires_grad_();
        var weights = Random(2, 3);
        var expected = GradientsOf(Dense, weights, x, _weight);
        var actual = GradientsOf(() => Contraction.LogDet(Contract, x, 1), weights, x, _weight);
        AssertClose(Dense(), Contraction.LogDet(Contract, x, 1), 1e-13);
        AssertClose(expected[0], actual[0], 1e-12);
        AssertClose(expected[1], actual[1], 1e-12);
        using var gradients = no_grad();
        AssertClose(Dense(), Contraction.LogDet(Contract, x, 1), 1e-13);

        // d sin(W x) = diag(cos(W x)) W
        Tensor Dense() => linalg.slogdet((x.matmul(_weight.t()).cos().unsqueeze(-1) * _weight) + eye(4, dtype: x.dtype)).Item2;
    }

    [Fact]
    public void The_log_det_of_events_of_rank_2_is_over_all_their_entries()
    {
        using var gradients = no_grad();
        var x = Random(3, 2, 2);
        Tensor Flat(Tensor h) => Contract(h.flatten(-2)).reshape(h.shape);
        AssertClose(Contraction.LogDet(Contract, x.flatten(-2), 1), Contraction.LogDet(Flat, x, 2), 1e-13);
        AssertClose(zeros(3, dtype: x.dtype), Contraction.LogDet(h => zeros_like(h), x, 2), 0);
        AssertClose(log1p(0.5 * x.cos()), Contraction.LogDet(h => 0.5 * h.sin(), x, 0), 1e-14);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_estimator_has_no_bias(bool differentiable)
    {
        using var mode = set_grad_enabled(differentiable);
        var x = Random(1, 4).expand(4000, 4);
        using var noise = new Generator(3);
        var exact = Contraction.LogDet(Contract, x[0], 1).item<double>();
        var means = new List<Tensor>();
        for (var i = 0; i < 100; i++)
        {
            // One call has one number of terms: calls are independent, points of a call are not.
            means.Add(Contraction.LogDet(Contract, x.narrow(0, 0, 40), 1, new LogDetEstimator(noise)).mean().detach());
        }

        var samples = stack(means);
        var error = samples.std().item<double>() / 10;
        Assert.True(Math.Abs(samples.mean().item<double>() - exact) < 4 * error);
        Assert.InRange(error, 1e-4, 0.1);
    }

    [Fact]
    public void The_gradient_of_the_estimate_has_no_bias()
    {
        var point = Random(4);
        using var noise = new Generator(5);
        var exact = GradientsOf(() => Contraction.LogDet(Contract, point, 1), ones([], dtype: point.dtype), _weight)[0];
        var x = point.expand(40, 4);
        var samples = stack([.. Enumerable.Range(0, 200).Select(_ => GradientsOf(
            () => Contraction.LogDet(Contract, x, 1, new LogDetEstimator(noise)).mean(), ones([], dtype: x.dtype), _weight)[0])]);
        var errors = samples.std(0) / Math.Sqrt(200);
        Assert.True(((samples.mean([0L]) - exact).abs() < 4 * errors).all().item<bool>());
    }

    [Fact]
    public void No_tensor_survives()
    {
        var x = Random(3, 4);
        using var noise = new Generator(5);
        Assert.Equal(0, Survivors(() => Inverse(x).Dispose()));
        Assert.Equal(0, Survivors(() => Contraction.LogDet(Contract, x, 1).Dispose()));
        Assert.Equal(0, Survivors(() => Contraction.LogDet(Contract, x, 1, new LogDetEstimator(noise)).Dispose()));
        using var gradients = no_grad();
        Assert.Equal(0, Survivors(() => Inverse(x).Dispose()));
        Assert.Equal(0, Survivors(() => Contraction.LogDet(Contract, x, 1).Dispose()));
    }

    [Fact]
    public void Gradients_that_do_not_converge_are_not_numbers()
    {
        // Converges from this y, by luck, to a point where the slope of g is 3.
        var y = zeros(1, 4, dtype: ScalarType.Float64).requires_grad_();
        Contraction.Solve(_whose, y, 1, x => 3 * x.sin(), Constant).sum().backward();
        Assert.True(y.grad!.isnan().all().item<bool>());
    }
}
