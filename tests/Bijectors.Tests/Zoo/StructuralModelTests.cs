using Bijectors.Tests.Numerical;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Zoo;

/// <summary>
/// Interventions and counterfactuals of flows over graphs, against linear models with normal noise, whose answers are
/// known: <c>x0 = z0</c>, <c>x1 = 2 x0 + z1</c>, <c>x2 = -3 x0 + x1 / 2 + z2</c>, and x3 apart.
/// </summary>
public sealed class StructuralModelTests : NumericalTest
{
    private static readonly DirectedGraph s_graph = new([[], [0], [0, 1], []]);
    private static readonly Shape s_shape = Shape.Vector(4);

    [Fact]
    public void A_feature_that_is_set_moves_what_depends_on_it_and_nothing_else()
    {
        var model = new StructuralModel(Linear(), s_graph);
        var x = Random(50, 4);
        var set = model.Counterfactual(x, [new(1, 5)]);
        AssertClose(x.select(1, 0), set.select(1, 0), 1e-12);
        AssertClose(full_like(x.select(1, 1), 5), set.select(1, 1), 0);
        AssertClose(x.select(1, 2) + ((5 - x.select(1, 1)) / 2), set.select(1, 2), 1e-12);
        AssertClose(x.select(1, 3), set.select(1, 3), 1e-12);

        // Two at once, given in any order: of the first only its own way to x2 is left.
        var both = model.Counterfactual(x, [new(1, -1), new(0, 2)]);
        AssertClose(
            x.select(1, 2) - (3 * (2 - x.select(1, 0))) + ((-1 - x.select(1, 1)) / 2), both.select(1, 2), 1e-12);
        AssertClose(x, model.Counterfactual(x, []), 1e-12);
        AssertClose(x, model.Predict(model.Abduct(x), []), 1e-12);
    }

    [Fact]
    public void Under_an_intervention_features_are_distributed_otherwise_than_given_what_was_observed()
    {
        using var ungraded = no_grad();
        var model = new StructuralModel(Linear(), s_graph);
        var drawn = model.Sample(200_000, [new(1, 3)], generator: Generator);
        var x2 = drawn.select(1, 2);

        // x2 = -3 z0 + 1.5 + z2: its mean is 1.5 and its variance 10. Given x1 = 3 the mean is that of
        // -3 E(x0 | x1) + 1.5 with E(x0 | x1) = 2 x1 / 5.
        Assert.Equal(1.5, x2.mean().item<double>(), 0.04);
        Assert.Equal(10, x2.var().item<double>(), 0.2);
        var observed = model.Sample(400_000, [], generator: Generator);
        var near = (observed.select(1, 1) - 3).abs() < 0.05;
        Assert.Equal(1.5 - 3.6, observed.select(1, 2).masked_select(near).mean().item<double>(), 0.1);
    }

    [Fact]
    public void Gradients_reach_noise_and_parameters()
    {
        var flow = Linear();
        var model = new StructuralModel(flow, s_graph);
        var z = Random(5, 4).requires_grad_();
        model.Predict(z, [new(0, 1)]).select(1, 2).sum().backward();
        AssertClose(tensor([0, 0.5, 1, 0.0]).expand(5, 4), z.grad!, 1e-12);
        Assert.True(flow.parameters().Single(parameter => parameter.dim() == 2).grad!.abs().sum().item<double>() > 0);
    }

    [Theory]
    [InlineData(CgnfMap.Umnn)]
    [InlineData(CgnfMap.Spline)]
    [InlineData(CgnfMap.Affine)]
    public void A_trained_model_answers_as_the_linear_one(CgnfMap map)
    {
        using var truth = Linear();
        using var data = truth.Sample(2000, generator: Generator).to(ScalarType.Float32);
        using var flow = Cgnf.Create(
            s_shape, new() { Parents = Parents(), Map = map, Hidden = 16, Units = 8 }, seed: 1);
        Trainer.Train(
            flow, new TrainingData(data[..1800], data[1800..]),
            new TrainingOptions { Steps = 250, BatchSize = 200, LearningRate = 1e-2 });
        using var ungraded = no_grad();
        var model = new StructuralModel(flow, s_graph);
        var x = data[..500];
        var set = model.Counterfactual(x, [new(1, 1)]);
        var expected = x.select(1, 2) + ((-x.select(1, 1) + 1) / 2);

        // Points move by 1 in the mean.
        Assert.InRange((expected - x.select(1, 2)).abs().mean().item<float>(), 0.8, 1.2);
        Assert.InRange((set.select(1, 2) - expected).abs().mean().item<float>(), 0, 0.4);
        Assert.True(set.select(1, 0).allclose(x.select(1, 0), 1e-3, 1e-3));
    }

    [Fact]
    public void The_model_of_the_page_answers()
    {
        using var ungraded = no_grad();
        var (x, generator) = (randn([5, 3], generator: Generator), Generator);
        var graph = new DirectedGraph([[], [0], [0, 1]]);
        using var flow = Cgnf.Create(Shape.Vector(3), new() { Parents = [[], [0], [0, 1]] });
        var model = new StructuralModel(flow, graph);
        using var drawn = model.Sample(5, [new(1, 2.5)], generator: generator);         // x ~ p(x | do(x1 = 2.5))
        using var other = model.Counterfactual(x, [new(1, 2.5)]);                       // x, had x1 been 2.5
        Assert.True((drawn.select(1, 1) == 2.5).all().item<bool>() && (other.select(1, 1) == 2.5).all().item<bool>());
        Assert.True(other.select(1, 0).allclose(x.select(1, 0), 1e-4, 1e-4));
    }

    [Fact]
    public void Of_several_layers_and_in_a_context_it_is_the_same()
    {
        using var flow = Flow.On(s_shape, seed: 2).Conditional(2)
            .ActNorm()
            .Autoregressive(Transformer.Affine(), s_graph, hidden: 8)
            .Then(new Asinh())
            .Autoregressive(Transformer.RationalQuadratic(), s_graph, hidden: 8)
            .IntoDiagonalNormal();
        flow.to(ScalarType.Float64);
        using var ungraded = no_grad();
        foreach (var parameter in flow.parameters())
        {
            parameter.add_(0.3 * Random(parameter.shape));
        }

        var model = new StructuralModel(flow, s_graph);
        var (x, context) = (Random(6, 4), Random(6, 2));
        var set = model.Counterfactual(x, [new(0, 0.3), new(1, -0.4)], context);

        // What was set is set, and all other noise is what it was.
        AssertClose(tensor([0.3, -0.4]).expand(6, 2), set.narrow(1, 0, 2), 0);
        AssertClose(model.Abduct(x, context).narrow(1, 2, 2), model.Abduct(set, context).narrow(1, 2, 2), 1e-9);
        Assert.Equal([3, 4], model.Sample(3, [new(2, 0)], context[0], Generator).shape);
    }

    [Fact]
    public void What_the_graph_does_not_name_is_refused()
    {
        using var flow = Linear();
        Assert.StartsWith(
            "StructuralModel: expected noise 1 to depend on feature 1 and on what that depends on in the graph "
                + "[[], [], [1], []], got one that depends on feature 0.",
            Message(() => new StructuralModel(flow, new([[], [], [1], []]))));
        Assert.StartsWith(
            "StructuralModel: expected a flow of (3) into (3), the features of the graph, got one of (4) into (4)",
            Message(() => new StructuralModel(flow, DirectedGraph.Complete(3))));
        var model = new StructuralModel(flow, s_graph);
        Assert.StartsWith(
            "StructuralModel: expected different features from 0 to 3 to be set, got [1, 1].",
            Message(() => model.Sample(1, [new(1, 0), new(1, 1)])));
        Assert.StartsWith(
            "StructuralModel: expected a finite value of feature 0, got NaN.",
            Message(() => model.Counterfactual(zeros(1, 4, ScalarType.Float64), [new(0, double.NaN)])));
        Assert.StartsWith(
            "Flow[0] (Autoregressive): expected last dimension 4, the features of the graph [[], [0], [0, 1], []], "
                + "got (3)",
            Message(() => Flow.On(Shape.Vector(3)).Autoregressive(Transformer.Affine(), s_graph, hidden: 4)));

        static string Message(Func<object> act) => Assert.ThrowsAny<ArgumentException>(act).Message;
    }

    private static int[][] Parents() => [.. s_graph.Parents.Select(own => own.ToArray())];

    /// <summary>The linear model as a flow: shifts by a network without hidden layers.</summary>
    private Flow Linear()
    {
        var net = MaskedMlp.Of(s_graph, [], Generator, outputs: 1);
        var flow = new Flow(s_shape, new Autoregressive(net, Transformer.Additive()), Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        using var ungraded = no_grad();
        foreach (var parameter in flow.parameters())
        {
            // z = x + shift, so that the shift is what is taken off.
            parameter.copy_(parameter.dim() == 1
                ? zeros_like(parameter)
                : tensor(new double[,] { { 0, 0, 0, 0 }, { -2, 0, 0, 0 }, { 3, -0.5, 0, 0 }, { 0, 0, 0, 0 } }));
        }

        return flow;
    }
}
