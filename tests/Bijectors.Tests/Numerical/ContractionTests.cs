using Bijectors.CompilerServices;
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
    public void A_context_that_is_no_number_spoils_its_own_point_only()
    {
        using var layer = new ResidualLayer(new LipschitzMlp(2, 8, 2, Generator, contextSize: 1));
        layer.to(ScalarType.Float64);
        var contexts = tensor(new[,] { { 0.5 }, { double.NaN }, { -1 } });
        var y = Random(3, 2);
        var x = layer.Inverse(y, contexts);
        Assert.True(x[1].isnan().all().item<bool>());
        AssertClose(layer.Inverse(y[0], contexts[0]), x[0], 1e-12);
        AssertClose(layer.Inverse(y[2], contexts[2]), x[2], 1e-12);
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e6, 1e-14)]
    [InlineData(ScalarType.Float64, 1e12, 1e-14)]
    [InlineData(ScalarType.Float32, 5e4, 1e-6)]
    public void A_small_entry_keeps_its_digits_beside_large_ones(ScalarType dtype, double size, double tolerance)
    {
        Tensor Swapped(Tensor h) => 0.8 * h.reshape(-1, 2, 2).flip(-1).sin().reshape(-1, 4);
        var small = (0.1 * Random(200, 4)).to(dtype);
        var large = cat([small.narrow(1, 0, 2), (size * Random(200, 2)).to(dtype)], 1);
        var (alone, beside) = (Contraction.Solve(_whose, small, 1, Swapped, Constant),
            Contraction.Solve(_whose, large, 1, Swapped, Constant));
        AssertClose(
            alone.narrow(1, 0, 2).to(ScalarType.Float64), beside.narrow(1, 0, 2).to(ScalarType.Float64), tolerance);
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void Entries_that_do_not_depend_on_one_that_is_no_number_are_solved_for(double spoilt)
    {
        Tensor Swapped(Tensor h) => 0.45 * h.reshape(-1, 2, 2).flip(-1).sin().reshape(-1, 4);
        var y = Random(3, 4);
        var alone = Contraction.Solve(_whose, y, 1, Swapped, 0.5);
        y[1, 3] = spoilt;
        var x = Contraction.Solve(_whose, y, 1, Swapped, 0.5);
        AssertClose(alone.narrow(1, 0, 2), x.narrow(1, 0, 2), 1e-14);
        Assert.False(x[1].narrow(0, 2, 2).isfinite().any().item<bool>());
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
        Assert.StartsWith("Reverse(-1): expected a contraction with constant 0.8, got a function whose fixed-point "
            + "iteration does not converge", message);
        Assert.Throws<InvalidOperationException>(
            () => Contraction.Solve(_whose, Random(3, 4), 1, x => 3 * x.sin(), Constant));
        // What is no number in the forward direction is none in the other.
        Assert.True(Contraction.Solve(_whose, Random(3, 4), 1, x => x / 0 * 0, Constant).isnan().all().item<bool>());
        Assert.Throws<ArgumentException>(() => Contraction.Solve(_whose, Random(3, 4), 1, Contract, 1));
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e300)]
    [InlineData(ScalarType.Float32, 1e36)]
    public void Points_so_large_that_the_function_overflows_are_no_reason_to_refuse_it(ScalarType dtype, double large)
    {
        // 0.5 x by a detour over numbers 10^10 times as large.
        var y = tensor(new[,] { { 1.5, 3 }, { large, 1 } }, dtype);
        var x = Contraction.Solve(new Identity(), y, 1, h => h * 1e10 * 5e-11, 0.9);
        AssertClose(y[0].to(ScalarType.Float64) / 1.5, x[0].to(ScalarType.Float64), 1e-6);
        Assert.False(x[1, 0].isfinite().item<bool>());
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
        Tensor Dense() =>
            linalg.slogdet((x.matmul(_weight.t()).cos().unsqueeze(-1) * _weight) + eye(4, dtype: x.dtype)).Item2;
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_of_the_estimate_has_no_bias(bool neumann)
    {
        var point = Random(4).requires_grad_();
        using var noise = new Generator(5);
        var estimator = new LogDetEstimator(noise, hasNeumannGradients: neumann);
        var one = ones([], point.dtype);
        var exact = GradientsOf(() => Contraction.LogDet(Contract, point, 1), one, _weight, point);
        var draws = Enumerable.Range(0, 400).Select(_ => GradientsOf(
            () => Contraction.LogDet(Contract, point.expand(40, 4), 1, estimator).mean(), one, _weight, point))
            .ToList();
        for (var i = 0; i < 2; i++)
        {
            var samples = stack([.. draws.Select(draw => draw[i])]);
            var errors = samples.std(0) / Math.Sqrt(draws.Count);
            Assert.True(((samples.mean([0L]) - exact[i]).abs() < 3 * errors).all().item<bool>());
            Assert.InRange(errors.max().item<double>(), 1e-4, 0.05);
        }
    }

    [Fact]
    public void With_a_series_for_gradients_the_value_is_that_without_and_second_derivatives_are_an_error()
    {
        var x = Random(3, 4).requires_grad_();
        using var noise = new Generator(5);
        using var same = new Generator(5);
        var estimate = Contraction.LogDet(Contract, x, 1, new LogDetEstimator(noise, 3, 1, hasNeumannGradients: true));
        AssertClose(Contraction.LogDet(Contract, x, 1, new LogDetEstimator(same, 3, 1)), estimate, 1e-14);
        Assert.Contains("LogDetEstimator", Assert.Throws<NotSupportedException>(() => BackwardPass.Run(
            () => autograd.grad([estimate.sum()], [x], retain_graph: true, create_graph: true))).Message);
    }

    [Fact]
    public void A_series_for_gradients_is_the_one_that_the_number_of_terms_gives()
    {
        // In one dimension g = a x has the slope a, and v v = 1: the sum of (-a)^k to a last term, each weighted.
        const double slope = 0.7;
        var x = Random(1);
        var a = tensor(slope).requires_grad_();
        using var noise = new Generator(3);
        var estimator = new LogDetEstimator(noise, exactTerms: 2, 1.5, hasNeumannGradients: true);
        double[] chances = [Math.Exp(-1.5), 1.5 * Math.Exp(-1.5), 1.125 * Math.Exp(-1.5)];
        var last = 1 - slope + (slope * slope);
        double[] sums = [last, last -= Math.Pow(slope, 3) / (1 - chances[0]),
            last + (Math.Pow(slope, 4) / (1 - chances[0] - chances[1]))];
        var found = new HashSet<int>();
        for (var i = 0; i < 40; i++)
        {
            a.grad = null;
            BackwardPass.Run(Contraction.LogDet(h => a * h, x, 1, estimator));
            found.Add(Array.FindIndex(sums, sum => Math.Abs(sum - a.grad!.item<double>()) < 1e-12));
        }

        Assert.Superset(new HashSet<int> { 0, 1, 2 }, found);
    }

    [Fact]
    public void A_function_of_another_shape_has_no_log_det() =>
        Assert.Throws<ShapeException>(() => Contraction.LogDet(h => h + zeros(2, 4), Random(4), 1));

    [Fact]
    public void It_takes_no_more_steps_than_it_needs_and_never_more_than_the_constant_says()
    {
        using var gradients = no_grad();
        var calls = 0;
        Contraction.Solve(_whose, Random(3, 4), 1, h => Counted(0.1 * h.sin()), Constant);
        Assert.InRange(calls, 10, 25);

        // log(2^-52 (1 - c)) / log(c) is 168.7.
        calls = 0;
        var error = Assert.Throws<InvalidOperationException>(
            () => Contraction.Solve(_whose, Random(3, 4), 1, h => Counted(2 * h.sin()), Constant));
        Assert.EndsWith("does not converge in 222 steps.", error.Message, StringComparison.Ordinal);
        Assert.Equal(222, calls);

        Tensor Counted(Tensor h)
        {
            calls++;
            return h;
        }
    }

    [Fact]
    public void A_constant_of_zero_is_a_contraction()
    {
        var y = Random(3, 4);
        AssertClose(y - 2, Contraction.Solve(_whose, y, 1, h => full_like(h, 2), 0), 0);
    }

    [Fact]
    public void A_function_that_gives_more_elements_than_it_takes_is_refused()
    {
        Assert.Throws<ShapeException>(() => Contraction.Solve(_whose, Random(4), 1, h => h + zeros(2, 4), Constant));
    }

    [Fact]
    public void Weights_have_gradients_where_the_point_has_none()
    {
        var y = Random(3, 4);
        var weights = Random(3, 4);
        var expected = GradientsOf(() => Inverse(y.detach().requires_grad_()), weights, _weight)[0];
        AssertClose(expected, GradientsOf(() => Inverse(y), weights, _weight)[0], 1e-14);
        Assert.True(expected.abs().max().item<double>() > 1e-3);
    }

    [Fact]
    public void The_gradient_of_an_event_does_not_depend_on_those_beside_it()
    {
        var y = Random(2, 4).requires_grad_();
        var weights = Random(2, 4);
        weights[0] *= 1e12;
        var both = GradientsOf(() => Inverse(y), weights, y)[0];
        var second = y[1].detach().requires_grad_();
        AssertClose(GradientsOf(() => Inverse(second), weights[1], second)[0], both[1], 1e-14);
    }

    [Fact]
    public void Weights_that_changed_before_the_gradient_was_taken_are_an_error_and_not_the_end_of_the_process()
    {
        var y = Random(3, 4).requires_grad_();
        var x = Inverse(y);
        using (no_grad())
        {
            _weight.mul_(0.5);
        }

        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => x.sum().backward());
    }

    [Theory]
    [InlineData(1e-14, false)]
    [InlineData(1e-10, true)]
    public void Only_rounding_may_be_left_after_the_last_step_of_a_gradient(double coupling, bool isLost)
    {
        var y = Random(3).requires_grad_();
        var x = Implicit.Attach(
            y.detach(), y, (mapped, conditioning) => mapped + (coupling * conditioning.flip(-1)), 1, steps: 1);
        x.sum().backward();
        Assert.Equal(isLost, y.grad!.isnan().all().item<bool>());
        Assert.Equal(isLost, y.grad!.isnan().any().item<bool>());
    }

    [Fact]
    public void Rounding_is_measured_by_the_largest_entry_of_an_event()
    {
        var (now, before) = (tensor(new[,] { { 1, 1e-20 }, { 1, 2 } }), tensor(new[,] { { 1, 2e-20 }, { 1, 2 } }));
        Assert.True(Convergence.Reached(now, before, 1, 2));
        Assert.False(Convergence.Reached(now, before, 0, 2));
        Assert.False(Convergence.Reached(now, before + 1e-10, 1, 2));
        Assert.Equal([true, false],
            Convergence.Moves(now, before + tensor(new[,] { { 1e-10 }, { 0 } }), 1, 2).data<bool>().ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_log_det_of_a_function_of_nothing_is_zero(bool differentiable)
    {
        using var mode = set_grad_enabled(differentiable);
        var x = Random(2, 4);
        using var noise = new Generator(1);
        foreach (var estimator in new[] { null, new LogDetEstimator(noise) })
        {
            AssertClose(zeros(2), Contraction.LogDet(h => ones_like(h), x, 1, estimator), 0);
            AssertClose(zeros(2), Contraction.LogDet(h => _weight[0].expand(2, 4), x, 1, estimator), 0);
            Assert.Equal(differentiable, Contraction.LogDet(Contract, x, 1, estimator).requires_grad);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_estimate_is_the_series_to_a_number_of_terms_with_each_weighted_by_its_chance(bool differentiable)
    {
        using var mode = set_grad_enabled(differentiable);
        const double slope = 0.7;
        const double mean = 1.5;

        // Noise of one dimension is a sign, whose square is 1: only the number of terms is random.
        double[] chances = [.. Enumerable.Range(0, 12).Select(Chance)];
        double[] sums = [.. Enumerable.Range(0, 12).Select(last => Enumerable.Range(1, 2 + last).Sum(Term))];
        using var noise = new Generator(3);
        var estimator = new LogDetEstimator(noise, exactTerms: 2, mean);
        var counts = new int[12];
        var x = Random(1);
        for (var i = 0; i < 2000; i++)
        {
            using var estimate = Contraction.LogDet(h => slope * h, x, 1, estimator);
            var value = estimate.item<double>();
            counts[Assert.Single(Enumerable.Range(0, 12), n => Math.Abs(sums[n] - value) < 1e-12)]++;
        }

        for (var n = 0; n < 6; n++)
        {
            var expected = 2000 * chances[n];
            Assert.InRange(counts[n], expected - (4 * Math.Sqrt(expected)), expected + (4 * Math.Sqrt(expected)));
        }

        static double Chance(int n) =>
            Math.Exp(-mean) * Math.Pow(mean, n) / Enumerable.Range(1, n).Aggregate(1.0, (product, k) => product * k);

        double Term(int k) => -Math.Pow(-slope, k) / k / (k <= 2 ? 1 : 1 - chances.Take(k - 2).Sum());
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
