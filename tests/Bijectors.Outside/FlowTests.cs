using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Outside;

/// <summary>Flows of this assembly's layers, distributions and models are frozen, reversed and trained.</summary>
public sealed class FlowTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void Composites_merge_with_their_neighbours_when_they_are_frozen()
    {
        using var leaving = no_grad();
        var flow = Moved(Flow.On(Shape.Vector(4))
            .Then(new ActNorm(Shape.Vector(4)))
            .Then(new Gated(new PluLinear(4, new Generator(1)), 4))
            .Then(new Conjugated(new Permute([2, 0, 3, 1]), new Gated(new PluLinear(4, new Generator(2)), 4)))
            .Into(Distribution.StandardNormal));
        var x = randn(6, 4, generator: new Generator(3));
        var frozen = flow.Frozen();
        Assert.Equal(3, flow.Layers.Count);
        Assert.Single(frozen.Layers);
        Assert.Equal(0, frozen.ParameterCount);
        Assert.InRange((flow.LogProb(x) - frozen.LogProb(x)).abs().max().ToDouble(), 0, 1e-4);
    }

    [Fact]
    public void Composites_train_in_reversible_mode()
    {
        var flow = Moved(Flow.On(Shape.Vector(4))
            .Repeat(2, (layers, i) => layers
                .Then(new Gated(Deep(i), 4))
                .Then(new Conjugated(new PluLinear(4, new Generator((ulong)i)), Own.Coupling(i))))
            .Into(Distribution.StandardNormal));
        flow.to(ScalarType.Float64);
        var x = randn([8, 4], ScalarType.Float64, generator: new Generator(3));
        var plain = Gradients();
        flow.Reversible();
        var again = Gradients();
        Assert.Contains(
            flow.ReversibleLayers(),
            layer => layer.Name.StartsWith("transform.layers.0.inner.layers.", StringComparison.Ordinal));
        Assert.Contains(flow.ReversibleLayers(), layer => layer.Source == ActivationSource.Inverse);
        Assert.All(
            plain.Zip(again), pair => Assert.InRange((pair.First - pair.Second).abs().max().ToDouble(), 0, 1e-9));

        List<Tensor> Gradients()
        {
            flow.zero_grad();
            flow.LogProb(x).sum().backward();
            return [.. flow.parameters().Select(parameter => parameter.grad!.clone())];
        }

        static Bijector Deep(int seed) => Chain.Of([.. Enumerable.Range(0, 10).SelectMany(
            i => new Bijector[] { Own.Coupling((100 * seed) + i), new Reverse() })]);
    }

    [Fact]
    public void Models_train_and_their_frozen_copies_agree()
    {
        Func<Flow>[] models =
        [
            () => RealNvp.Create(Shape.Vector(2), new() { Couplings = 2, Hidden = 16 }),
            () => Maf.Create(Shape.Vector(2), new() { Layers = 2, Hidden = 16 }),
            () => Flow.On(Shape.Vector(2))
                .ActNorm()
                .Then(new Gated(new AffineCoupling(new ResidualMlp(1, 2, 16, 1, new Generator(1))), 2))
                .Then(new Reverse())
                .Then(new AffineCoupling(new ResidualMlp(1, 2, 16, 1, new Generator(2))))
                .Into(shape => new LocationScale(new StandardLogistic(shape))),
        ];
        var data = Banana(600);
        foreach (var model in models)
        {
            using var flow = model();
            var before = Loss(flow);
            var options = new TrainingOptions { Steps = 150, LearningRate = 5e-3 };
            Trainer.Train(flow, new TrainingData(data, Banana(100)), options);
            Assert.InRange(Loss(flow), double.NegativeInfinity, before - 0.5);
            using var frozen = flow.Frozen();
            Assert.Equal(Loss(flow), Loss(frozen), 4);
            using var samples = frozen.Sample(10, generator: new Generator(5));
            Assert.True(samples.isfinite().all().ToBoolean());
        }

        double Loss(Flow flow)
        {
            using var leaving = no_grad();
            using var scope = NewDisposeScope();
            return -flow.LogProb(data).mean().ToDouble();
        }

        static Tensor Banana(int count)
        {
            var normal = randn(count, 2, generator: new Generator(4));
            var (a, b) = (normal[.., ..1], normal[.., 1..]);
            return cat([4 * a, (b / 4) + (a * a)], -1).DetachFromDisposeScope();
        }
    }

    [Fact]
    public void Distributions_give_what_ours_give()
    {
        var x = randn(7, 3, generator: new Generator(1));
        (Distribution Here, Distribution There)[] pairs =
        [
            (new StandardLogistic(Shape.Vector(3)), new Bijectors.StandardLogistic(Shape.Vector(3))),
            (
                new LocationScale(new StandardNormal(Shape.Vector(3))),
                new Bijectors.LocationScale(new Bijectors.StandardNormal(Shape.Vector(3)))),
            (new FullNormal(Shape.Vector(3)), new Bijectors.FullNormal(Shape.Vector(3))),
            (
                new LatentDistribution(
                    new Slice(Shape.Vector(3), new AlternatingPartition(-1), new StandardNormal(Shape.Vector(1))),
                    new StandardLogistic(Shape.Vector(2))),
                new Bijectors.LatentDistribution(
                    new Bijectors.Slice(
                        Shape.Vector(3), Partition.Alternating(), new Bijectors.StandardNormal(Shape.Vector(1))),
                    new Bijectors.StandardLogistic(Shape.Vector(2)))),
        ];
        foreach (var (here, there) in pairs)
        {
            Assert.True(here.LogProb(x).Equals(there.LogProb(x)));
            Assert.True(here.Frozen().LogProb(x).Equals(there.LogProb(x)));
            var samples = here.Sample(5, generator: new Generator(2));
            Assert.True(samples.Equals(there.Sample(5, generator: new Generator(2))));
        }
    }

    [Fact]
    public void A_distribution_adds_noise_to_what_its_bound_is_given_and_shows_its_parts()
    {
        using var leaving = no_grad();
        var p = new Counted(new LocationScale(new StandardNormal(Shape.Vector(2))));
        var whole = tensor(new long[] { 0, 1, -2, 0 }).reshape(2, 2);
        var bound = p.LowerBound(whole, samples: 2000, generator: new Generator(1));

        // Of one number: the integral of the normal density from n to n + 1.
        var mass = (Mass(whole + 1) - Mass(whole)).log().sum(dim: 1);
        Assert.InRange((bound - mass).abs().max().ToDouble(), 0, 0.02);
        Assert.Throws<ArgumentException>(() => p.LogProb(whole));
        var flow = Flow.On(Shape.Vector(2)).Reverse().Into((Shape _) => p);
        Assert.Equal(
            ["Reverse(-1)", "Counted", "LocationScale(StandardNormal)"],
            flow.DescriptionLines().Select(line => line.Name));
        Assert.Contains("whole numbers", flow.Describe(), StringComparison.Ordinal);

        static Tensor Mass(Tensor x) => 0.5 * (1 + (x / Math.Sqrt(2)).erf());
    }

    public void Dispose() => _scope.Dispose();

    private static Flow Moved(Flow flow)
    {
        using var leaving = no_grad();
        using var generator = new Generator(7);
        foreach (var parameter in flow.parameters())
        {
            using var noise = randn(parameter.shape, parameter.dtype, generator: generator);
            parameter.add_(noise, alpha: 0.1);
        }

        return flow;
    }
}
