using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

/// <summary>What is estimated or found to a tolerance says so, and by how much it may be off.</summary>
public sealed class StatedAccuracyTests : NumericalTest
{
    private readonly Tensor _x = randn([6, 4], ScalarType.Float64, generator: new Generator(1));

    [Fact]
    public void The_mean_of_estimates_is_within_its_standard_error_of_the_log_det()
    {
        using var exact = Residual(null);
        using var noise = new Generator(3);
        using var f = Residual(new LogDetEstimator(noise));
        var (mean, error) = f.EstimateLogDet(_x, draws: 400);
        var expected = exact.ForwardWithLogDet(_x).LogDet;
        Assert.Equal([6], error.shape);
        Assert.InRange(error.max().item<double>(), 1e-6, 0.1);
        Assert.True(((mean - expected).abs() <= 6 * error).all().item<bool>());
    }

    [Fact]
    public void Four_times_the_draws_make_half_the_error()
    {
        using var noise = new Generator(3);
        using var f = Residual(new LogDetEstimator(noise));
        var few = f.EstimateLogDet(_x, draws: 200).StandardError.mean().item<double>();
        var many = f.EstimateLogDet(_x, draws: 800).StandardError.mean().item<double>();
        Assert.InRange(few / many, 1.6, 2.5);
    }

    [Fact]
    public void An_exact_log_det_is_asked_for_once_and_has_no_error()
    {
        using var f = Residual(null);
        var (mean, error) = f.EstimateLogDet(_x, draws: 2);
        Assert.True(mean.equal(f.ForwardWithLogDet(_x).LogDet).all().item<bool>());
        Assert.Equal(0, error.abs().max().item<double>());
        Assert.Throws<ArgumentOutOfRangeException>(() => f.EstimateLogDet(_x, draws: 1));
    }

    [Fact]
    public void The_log_density_of_a_flow_is_averaged_with_its_error()
    {
        using var noise = new Generator(3);
        using var flow = new Flow(Shape.Vector(4), Residual(new LogDetEstimator(noise)), Distribution.StandardNormal);
        using var certain = new Flow(Shape.Vector(4), Residual(null), Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        certain.to(ScalarType.Float64);
        var x = _x;
        var (mean, error) = flow.EstimateLogProb(x, draws: 200);
        Assert.True(flow.HasEstimatedLogProb);
        Assert.False(certain.HasEstimatedLogProb);
        Assert.True(((mean - certain.LogProb(x)).abs() <= 6 * error).all().item<bool>());
    }

    [Fact]
    public void Points_outside_the_support_have_no_error()
    {
        using var noise = new Generator(3);
        var f = new Log() >> Residual(new LogDetEstimator(noise));
        using var flow = new Flow(Shape.Vector(4), f, Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        var (mean, error) = flow.EstimateLogProb(-_x.abs(), draws: 3);
        Assert.True(mean.isneginf().all().item<bool>());
        Assert.Equal(0, error.max().item<double>());
    }

    [Fact]
    public void Composites_name_the_noise_of_those_inside_once()
    {
        using var one = new Generator(1);
        using var two = new Generator(2);
        var f = Residual(new LogDetEstimator(one));
        var g = Residual(new LogDetEstimator(two));
        var all = ~(f >> new Reverse() >> g >> Residual(new LogDetEstimator(one)).Along(-1));
        Assert.True(all.HasRandomLogDet);
        Assert.Equal([one, two], all.LogDetNoise);
        Assert.Empty(Residual(null).LogDetNoise);
        Assert.Equal([one, two], all.Frozen(Shape.Vector(4), ScalarType.Float64).LogDetNoise.OrderBy(g => g == two));
    }

    [Fact]
    public void Tolerances_add_up()
    {
        var f = new MaskedAutoregressive(
            new Made(4, 6, 1, new Generator(0)), solution: CausalSolution.Jacobi(1e-6));
        Assert.Equal(1e-6, f.Tolerance);
        Assert.Equal(2e-6, (f >> new Reverse() >> ~f).Tolerance);
        f.Solution = CausalSolution.Incremental;
        Assert.Equal(0, f.Tolerance);
    }

    [Fact]
    public void A_flow_is_described_with_what_is_not_exact()
    {
        using var noise = new Generator(3);
        var swept = new MaskedAutoregressive(
            new Made(4, 6, 1, new Generator(0)), solution: CausalSolution.Jacobi(1e-6));
        using var flow = new Flow(
            Shape.Vector(4), Residual(new LogDetEstimator(noise)) >> swept, Distribution.StandardNormal);
        var table = flow.Describe();
        Assert.Contains("log-det estimated", table);
        Assert.Contains("inverse to 1e-6", table);
    }

    [Fact]
    public void A_report_takes_the_mean_of_estimates()
    {
        using var noise = new Generator(3);
        using var flow = new Flow(Shape.Vector(4), Residual(new LogDetEstimator(noise)), Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        var report = InvertibilityReport.Of(flow, _x);
        Assert.InRange(report.LogDetStandardError, 1e-6, 0.1);
        Assert.InRange(report.LogDet.Worst, 1e-8, 6 * report.LogDetStandardError);
        Assert.DoesNotContain(
            report.Warnings, warning => warning.Contains("log-dets are off", StringComparison.Ordinal));
        Assert.Contains("estimated: means of 100 draws, standard error up to", report.ToString());
    }

    private static ResidualLayer Residual(LogDetEstimator? estimator)
    {
        var f = new ResidualLayer(new LipschitzMlp(4, 6, 1, new Generator(2)), estimator);
        f.to(ScalarType.Float64);
        return f;
    }
}
