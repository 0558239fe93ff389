using Bijectors.Data;
using Xunit;
using static TorchSharp.torch;

namespace Bijectors.Tests.Data;

public sealed class SplitTests : FolderTest
{
    [Theory]
    [InlineData(10, 8, 1, 1)]
    [InlineData(3, 1, 1, 1)]
    [InlineData(1_797, 1_437, 180, 180)]
    public void Fractions_give_every_part_something(long count, long train, long validation, long test)
        => Assert.Equal((train, validation, test), Split.Usual.Of(count));

    [Fact]
    public void A_fraction_of_zero_gives_an_empty_part()
    {
        Assert.Equal((9L, 0L, 1L), Split.Fractions(0.9, 0, 0.1).Of(10));
        using var set = Datasets.FromTensor("mine", ones(10, 2), Split.Fractions(1, 0, 0));
        Assert.Equal((10, 0, 0), (set.Train.shape[0], set.Validation.shape[0], set.Test.shape[0]));
    }

    [Fact]
    public void Indices_are_a_permutation_that_depends_on_the_seed_alone()
    {
        var first = Split.Usual.Draw(1_000, 7);
        var again = Split.Usual.Draw(1_000, 7);
        var other = Split.Usual.Draw(1_000, 8);
        var all = cat([first.Train, first.Validation, first.Test]).sort().Values;
        Assert.True(all.Equals(arange(1_000)));
        Assert.True(first.Train.Equals(again.Train) && first.Test.Equals(again.Test));
        Assert.False(first.Train.Equals(other.Train));
        Assert.False(first.Train.Equals(arange(800)));
    }

    [Fact]
    public void The_global_random_state_is_not_touched()
    {
        _ = manual_seed(3);
        var expected = Values(randn(5));
        _ = manual_seed(3);
        Datasets.Digits(1).Dispose();
        foreach (var toy in Datasets.ToyNames)
        {
            Datasets.Toy(toy, 50, 1).Dispose();
        }

        using (var generator = new Generator(1))
        {
            Assert.Equal(4, Batches.Shuffled(ones(8, 1), 2, generator).Count());
        }

        Assert.Equal(expected, Values(randn(5)));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Assert.Equal(
            "Split: expected enough items for a split into 5 + 5 + 5 items, got 14; ask for smaller parts.",
            Message(() => Split.Sizes(5, 5, 5).Of(14)));
        Assert.Equal(
            "mine: expected enough items for a split into fractions 0.8, 0.1 and 0.1, got 2; ask for smaller parts.",
            Message(() => Datasets.FromTensor("mine", ones(2, 2))));
        Assert.Equal(
            "Split: expected sizes of at least 1, 0 and 0, got 5, -1 and 5.",
            Message(() => Split.Sizes(5, -1, 5)));
        Assert.Equal(
            "Split: expected fractions of 0 to 1 that add up to 1 with something to train on, got 0.8, 0.1 and 0.2.",
            Message(() => Split.Fractions(0.8, 0.1, 0.2)));
    }
}
