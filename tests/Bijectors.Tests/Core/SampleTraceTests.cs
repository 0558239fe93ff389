using Bijectors.Tests.Frozen;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

public sealed class SampleTraceTests : IDisposable
{
    private const int Count = 20;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    public static TheoryData<string> Kinds => ["vectors", "images", "context", "positive", "no layers"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Its_last_step_is_what_the_flow_samples(string kind)
    {
        var (flow, context) = Made(kind);
        using var trace = flow.Trace(Count, context, new Generator(5));
        var (x, logProb) = flow.SampleWithLogProb(Count, context, new Generator(5));
        Assert.Equal((flow.Layers.Count, Count), (trace.Steps, trace.Count));
        Assert.True(x.equal(trace.Points(trace.Steps)).all().item<bool>());
        Assert.InRange(Trained.Difference(logProb, trace.LogProb(trace.Steps)), 0, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Densities_of_all_steps_under_another_one_are_those_of_flows_onto_it(string kind)
    {
        var (flow, context) = Made(kind);
        using var trace = flow.Trace(Count, context, _generator);
        for (var from = 0; from <= trace.Steps; from++)
        {
            var shape = Shape.Of(trace.Points(from).shape.AsSpan()[1..]);
            var other = new StandardNormal(shape);
            other.to(ScalarType.Float64);
            var seen = other.LogProb(trace.Points(from));
            for (var step = from; step <= trace.Steps; step++)
            {
                // Layers stand from the data to the base.
                Bijector[] between = [.. flow.Layers.Skip(trace.Steps - step).Take(step - from)];
                var expected = seen;
                foreach (var (layer, point) in between.Reverse().Zip(Enumerable.Range(from + 1, step - from)))
                {
                    var y = trace.Points(point);
                    expected += layer.ForwardWithLogDet(y, flow.Embed(context), (int)y.dim() - 1).LogDet;
                }

                var got = trace.LogProb(step, from, seen);
                Assert.InRange(Trained.Difference(expected, got), 0, 1e-10);
                Assert.InRange(Trained.Difference(seen, trace.LogProb(from, step, got)), 0, 1e-12);
            }
        }
    }

    [Fact]
    public void An_update_is_the_density_of_a_flow_with_that_base()
    {
        var (flow, _) = Made("vectors");
        using var trace = flow.Trace(Count, generator: _generator);
        var seen = new StandardLogistic(flow.EventShape);
        seen.to(ScalarType.Float64);
        var updated = trace.LogProb(trace.Steps, from: 2, seen.LogProb(trace.Points(2)));
        var slow = new Flow(flow.EventShape, Chain.Of([.. flow.Layers.SkipLast(2)]), _ => seen);
        Assert.InRange(Trained.Difference(slow.LogProb(trace.Points(trace.Steps)), updated), 0, 1e-10);
    }

    [Fact]
    public void A_step_that_is_seen_updates_the_last()
    {
        var ((flow, past), generator) = (Made("context"), _generator);
        var seen = new LocationScale(new StandardNormal(Shape.Vector(4)));
        seen.to(ScalarType.Float64);

        using var trace = flow.Trace(20, past, generator);
        var updated = trace.LogProb(trace.Steps, from: 2, seen.LogProb(trace.Points(2)));

        var expected = trace.LogProb(trace.Steps) - trace.LogProb(2) + seen.LogProb(trace.Points(2));
        Assert.InRange(Trained.Difference(expected, updated), 0, 1e-12);
    }

    [Fact]
    public void No_layer_is_asked_again_and_nothing_is_left()
    {
        var (flow, context) = Made("context");
        var trace = flow.Trace(Count, context, _generator);
        var logProb = trace.LogProb(trace.Steps);
        flow.Dispose();
        Assert.InRange(Trained.Difference(logProb, trace.LogProb(trace.Steps, 0, trace.LogProb(0))), 0, 0);
        var points = trace.Points(1);
        trace.Dispose();
        Assert.True(points.isfinite().all().item<bool>());
        Assert.Throws<InvalidOperationException>(() => trace.Points(1));
    }

    [Fact]
    public void Gradients_pass_to_the_weights_and_none_are_kept_where_they_are_off()
    {
        var (flow, _) = Made("vectors");
        using var trace = flow.Trace(Count, generator: _generator);
        trace.LogProb(trace.Steps).sum().backward();
        Assert.NotNull(flow.parameters().Last().grad);
        using var leaving = no_grad();
        using var plain = flow.Trace(Count, generator: _generator);
        Assert.False(plain.Points(2).requires_grad);
    }

    [Fact]
    public void In_float32_it_is_in_float32()
    {
        using var flow = Flow.On(Shape.Vector(3), seed: 1).AffineCoupling(8).Linear().Into(Distribution.StandardNormal);
        using var trace = flow.Trace(Count, generator: _generator);
        Assert.Equal(
            (ScalarType.Float32, ScalarType.Float32), (trace.Points(1).dtype, trace.LogProb(trace.Steps).dtype));
        Assert.InRange(
            Trained.Difference(flow.LogProb(trace.Points(trace.Steps)), trace.LogProb(trace.Steps)), 0, 1e-4);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        var (flow, _) = Made("vectors");
        using var trace = flow.Trace(Count, generator: _generator);
        Assert.Contains(
            $"expected a step from 0 to {trace.Steps}, got -1",
            Assert.Throws<ArgumentOutOfRangeException>(() => trace.Points(-1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => trace.LogProb(trace.Steps + 1));
        Assert.Contains(
            $"expected a log-density for each of {Count} samples, got [3]",
            Assert.Throws<ShapeException>(() => trace.LogProb(1, 0, zeros(3))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => flow.Trace(-1));
        using var bounded = Models.Named("cif").Create(Shape.Vector(2));
        Assert.Contains(
            "known by a lower bound only", Assert.Throws<InvalidOperationException>(() => bounded.Trace(1)).Message);
    }

    private static (Flow Flow, Tensor? Context) Made(string kind)
    {
        var vectors = Flow.On(Shape.Vector(4), seed: 1);
        var flow = kind switch
        {
            "images" => Flow.On(Shape.Image(1, 4, 4), seed: 1)
                .Squeeze().ActNorm().Conv1x1().Flatten().AffineCoupling(8).Into(Distribution.StandardNormal),
            "context" => Flow.On(Shape.Vector(4), seed: 1).Conditional(2)
                .AffineCoupling(8).Linear().MaskedAutoregressive(8).Into(Distribution.StandardNormal),
            "positive" => vectors.Then(new Log()).AffineCoupling(8).Reverse().AffineCoupling(8)
                .Into(Distribution.StandardNormal),
            "no layers" => vectors.Into(Distribution.StandardNormal),
            _ => vectors.AffineCoupling(8).Linear().MaskedAutoregressive(8).AffineCoupling(8)
                .Into(Distribution.StandardNormal),
        };
        flow.to(ScalarType.Float64);
        using var generator = new Generator(3);
        return (
            Trained.Flow(flow),
            kind == "context" ? randn([Count, 2], ScalarType.Float64, generator: generator) : null);
    }
}
