using Bijectors.Testing;
using Bijectors.Tests.Numerical;
using Bijectors.Tests.Saving;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Networks on sets do not know the order of the items.</summary>
public sealed class DeepSetsTests : NumericalTest
{
    [Fact]
    public void Items_that_change_places_take_their_output_along()
    {
        using var gradients = no_grad();
        var net = Net(new() { Activation = Activation.Tanh });
        var (x, context) = (Random(7, 5, 3), Random(7, 2));
        var order = tensor([3L, 0, 4, 1, 2]);
        var y = net.Evaluate(x, context);
        Assert.Equal([7, 5, 4], y.shape);
        AssertClose(y.index_select(1, order), net.Evaluate(x.index_select(1, order), context), 1e-12);

        // Another item changes all.
        var moved = x.clone();
        moved[0, 0, 0] += 1;
        Assert.True((net.Evaluate(moved, context)[0] - y[0]).abs().amin(-1).min().item<double>() > 1e-6);
    }

    [Fact]
    public void Each_layer_reads_an_item_and_the_mean()
    {
        using var gradients = no_grad();
        var net = Net(new());
        var (x, context) = (Random(7, 5, 3), Random(7, 2));
        var h = cat([x, context.unsqueeze(1).expand(7, 5, 2)], -1);
        var state = net.state_dict();
        for (var i = 0; i < 3; i++)
        {
            h = i == 0 ? h : h.clamp(min: 0);
            var read = cat([h, h.mean([1], keepdim: true).expand_as(h)], -1);
            h = read.matmul(state[$"layers.{i}.weight"].T) + state[$"layers.{i}.bias"];
        }

        AssertClose(h, net.Evaluate(x, context), 1e-12);
        AssertClose(h, net.Frozen().Evaluate(x, context), 1e-12);
    }

    [Fact]
    public void A_flow_by_it_gives_a_set_in_any_order_one_density()
    {
        using var gradients = no_grad();
        using var flow = Flow.On(Shape.Of(4, 3), seed: 1)
            .ActNorm()
            .AffineCoupling(hidden: 8, options: new DeepSetsOptions { OutputGain = 1 })
            .Reverse()
            .AffineCoupling(hidden: 8, options: new DeepSetsOptions { OutputGain = 1 })
            .Into(Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        var x = Random(6, 4, 3);
        var density = flow.LogProb(x);
        AssertClose(density, flow.LogProb(x.flip(1)), 1e-12);
        Assert.False(density.allclose(flow.LogProb(x.flip(2))));
    }

    [Fact]
    public void A_coupling_by_it_keeps_the_laws() => BijectorLaws.Check(
        () => new AffineCoupling(new DeepSets(2, 4, 6, 1, new Generator(1), contextSize: 2), Partition.Halves(-1)),
        Shape.Of(3, 4), contextSize: 2);

    [Fact]
    public void An_embedding_is_one_vector_for_any_order_and_any_number_of_items()
    {
        using var gradients = no_grad();
        var net = new SetEmbedding(Shape.Of(5, 3), 4, 6, Generator);
        net.to(ScalarType.Float64);
        Assert.Equal(Shape.Vector(4), net.OutputShape(Shape.Of(9, 3)));
        var x = Random(7, 5, 3);
        var y = net.Evaluate(x, null);
        Assert.Equal([7, 4], y.shape);
        AssertClose(y, net.Evaluate(x.flip(1), null), 1e-12);
        AssertClose(y, net.Evaluate(cat([x, x], 1), null), 1e-12);
        AssertClose(y, net.Frozen().Evaluate(x, null), 1e-12);
        Assert.False(y.allclose(net.Evaluate(x.square(), null)));
        net.to(ScalarType.Float32);
        Assert.True(net.Evaluate(x.to(ScalarType.Float32), null).Equals(
            PieceTests.Again(net).Evaluate(x.to(ScalarType.Float32), null)));
    }

    [Fact]
    public void A_set_of_observations_is_the_context_of_a_flow()
    {
        var set = Shape.Of(10, 2);
        using var flow = Flow.On(Shape.Vector(3), seed: 1)
            .Conditional(set, b => new SetEmbedding(set, outputs: 8, hidden: 16, b.Generator))
            .AffineCoupling(hidden: 16)
            .Into(Distribution.StandardNormal);
        using (no_grad())
        {
            foreach (var parameter in flow.parameters())
            {
                parameter.add_(randn(parameter.shape, generator: Generator), alpha: 0.1);
            }
        }

        var (x, observed) = (randn(6, 3, generator: Generator), randn(6, 10, 2, generator: Generator));
        var density = flow.LogProb(x, observed);
        Assert.True(density.allclose(flow.LogProb(x, observed.flip(1)), 1e-5, 1e-5));
        Assert.False(density.allclose(flow.LogProb(x, observed + 1)));
        density.sum().backward();
        Assert.All(
            flow.modules().OfType<SetEmbedding>().Single().parameters(),
            parameter => Assert.True(parameter.grad!.abs().max().item<float>() > 0));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused_in_one_sentence()
    {
        Assert.StartsWith(
            "DeepSets: expected a depth of 1 or more, got 0.",
            Assert.ThrowsAny<ArgumentException>(() => new DeepSets(2, 2, 2, 0, Generator)).Message);
        Assert.Contains(
            "DeepSets: expected last dimension 3, got (5, 2)",
            Assert.Throws<ShapeException>(() => Net(new()).Evaluate(zeros(7, 5, 2), null)).Message);
        Assert.StartsWith(
            "SetEmbedding: expected sets (items, features), got (3).",
            Assert.Throws<ShapeException>(() => new SetEmbedding(Shape.Vector(3), 4, 6, Generator)).Message);
    }

    private DeepSets Net(DeepSetsOptions options)
    {
        var net = new DeepSets(3, 4, hidden: 6, depth: 2, Generator, contextSize: 2, options);
        net.to(ScalarType.Float64);
        using var gradients = no_grad();
        foreach (var parameter in net.parameters())
        {
            parameter.normal_(0, 0.5, Generator);
        }

        return net;
    }
}
