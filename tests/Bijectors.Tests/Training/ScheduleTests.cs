using Bijectors.Training;

namespace Bijectors.Tests.Training;

public sealed class ScheduleTests
{
    private const double Peak = 0.1;

    [Fact]
    public void A_constant_rises_to_its_peak_and_stays() =>
        Assert.Equal([0.025, 0.05, 0.075, 0.1, 0.1], Rates(Schedule.Constant(warmup: 4), 0, 1, 2, 3, 60));

    [Fact]
    public void A_cosine_falls_to_what_is_left() =>
        Assert.Equal([0.1, 0.055, 0.01], Rates(Schedule.Cosine(final: 0.1), 0, 50, 100));

    [Fact]
    public void A_polynomial_falls_with_its_power()
    {
        Assert.Equal([0.1, 0.075, 0.05, 0], Rates(Schedule.Polynomial(), 0, 25, 50, 100));
        Assert.Equal([0.1, 0.025, 0], Rates(Schedule.Polynomial(power: 2), 0, 50, 100));
        Assert.Equal([0.05, 0.019], Rates(Schedule.Polynomial(warmup: 2, final: 0.1), 0, 90));
    }

    [Fact]
    public void One_cycle_rises_and_falls() =>
        Assert.Equal(
            [0.01, 0.055, 0.1, 0.05, 0], Rates(Schedule.OneCycle(rise: 0.2, start: 0.1, final: 0), 0, 10, 20, 60, 100));

    [Fact]
    public void A_plateau_lowers_the_rate_each_time()
    {
        var schedule = Schedule.ReduceOnPlateau(factor: 0.5, patience: 2);
        double?[] scores = [3, 2, 2, null, 2.5, 1, 1, 1, 1, 1];
        Assert.Equal(
            [0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.0125],
            Enumerable.Range(0, 11).Select(n => Math.Round(schedule.Rate(Peak, After(scores[..n], false)), 9)));
        Assert.Equal(0.05, schedule.Rate(Peak, After([3, 2, 2], true)), 9);
        Assert.Equal(0.1, schedule.Rate(Peak, After([1, 2, 3], true)), 9);
    }

    [Fact]
    public void The_trainer_takes_the_schedule_that_it_is_given()
    {
        using var flow = Toy.Flow();
        using var points = Toy.Points(200, 1);
        var options = new TrainingOptions { Epochs = 4, BatchSize = 100, LearningRate = Peak };
        options = options with { Schedule = new Halving() };
        var result = Trainer.Train(flow, new TrainingData(points), options);
        Assert.Equal([0.05, 0.0125], result.History.Take(2).Select(record => record.LearningRate));
    }

    [Fact]
    public void What_is_no_schedule_is_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => Schedule.Constant(-1));
        Assert.ThrowsAny<ArgumentException>(() => Schedule.Cosine(final: 1.5));
        Assert.ThrowsAny<ArgumentException>(() => Schedule.Polynomial(power: double.NaN));
        Assert.ThrowsAny<ArgumentException>(() => Schedule.OneCycle(rise: 1));
        Assert.ThrowsAny<ArgumentException>(() => Schedule.ReduceOnPlateau(factor: 1));
    }

    private static IEnumerable<double> Rates(Schedule schedule, params int[] steps) =>
        steps.Select(step => Math.Round(schedule.Rate(Peak, new(step, step / 100.0, [])), 9)).ToArray();

    private static RunPosition After(double?[] scores, bool moreIsBetter) =>
        new(1, 0.5, [.. scores.Select((score, i) => new EpochRecord(i + 1, i + 1, 0, 0, score, 0))], moreIsBetter);

    private sealed class Halving : Schedule
    {
        public override double Rate(double peak, RunPosition at) => peak * Math.Pow(0.5, at.Step);
    }
}
