using Bijectors.Testing;
using Bijectors.Tests.Numerical;
using Bijectors.Tests.Saving;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Masked networks in which features depend on each other by a graph.</summary>
public sealed class MaskedMlpTests : NumericalTest
{
    // 4 on nothing, 2 on 4, 0 on 2 and 4, 1 and 3 on 0; what is not a path is not there.
    private static readonly int[,] s_graph =
    {
        { 0, 0, 1, 0, 1 }, { 1, 0, 0, 0, 0 }, { 0, 0, 0, 0, 1 }, { 1, 0, 0, 0, 0 }, { 0, 0, 0, 0, 1 },
    };

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Each_feature_depends_on_those_that_the_graph_says_and_on_the_context(int contextSize)
    {
        var net = Net(contextSize);
        Assert.Equal([4, 2, 0, 1, 3], net.Order);
        foreach (var evaluated in (MaskedMlp[])[net, net.Frozen()])
        {
            var x = Random(40, 5).requires_grad_();
            var context = contextSize == 0 ? null : Random(40, contextSize).requires_grad_();
            var output = evaluated.Evaluate(x, context);
            Assert.Equal([40, 15], output.shape);
            for (var i = 0; i < 15; i++)
            {
                Tensor[] leaves = context is null ? [x] : [x, context];
                var gradients = autograd.grad([output[.., i].sum()], leaves, retain_graph: true, allow_unused: true);
                var depends = gradients[0].abs().sum(dim: 0).data<double>().Select(sum => sum > 0).ToArray();
                var says = Enumerable.Range(0, 5).Select(on => on != i % 5 && s_graph[i % 5, on] == 1);
                Assert.Equal(says, depends);
                Assert.True(context is null || gradients[1].abs().min().item<double>() > 0);
            }
        }
    }

    [Fact]
    public void Layers_by_it_keep_the_laws()
    {
        foreach (var solution in (CausalSolution[])[CausalSolution.Incremental, CausalSolution.Jacobi(0)])
        {
            BijectorLaws.Check(
                () => new MaskedAutoregressive(
                    MaskedMlp.Of(tensor(s_graph), [7, 9], new Generator(1), contextSize: 2), solution: solution),
                Shape.Vector(5), contextSize: 2);
        }

        BijectorLaws.Check(
            () => new Autoregressive(
                MaskedMlp.Of(tensor(s_graph), [9], new Generator(1), outputs: 8),
                Transformer.RationalQuadratic(bins: 3)),
            Shape.Vector(5));
    }

    [Fact]
    public void It_comes_back_from_what_is_saved()
    {
        using var gradients = no_grad();
        var net = Net(contextSize: 2);
        net.to(ScalarType.Float32);
        var (x, context) = (randn(20, 5, generator: Generator), randn(20, 2, generator: Generator));
        Assert.True(net.Evaluate(x, context).Equals(PieceTests.Again(net).Evaluate(x, context)));
    }

    [Fact]
    public void Every_parameter_has_a_gradient_and_nothing_stays_in_memory()
    {
        var net = Net(contextSize: 2);
        var (x, context) = (Random(200, 5), Random(200, 2));
        net.Evaluate(x, context).square().sum().backward();
        Assert.All(net.parameters(), parameter => Assert.True(parameter.grad!.abs().max().item<double>() > 0));
        using var leaving = no_grad();
        Assert.Equal(0, Survivors(() => net.Evaluate(x, context).Dispose()));
    }

    [Fact]
    public void Masks_of_another_order_that_are_loaded_are_refused_where_the_inverse_would_be_wrong()
    {
        using var gradients = no_grad();
        var net = Net(contextSize: 0);
        using (net.Begin(zeros(2, 5), null))
        {
            net.state_dict()["layers.0.mask"].fill_(0);
        }

        Assert.StartsWith(
            "MaskedMlp: expected the masks that it was made with, got loaded ones of another order;",
            Assert.Throws<InvalidOperationException>(() => net.Begin(zeros(2, 5), null)).Message);
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_one_sentence()
    {
        Assert.StartsWith(
            "MaskedMlp: expected features that do not depend on themselves, got a cycle among [0, 2].",
            Message<ArgumentException>(tensor(new[,] { { 0, 0, 1 }, { 0, 0, 0 }, { 1, 0, 0 } })));
        Assert.StartsWith(
            "MaskedMlp: expected a feature that depends on another one or on a context, got none.",
            Message<ArgumentException>(eye(3)));
        Assert.StartsWith(
            "MaskedMlp: expected an adjacency (D, D), got (2, 3).", Message<ShapeException>(ones(2, 3)));
        Assert.StartsWith(
            "MaskedMlp: expected a hidden width of 1 or more, got 0.",
            Assert.ThrowsAny<ArgumentException>(() => MaskedMlp.Of(ones(3, 3).tril(-1), [0], Generator)).Message);
        Assert.StartsWith(
            "MaskedMlp: expected masks (units, D + 0), (units, units before) and (2 D, units before), "
            + "got (4, 3), (6, 5).",
            Assert.Throws<ShapeException>(() => new MaskedMlp([ones(4, 3), ones(6, 5)], Generator)).Message);
        Assert.Throws<ShapeException>(() => new MaskedMlp([], Generator));

        string Message<T>(Tensor adjacency)
            where T : Exception => Assert.Throws<T>(() => MaskedMlp.Of(adjacency, [4], Generator)).Message;
    }

    private MaskedMlp Net(int contextSize)
    {
        var net = MaskedMlp.Of(
            tensor(s_graph), [12, 10], Generator, outputs: 3, contextSize, Activation.Tanh);
        net.to(ScalarType.Float64);
        using var gradients = no_grad();
        foreach (var parameter in net.parameters())
        {
            parameter.normal_(0, 0.5, Generator);
        }

        return net;
    }
}
