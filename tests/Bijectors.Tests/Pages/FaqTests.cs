using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pages;

/// <summary>The snippets of docs/faq.md, and what the page says of them.</summary>
public class FaqTests
{
    [Fact]
    public void Data_on_an_interval()
    {
        using var scope = NewDisposeScope();

        using var flow = Flow.On(Shape.Vector(2), seed: 1)
            .Then(~Bijector.To(Domain.Interval(0, 10)))                 // (0, 10) to all reals
            .Repeat(4, layer => layer.Coupling(Transformer.RationalQuadratic(), hidden: 32).Linear())
            .Into(Distribution.StandardNormal);

        using var generator = new Generator(1);
        using var samples = flow.Sample(1000, generator: generator);
        Assert.InRange(samples.min().item<float>(), 0, 10);
        Assert.InRange(samples.max().item<float>(), 0, 10);
        Assert.Equal(double.NegativeInfinity, flow.LogProb(tensor(new float[] { 11, 5 })).item<float>());
    }

    [Fact]
    public void Columns_of_different_domains()
    {
        using var scope = NewDisposeScope();
        using var flow = Flow.On(Shape.Vector(3), seed: 1)
            .Then(new Parallel(new Log(), new Identity(), Partition.First(1)))  // the first column is positive
            .AffineCoupling(hidden: 8)
            .Into(Distribution.StandardNormal);
        using var logProb = flow.LogProb(tensor(new float[,] { { 1, -2, 3 }, { -1, 2, 3 } }));
        Assert.True(double.IsFinite(logProb[0].item<float>()) && double.IsNegativeInfinity(logProb[1].item<float>()));
    }

    [Fact]
    public void Images_in_bits_per_dimension()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(1);
        var images = randint(0, 256, [4, 3, 8, 8], dtype: ScalarType.Float32, generator: noise);

        using var flow = Flow.On(Shape.Image(3, 8, 8), seed: 1)
            .Dequantize(levels: 256).Logit()
            .Squeeze()
            .Repeat(4, step => step.ActNorm().Conv1x1().AffineCoupling(hidden: 32))
            .Into(Distribution.StandardNormal);
        using var generator = new Generator(2);
        using var x = flow.Dequantize(images, generator);               // levels 0..255, as numbers, and noise
        using var bits = flow.BitsPerDimension(x);                      // (N)
        using var drawn = flow.Sample(16, generator: generator);
        using var levels = flow.Quantize(drawn);                        // whole numbers 0..255

        using var expected = flow.LogProb(x) / (-3 * 8 * 8 * Math.Log(2));
        Assert.True(allclose(bits, expected));
        Assert.True(allclose(levels, levels.round()) && levels.min().item<float>() >= 0);
        Assert.True(levels.max().item<float>() <= 255);
    }

    [Fact]
    public void The_gradient_of_the_density_at_points()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(1);
        var points = randn(5, 2, generator: noise);
        using var flow = Flow.On(Shape.Vector(2), seed: 1).Into(Distribution.StandardNormal);

        using var x = points.clone().requires_grad_();
        using var total = flow.LogProb(x).sum();
        total.backward();
        using var score = x.grad!.clone();                              // (N, D): d log p / dx

        Assert.True(allclose(score, -points, atol: 1e-5));
    }

    [Fact]
    public void Many_items_in_parts()
    {
        using var scope = NewDisposeScope();
        using var noise = new Generator(1);
        var items = randn(1000, 2, generator: noise);
        using var flow = Flow.On(Shape.Vector(2), seed: 1).AffineCoupling(hidden: 8)
            .Into(Distribution.StandardNormal);

        using var logProb = Evaluation.LogProb(flow, items, batchSize: 256);

        Assert.True(allclose(logProb.to(ScalarType.Float32).cpu(), flow.LogProb(items), atol: 1e-5));
    }

    [Fact]
    public void The_same_seeds_give_the_same_numbers()
    {
        using var scope = NewDisposeScope();
        var samples = Enumerable.Range(0, 2).Select(_ =>
        {
            using var flow = Flow.On(Shape.Vector(3), seed: 7).AffineCoupling(hidden: 8)
                .Into(Distribution.StandardNormal);
            using var generator = new Generator(11);
            return flow.Sample(5, generator: generator);
        }).ToList();
        Assert.True(samples[0].equal(samples[1]).all().item<bool>());
    }
}
