using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Distributions;

/// <summary>Steps that are no bijections, against probabilities summed over their noise.</summary>
public sealed class StochasticLayerTests : Numerical.NumericalTest
{
    private const int Levels = 3;

    private static readonly Shape s_one = Shape.Vector(1);

    public static TheoryData<string> Kinds => ["uniform", "variational", "variational, given x", "truncated", "levels"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_bound_lies_below_the_probability_and_comes_close_with_many_samples(string kind)
    {
        using var ungraded = no_grad();
        var p = Make(kind);
        var x = arange(Levels, ScalarType.Float64).unsqueeze(-1);
        var exact = Probabilities(p).log();
        AssertClose(tensor(1.0), exact.exp().sum(), 1e-3);

        // Means over many draws: below on average with one sample, and close with many.
        var one = Bound(samples: 1, draws: 4000);
        var many = Bound(samples: 400, draws: 40);
        Assert.True((one < exact + 0.02).all().item<bool>());
        Assert.True(((many - exact).abs() < 0.02).all().item<bool>());
        Assert.True((one <= many + 0.02).all().item<bool>());

        Tensor Bound(int samples, int draws) =>
            p.LowerBound(x.unsqueeze(0).expand(draws, Levels, 1), samples: samples, generator: Generator).mean([0L]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Samples_come_as_often_as_their_probability_says(string kind)
    {
        using var ungraded = no_grad();
        var p = Make(kind);
        const int count = 20_000;
        var x = p.Sample(count, generator: Generator);
        x = p is Flow flow ? flow.Quantize(x) : x;
        var expected = Probabilities(p);
        for (var level = 0; level < Levels; level++)
        {
            var share = (x == level).to(ScalarType.Float64).mean().item<double>();
            var probability = expected[level].item<double>();
            Assert.InRange(share - probability, -4 * Math.Sqrt(probability / count) - 1e-3,
                4 * Math.Sqrt(probability / count) + 1e-3);
        }
    }

    [Fact]
    public void Layers_behind_the_noise_are_initialised_from_the_first_batch()
    {
        using var ungraded = no_grad();
        var p = Flow.On(Shape.Vector(2), seed: 1)
            .Dequantize(8, deviation: 0.3)
            .Logit(alpha: 0)
            .ActNorm()
            .Into(Distribution.StandardNormal);
        var x = (8 * rand([512, 2], generator: Generator).square()).floor();

        p.Initialize(x, noise: Generator);

        var outer = Assert.IsType<LatentDistribution>(p.Base);
        var (noisy, _) = outer.Layer.Encode(p.Transform.Forward(x), null, Generator);
        var z = Assert.IsType<Flow>(outer.Latent).Transform.Forward(noisy);
        Assert.True((z.mean([0L]).abs() < 0.2).all().item<bool>());
        Assert.True(((z.std(0) - 1).abs() < 0.2).all().item<bool>());
    }

    [Theory]
    [InlineData("uniform")]
    [InlineData("variational")]
    public void A_density_that_is_only_bounded_is_not_given_as_a_density(string kind)
    {
        var p = Make(kind);
        Assert.False(p.HasExactLogProb);
        var x = zeros(2, 1, ScalarType.Float64);
        var message = Assert.Throws<InvalidOperationException>(() => p.LogProb(x)).Message;
        Assert.Equal("LatentDistribution: its density is known by a lower bound only, since a layer of it adds noise; "
            + "call LowerBound.", message);
        Assert.Throws<InvalidOperationException>(() => p.SampleWithLogProb(2));
        var around = new Flow(s_one, new Identity(), new StandardNormal(s_one));
        Assert.True(around.HasExactLogProb);
    }

    [Theory]
    [InlineData("uniform")]
    [InlineData("variational")]
    public void What_is_no_level_has_no_probability(string kind)
    {
        var p = Make(kind);
        var bound =
            p.LowerBound(tensor(new[,] { { 0.5 }, { -1 }, { Levels }, { 1 }, { double.NaN } }), generator: Generator);
        Assert.Equal([false, false, false, true, false], bound.isfinite().data<bool>().ToArray());
        Assert.True(bound[4].isnan().item<bool>());
        Assert.True(bound[0].item<double>() == double.NegativeInfinity);
    }

    [Fact]
    public void Noise_that_is_trained_tightens_the_bound()
    {
        var p = Make("variational, given x");
        var x = arange(Levels, ScalarType.Float64).unsqueeze(-1).expand(200, Levels, 1);
        var before = Mean();
        var layer = ((LatentDistribution)p).Layer;
        using var adam = optim.Adam(layer.parameters(), 0.05);
        for (var step = 0; step < 60; step++)
        {
            adam.zero_grad();
            (-p.LowerBound(x, generator: Generator).mean()).backward();
            adam.step();
        }

        Assert.True(Mean() > before + 0.01);

        double Mean()
        {
            using var ungraded = no_grad();
            using var same = new Generator(11);
            return p.LowerBound(x, generator: same).mean().item<double>();
        }
    }

    [Fact]
    public void A_flow_may_begin_with_learned_noise_and_says_so_in_its_table()
    {
        var flow = Flow.On(s_one)
            .Then(b => new VariationalDequantization(Levels, Noise(b.Generator, given: true)))
            .Then(new Scale(1.0 / Levels)).Then(new Logit())
            .Into(Distribution.DiagonalNormal);
        flow.to(ScalarType.Float64);
        Assert.False(flow.HasExactLogProb);
        Assert.Contains("lower bound", flow.Describe());
        Assert.Contains("LocationScale(StandardNormal)", flow.Describe());
        var bound = flow.LowerBound(zeros(5, 1, ScalarType.Float64), samples: 2, generator: Generator);
        bound.mean().backward();
        Assert.All(flow.parameters(), parameter => Assert.NotNull(parameter.grad));
        var frozen = flow.Frozen();
        Assert.Empty(frozen.parameters());
        Assert.True(frozen.Sample(10, generator: Generator).data<double>().All(x => x is 0 or 1 or 2));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Truncated_noise_is_an_option_of_a_declaration_and_saved_with_it(ScalarType dtype)
    {
        var flow = Flow.On(Shape.Vector(2)).Dequantize(8, deviation: 0.2).Logit(alpha: 0).AffineCoupling(4)
            .Into(Distribution.StandardNormal);
        flow.to(dtype);
        Assert.False(flow.HasExactLogProb);
        var path = Path.GetTempFileName();
        flow.Save(path);
        var loaded = Flow.Load(path);
        File.Delete(path);
        var x = tensor(new float[] { 0, 7, 3, 4 }, dtype).reshape(2, 2);
        using var first = new Generator(1);
        using var second = new Generator(1);
        Assert.True(flow.LowerBound(x, generator: first).Equals(loaded.LowerBound(x, generator: second)));
        // The same density of noisy points: what log q takes off is known.
        var noise = new TruncatedNormal(Shape.Vector(2), 0.5, 0.2);
        noise.to(dtype);
        using var third = new Generator(1);
        var u = noise.Sample(2, generator: third);
        var inner = ((LatentDistribution)flow.Base).Latent;
        using var fourth = new Generator(1);
        var expected = inner.LogProb(x + u) - noise.LogProb(u);
        var bound = flow.LowerBound(x, generator: fourth).to(ScalarType.Float64);
        AssertClose(expected.to(ScalarType.Float64), bound, dtype == ScalarType.Float64 ? 1e-10 : 1e-3);
        Assert.Throws<InvalidOperationException>(() => Flow.On(s_one).Then(new Scale(2)).Dequantize(8, 0.2));
        Assert.Throws<ArgumentException>(() => Flow.On(s_one).Dequantize(8, -1));
        Assert.Throws<DomainException>(() => Flow.On(s_one).Dequantize(8, Distribution.StandardNormal));
    }

    [Fact]
    public void What_does_not_fit_is_refused_where_it_is_declared()
    {
        var slice = new Slice(Shape.Vector(3), Partition.First(1), new StandardNormal(Shape.Vector(2)));
        Assert.Throws<ShapeException>(() => Flow.On(Shape.Vector(2)).Then(slice));
        Assert.Throws<InvalidOperationException>(() => Flow.On(Shape.Vector(3)).Mix(Axis.Channels, b => b.Then(slice)));
        Assert.Throws<ShapeException>(() => new LatentDistribution(slice, new StandardNormal(Shape.Vector(2))));
        Assert.Throws<DomainException>(() => new LatentDistribution(slice, new Uniform(s_one)));
        Assert.Throws<ShapeException>(() => new Slice(Shape.Vector(3), Partition.First(1), new StandardNormal(s_one)));
        Assert.Throws<DomainException>(
            () => new Slice(Shape.Vector(3), Partition.First(1), new Uniform(Shape.Vector(2))));
        Assert.Throws<DomainException>(() => new VariationalDequantization(Levels, new StandardNormal(s_one)));
        Assert.Throws<DomainException>(
            () => Flow.On(Shape.Vector(3)).Then(new Sigmoid()).Then(slice).Into(Distribution.StandardNormal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_tensor_survives_a_bound(string kind)
    {
        var p = Make(kind);
        var x = zeros(4, 1, ScalarType.Float64);
        Assert.Equal(0, Survivors(() => p.LowerBound(x, samples: 3, generator: Generator).Dispose()));
        Assert.Equal(0, Survivors(() => p.Sample(4, generator: Generator).Dispose()));
    }

    /// <summary>P(x): the density of the latent between two levels.</summary>
    private Tensor Probabilities(Distribution p)
    {
        const int cells = 2000;
        var latent = p is LatentDistribution { Latent: var z } ? z : p;
        var nodes = (arange(cells * Levels, ScalarType.Float64) + 0.5) / cells;
        return latent.LogProb(nodes.unsqueeze(-1)).exp().reshape(Levels, cells).mean([1L]);
    }

    private Distribution Make(string kind)
    {
        var latent = Flow.On(s_one).Then(new Scale(1.0 / Levels)).Then(new Logit())
            .Then(new Affine(0.7, 0.4)).Into(Distribution.StandardNormal);
        Distribution p = kind switch
        {
            "uniform" => new LatentDistribution(new UniformDequantization(s_one, Levels), latent),
            "variational" =>
                new LatentDistribution(new VariationalDequantization(Levels, Noise(Generator, given: false)), latent),
            "truncated" => new LatentDistribution(
                new VariationalDequantization(Levels, new TruncatedNormal(s_one, 0.5, 0.25)), latent),
            "levels" => new Flow(s_one, latent.Transform, Distribution.StandardNormal, Levels),
            _ => new LatentDistribution(new VariationalDequantization(Levels, Noise(Generator, given: true)), latent),
        };
        p.to(ScalarType.Float64);
        return p;
    }

    /// <summary>
    /// A flow on (0, 1): the logit of its noise is logistic, with tails at least as heavy as those of uniform noise.
    /// </summary>
    private static Flow Noise(Generator generator, bool given)
    {
        var noise = new Flow(
            s_one,
            new Logit(),
            given
                ? new LocationScale(new StandardLogistic(s_one), new ResidualMlp(1, 2, 8, 1, generator), s_one)
                : Distribution.Logistic(s_one),
            contextShape: given ? s_one : null);
        using var ungraded = no_grad();
        foreach (var parameter in given ? [] : noise.parameters())
        {
            parameter.fill_(0.2);
        }

        return noise;
    }
}
