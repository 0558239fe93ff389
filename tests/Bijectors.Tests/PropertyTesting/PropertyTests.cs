using Bijectors.Testing;
using Bijectors.Testing.FsCheck;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using TorchSharp;

namespace Bijectors.Tests.PropertyTesting;

/// <summary>The two ways in which a property of bijectors is written with FsCheck.</summary>
public sealed class PropertyTests
{
    [Property(Arbitrary = [typeof(BijectorArbitraries)], MaxTest = 10, Replay = "17,1")]
    public void Flows_keep_the_laws(RandomFlow flow) => BijectorLaws.Check(flow.Case(seed: 0));

    [Property(Arbitrary = [typeof(BijectorArbitraries)], MaxTest = 50, Replay = "17,1")]
    public bool Flattening_keeps_the_order_of_entries(Point point)
    {
        using var scope = torch.NewDisposeScope();
        var y = new Flatten(point.Shape).Forward(point.ToTensor());
        return y.data<double>().SequenceEqual(point.Values);
    }

    [Property(Arbitrary = [typeof(BijectorArbitraries)], MaxTest = 50, Replay = "17,1")]
    public bool Domains_hold_what_they_sample(Domain domain, Shape shape)
    {
        using var scope = torch.NewDisposeScope();
        return domain.Contains(domain.Sample(shape.ToArray(), torch.ScalarType.Float64, new torch.Generator(1)))
            .all().item<bool>();
    }

    [Fact]
    public void A_sampled_point_has_the_same_density_both_ways()
    {
        Prop.ForAll(Arbitraries.Flows(), drawn =>
        {
            using var scope = torch.NewDisposeScope();
            using var flow = drawn.Declare(seed: 1);
            flow.to(torch.ScalarType.Float64);
            var context = drawn.ContextSize is { } size ? torch.zeros(size, torch.ScalarType.Float64) : null;
            var (x, logProb) = flow.SampleWithLogProb(3, context, new torch.Generator(1));
            return flow.LogProb(x, context).allclose(logProb, 1e-6, 1e-6);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithReplay(17, 1));
    }

    [Fact]
    public void A_failure_is_shown_shrunk_and_its_replay_shows_the_same()
    {
        var property = Prop.ForAll(Arbitraries.Flows(), flow => !flow.Forms.Contains(nameof(Softplus)));
        var config = Config.QuickThrowOnFailure.WithReplay(17, 1).WithMaxTest(300);
        var (once, again) = (Assert.ThrowsAny<Exception>(() => property.Check(config)),
            Assert.ThrowsAny<Exception>(() => property.Check(config)));
        Assert.Contains("new Softplus() on ()", once.Message, StringComparison.Ordinal);
        Assert.Equal(once.Message, again.Message);
    }
}
