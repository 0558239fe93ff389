using Bijectors.Testing;

namespace Bijectors.Tests.RandomFlows;

public sealed class SmallerTests
{
    [Fact]
    public void Smaller_flows_are_flows_and_smaller()
    {
        foreach (var drawn in Enumerable.Range(0, 20).Select(seed => RandomFlow.Draw(seed)))
        {
            var smaller = drawn.Smaller().Take(20).ToList();
            Assert.All(smaller, flow => Assert.True(flow.Cost < drawn.Cost, $"{flow} is not smaller than {drawn}"));
            Assert.Equal(smaller.OrderBy(flow => flow.Cost), smaller);
            foreach (var flow in smaller)
            {
                flow.Declare(0).Dispose();
            }
        }
    }

    [Theory]
    [InlineData(nameof(Exp), "~new Exp() on ()")]
    [InlineData(nameof(Logit), "new Logit() on ()")]
    [InlineData(nameof(Reverse), "new Reverse() on (1)")]
    [InlineData(nameof(Along), "new Identity().Along(-1) on (1)")]
    [InlineData(nameof(PluLinear), "new PluLinear(1, g) on (1)")]
    [InlineData(nameof(AffineCoupling), "new AffineCoupling(new ResidualMlp(1, 2, 1, 0, g)) on (2)")]
    [InlineData(nameof(FactorOut), "new FactorOut(Partition.Halves(), new Identity(), null, Shape.Vector(2)) on (2)")]
    [InlineData(nameof(MaskedAutoregressive), "new MaskedAutoregressive(new Made(1, 1, 0, g)) on (1)")]
    [InlineData("Partition.Checkerboard", "new Identity().On(Partition.Checkerboard) on (1, 1, 2)")]
    public void What_contains_a_form_shrinks_to_little_more_than_that(string form, string least)
    {
        foreach (var drawn in Enumerable.Range(0, 1000).Select(seed => RandomFlow.Draw(seed))
            .Where(flow => flow.Forms.Contains(form)).Take(3))
        {
            Assert.Equal(least, Least(drawn, flow => flow.Forms.Contains(form)).ToString());
        }
    }

    [Fact]
    public void What_needs_a_context_keeps_the_smallest()
    {
        var drawn = Enumerable.Range(0, 100).Select(seed => RandomFlow.Draw(seed)).First(flow => flow.ContextSize == 3);
        Assert.Equal("new MaskedAutoregressive(new Made(1, 1, 0, g, 1)) on (1) in a context of size 1",
            Least(drawn, flow => flow.ContextSize is not null).ToString());
    }

    [Fact]
    public void What_everything_does_shrinks_to_the_identity_of_a_number()
    {
        Assert.Equal("new Identity() on ()", Least(RandomFlow.Draw(3, 8), _ => true).ToString());
        Assert.Empty(Least(RandomFlow.Draw(3, 8), _ => true).Smaller());
    }

    private static RandomFlow Least(RandomFlow flow, Func<RandomFlow, bool> fails)
    {
        while (flow.Smaller().FirstOrDefault(fails) is { } smaller)
        {
            flow = smaller;
        }

        return flow;
    }
}
