using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

/// <summary>Gradients of gradients, both to points, contexts and parameters, agree with differences of
/// gradients.</summary>
public sealed class SecondDerivativeTests : NumericalTest
{
    private const double Tolerance = 1e-8;

    // Of two differences by one of these and half of it the error is of fourth order. Where third derivatives are large
    // the smaller one tells, elsewhere the larger one, which rounding disturbs less.
    private static readonly double[] s_steps = [1e-4, 2e-5];

    public static TheoryData<string> Names => [.. Catalogue.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Agree_with_differences(string name)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        using var lawContext =
            new LawContext(new LawCase(entry.Make, entry.Shape, entry.ContextSize), ScalarType.Float64);
        foreach (var direction in Direction.Both(lawContext.Bijector, entry.Shape))
        {
            Check(lawContext, direction);
        }
    }

    [Theory]
    [InlineData("Sinh", 1)]
    [InlineData("Asinh", -1)]
    [InlineData("Tanh", -2)]
    [InlineData("Softplus", -0.25)]
    [InlineData("Sigmoid", -0.5)]
    public void Of_log_slopes_are_right_at_zero_too(string name, double expected)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        using var f = entry.Make(0);
        var x = zeros(1, ScalarType.Float64).requires_grad_();
        var slope =
            autograd.grad([f.ForwardWithLogDet(x).LogDet.sum()], [x], retain_graph: true, create_graph: true)[0];
        Assert.Equal(expected, autograd.grad([slope.sum()], [x])[0].ToDouble(), 12);
    }

    [Fact]
    public void Of_a_score_found_by_iteration_reach_the_parameters()
    {
        using var flow = Flow.On(Shape.Vector(2), 0)
            .Then(b => ~new MaskedAutoregressive(new Made(2, 8, 1, b.Generator))).Into(Distribution.StandardNormal);
        flow.to(ScalarType.Float64);
        var x = Random(4, 2).requires_grad_();
        var score = autograd.grad([flow.LogProb(x).sum()], [x], retain_graph: true, create_graph: true)[0];
        Assert.True(score.requires_grad);
        BackwardPass.Run(score.square().sum());
        Assert.Contains(flow.parameters(), parameter => parameter.grad is { } grad && grad.abs().max().ToDouble() > 0);
    }

    [Fact]
    public void Third_ones_of_an_inverse_found_by_iteration_are_an_error()
    {
        using var layer = new ResidualLayer(new LipschitzMlp(2, 4, 1, Generator));
        layer.to(ScalarType.Float64);
        var y = Random(3, 2).requires_grad_();
        var first = autograd.grad([layer.Inverse(y).square().sum()], [y], retain_graph: true, create_graph: true)[0];
        var second = autograd.grad([first.square().sum()], [y], retain_graph: true, create_graph: true)[0];
        Assert.True(!second.requires_grad || second.isnan().any().item<bool>());
    }

    private void Check(LawContext lawContext, Direction direction)
    {
        var points = direction.Sample(lawContext, 1, 1);
        var parameters = lawContext.Bijector.parameters().ToList();
        // Along one direction of all that the result depends on; far less than the distance to the ends of a domain.
        Tensor[] at = [points.X, .. points.Context is { } context ? new[] { context } : [],
            .. parameters.Select(p => p.detach().clone())];
        Tensor[] directions =
            [.. at.Select(value => Random(value.shape) / 8 * where(value == 0, ones_like(value), value.abs()))];
        var (ofValue, ofLogDet) = (Random([1, .. direction.OntoShape.ToArray()]), Random(1));
        Tensor[] ofScore = [.. at.Select(value => Random(value.shape))];

        var (score, slope) = Score(0);
        var expected = 0.0;
        Assert.True(
            s_steps.Any(step =>
            {
                expected = ((4 * Difference(step / 2)) - Difference(step)) / 3;
                return Math.Abs(slope - expected) <= Tolerance * (1 + Math.Abs(expected) + Math.Abs(score));
            }),
            $"{direction.Name}: expected {expected:G12}, got {slope:G12}, of a score of {score:G6}.");

        double Difference(double step) => (Score(step).Value - Score(-step).Value) / (2 * step);

        // A weighted sum of the gradient to all that the result depends on, and how it changes along the direction.
        (double Value, double Slope) Score(double step)
        {
            var moved = at.Zip(directions).Select(pair => pair.First + (step * pair.Second)).ToList();
            using (no_grad())
            {
                foreach (var (parameter, value) in parameters.Zip(moved.TakeLast(parameters.Count)))
                {
                    parameter.copy_(value);
                    parameter.grad = null;
                }
            }

            var x = moved[0].detach().requires_grad_();
            var c = points.Context is null ? null : moved[1].detach().requires_grad_();
            var (y, logDet) = direction.ApplyWithLogDet(x, c);
            var sum = (y * ofValue).sum();
            // An estimate is another function at every call.
            sum = lawContext.Bijector.HasRandomLogDet ? sum : sum + (logDet * ofLogDet).sum();
            Tensor[] leaves = [x, .. c is null ? Array.Empty<Tensor>() : [c], .. parameters];
            var gradients = BackwardPass.Run(
                () => autograd.grad([sum], leaves, retain_graph: true, create_graph: true, allow_unused: true));
            var score = gradients.Zip(ofScore).Where(pair => !pair.First.IsInvalid)
                .Aggregate(zeros([], ScalarType.Float64), (total, pair) => total + (pair.First * pair.Second).sum());
            if (step == 0 && score.requires_grad)
            {
                BackwardPass.Run(score);
            }

            return (score.ToDouble(), leaves.Zip(directions)
                .Sum(pair => pair.First.grad is { } grad ? (grad * pair.Second).sum().ToDouble() : 0));
        }
    }
}
