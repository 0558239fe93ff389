using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pages;

/// <summary>The snippets of docs/concepts.md, and what the page says of them.</summary>
public class ConceptsTests
{
    [Fact]
    public void Log_dets_have_the_batch_shape_and_of_inverses_the_other_sign()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var x = randn(5, 3, generator: generator);

        var f = new Scale(2) >> new Shift(1);                           // y = 2 x + 1
        var (y, logDet) = f.ForwardWithLogDet(x, eventRank: 1);         // (5, 3) and (5): 3 log 2
        var (back, ofInverse) = (~f).ForwardWithLogDet(y, eventRank: 1);

        Assert.True(allclose(y, (2 * x) + 1) && allclose(back, x) && allclose(ofInverse, -logDet));
        Assert.Equal([5], logDet.shape);
        Assert.True(allclose(logDet, full(5, 3 * Math.Log(2), ScalarType.Float32)));
    }

    [Fact]
    public void A_flow_scores_and_samples_under_a_context()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(1);
        var (x, context) = (randn(5, 3, generator: noise), randn(5, 2, generator: noise));

        using var flow = Flow.On(Shape.Vector(3), seed: 1)              // one point: three numbers
            .Conditional(2)                                             // given two numbers
            .Repeat(4, layer => layer.AffineCoupling(hidden: 16).Reverse())
            .Into(Distribution.StandardNormal);

        using var generator = new Generator(2);
        using var quiet = no_grad();
        using var logProb = flow.LogProb(x, context);                   // (5), nats
        var (z, logDet) = flow.Encode(x, context);                      // (5, 3) and (5)
        using var one = flow.Sample(7, context[0], generator);          // (7, 3): one context for all
        using var each = flow.SampleEach(7, context, generator);        // (5, 7, 3): seven points for each context

        Assert.True(allclose(logProb, flow.Base.LogProb(z) + logDet, atol: 1e-5));
        Assert.Equal([7, 3], one.shape);
        Assert.Equal([5, 7, 3], each.shape);
    }

    [Fact]
    public void Points_outside_the_support_have_no_density_and_a_flow_that_does_not_fit_is_refused()
    {
        using var scope = NewDisposeScope();

        using var positive = Flow.On(Shape.Vector(2)).Then(new Log()).AffineCoupling(hidden: 8)
            .Into(Distribution.StandardNormal);
        using var logProb = positive.LogProb(tensor(new float[,] { { 1, 2 }, { -1, 2 } }));     // finite, and -inf

        Assert.True(double.IsFinite(logProb[0].item<float>()) && double.IsNegativeInfinity(logProb[1].item<float>()));
        Assert.Throws<DomainException>(
            () => Flow.On(Shape.Vector(2)).Then(new Exp()).Into(Distribution.StandardNormal));
    }
}
