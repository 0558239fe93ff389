using Bijectors.Cli;
using Bijectors.Training;

namespace Bijectors.Tests.Cli;

public sealed class ValidationTrendTests
{
    [Fact]
    public void A_curve_that_still_falls_at_its_end_has_not_converged() =>
        Assert.False(Converged(Enumerable.Range(1, 40).Select(i => 3 - 0.01 * i)));

    [Fact]
    public void A_flat_curve_has_converged_wherever_its_lowest_point_is()
    {
        double[] noise = [0.02, -0.01, 0.01, -0.02, 0.015, -0.015, 0.01, -0.01, 0.02, -0.03];
        Assert.True(Converged(Enumerable.Range(0, 40).Select(i => 2 + noise[i % 10])));
    }

    [Fact]
    public void A_curve_whose_lowest_point_came_before_the_last_tenth_has_converged()
    {
        // It falls over the last quarter as a whole and rises at the very end.
        var falling = Enumerable.Range(1, 40).Select(i => i <= 35 ? 3 - 0.01 * i : 2.66);
        Assert.True(Converged(falling));
        Assert.False(Converged([.. falling.Take(35)]));
    }

    [Fact]
    public void Few_validations_take_the_last_three_and_fewer_than_three_say_nothing_for_a_run()
    {
        Assert.False(Converged([5, 4, 3, 2.1]));
        Assert.True(Converged([5, 4, 4.1, 3.95]));
        Assert.False(Converged([5, 5]));
        Assert.False(Converged([5]));
    }

    [Fact]
    public void Without_validation_nothing_is_known()
    {
        Assert.Null(ValidationTrend.HadConverged([]));
        Assert.Null(ValidationTrend.HadConverged([new EpochRecord(1, 10, 1, 2, null, 0.1)]));
    }

    [Fact]
    public void Validations_that_were_left_out_or_are_not_finite_do_not_count()
    {
        var curve = Enumerable.Range(1, 40).Select(i => i % 3 == 0 ? double.NaN : 3 - 0.01 * i);
        Assert.False(Converged(curve));
    }

    private static bool? Converged(IEnumerable<double> losses) =>
        ValidationTrend.HadConverged(
            [.. losses.Select((loss, i) => new EpochRecord(i + 1, 10 * (i + 1), i, loss, loss, 0.1))]);
}
