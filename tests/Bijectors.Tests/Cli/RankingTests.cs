using Bijectors.Cli;

namespace Bijectors.Tests.Cli;

public sealed class RankingTests
{
    private static readonly double[] Baseline = [9, 10, 11, 12];

    [Fact]
    public void A_model_is_best_where_every_difference_exceeds_twice_its_standard_error()
    {
        // Differences to b are 1, 1, 1, 1.2 on items that spread much more than that.
        var ranking = Rank(("a", [[1, 4, 2, 8]]), ("b", [[2, 5, 3, 9.2]]), ("c", [[5, 5, 6, 9]]));
        Assert.Equal("a", ranking.Best);
        Assert.Equal(["a", "b", "c"], ranking.Places.Select(place => place.Name));
        Assert.Null(ranking.Places[0].AboveLowest);
        Assert.Equal(1.05, ranking.Of("b").AboveLowest!.Mean, 12);
        Assert.Equal(0.05, ranking.Of("b").AboveLowest!.StandardError, 12);
        Assert.Equal(6.75, ranking.BaselineAboveLowest!.Mean, 12);
    }

    [Fact]
    public void None_is_best_where_one_difference_does_not_exceed_twice_its_standard_error()
    {
        // Differences -1, 3: mean 1, standard error 2. The third model is far, and does not help.
        var ranking = Rank(("a", [[2, 2]]), ("b", [[1, 5]]), ("c", [[7, 7]]));
        Assert.Null(ranking.Best);
        Assert.Equal((1, 2), (ranking.Of("b").AboveLowest!.Mean, ranking.Of("b").AboveLowest!.StandardError));
        Assert.False(ranking.Of("b").AboveLowest!.Counts);
        Assert.True(ranking.Of("c").AboveLowest!.Counts);
    }

    [Fact]
    public void A_third_model_with_a_noisier_difference_than_the_second_can_forbid_the_mark()
    {
        var ranking = Rank(("a", [[1, 1, 1, 1]]), ("b", [[2, 2, 2, 2.1]]), ("c", [[0, 9, 0, 0]]));
        Assert.Equal("c", ranking.Places[2].Name);
        Assert.True(ranking.Of("b").AboveLowest!.Counts);
        Assert.Null(ranking.Best);
    }

    [Fact]
    public void The_lowest_model_is_not_best_where_it_loses_to_the_baseline_or_does_not_beat_it_for_sure()
    {
        Assert.Null(Rank(("a", [[9.5, 10.4, 11.6, 12.5]]), ("b", [[12, 13, 14, 15]])).Best);
        var near = Rank(("a", [[9, 10, 11, 10]]), ("b", [[12, 13, 14, 15]]));
        Assert.Null(near.Best);
        Assert.Equal((0.5, 0.5), (near.Of("a").BelowBaseline.Mean, near.Of("a").BelowBaseline.StandardError));
        Assert.Equal(-3, near.Of("b").BelowBaseline.Mean);
    }

    [Fact]
    public void Over_several_seeds_the_larger_standard_error_counts()
    {
        // Each item has the same difference, 1; the means of the seeds, 1, 3 and 2, 4, have a standard error of 1.
        var seeds = Rank(("a", [[1, 1], [3, 3]]), ("b", [[2, 2], [4, 4]]));
        Assert.Equal(1, seeds.Of("b").AboveLowest!.Mean, 12);
        Assert.Equal(Math.Sqrt(2), seeds.Of("b").AboveLowest!.StandardError, 12);
        Assert.Null(seeds.Best);
        // Both seeds agree, and the items differ: -1 and 3.
        var items = Rank(("a", [[2, 2], [2, 2]]), ("b", [[1, 5], [1, 5]]));
        Assert.Equal(2, items.Of("b").AboveLowest!.StandardError, 12);
    }

    [Fact]
    public void One_model_alone_one_item_alone_and_none_say_nothing()
    {
        Assert.Null(Rank(("a", [[1, 1, 1, 1]])).Best);
        Assert.Null(new Ranking([("a", [[1]]), ("b", [[5]])], [9]).Best);
        Assert.Empty(new Ranking([], Baseline).Places);
    }

    [Fact]
    public void A_loss_that_is_not_finite_comes_last_and_is_never_best()
    {
        var ranking = Rank(("wild", [[double.NaN, 1]]), ("a", [[1, 1.1]]), ("off", [[double.PositiveInfinity, 1]]));
        Assert.Equal("a", ranking.Best);
        Assert.Equal("a", ranking.Places[0].Name);
        Assert.Null(Rank(("wild", [[double.NaN, 1]]), ("off", [[double.PositiveInfinity, 1]])).Best);
    }

    private static Ranking Rank(params (string Name, double[][] Losses)[] models) => new(
        [.. models.Select(model => (model.Name, (IReadOnlyList<IReadOnlyList<double>>)model.Losses))],
        Baseline[..models[0].Losses[0].Length]);
}
