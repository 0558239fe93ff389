using Bijectors.Tests.Saving;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Distributions;

/// <summary>
/// Variational autoencoders and continuously indexed flows, against densities in closed form and integrals over a grid.
/// </summary>
public sealed class AutoencoderTests : Numerical.NumericalTest
{
    // Its logarithm is a number of float32, in which parameters start.
    private static readonly double s_noise = Math.Exp(-0.5);

    private static readonly Shape s_point = Shape.Vector(3);
    private static readonly Shape s_latent = Shape.Vector(2);
    private readonly Tensor _matrix;
    private readonly Tensor _bias;

    public AutoencoderTests() => (_matrix, _bias) = (Random(3, 2), Random(3));

    public static TheoryData<string> Kinds =>
        ["autoencoder", "fixed", "conditional", "index", "index, conditional"];

    [Fact]
    public void With_the_exact_posterior_the_bound_is_the_density()
    {
        using var ungraded = no_grad();
        var p = new LatentDistribution(new VariationalAutoencoder(ExactPosterior(), Decoder()), Prior());
        p.to(ScalarType.Float64);
        Assert.False(p.HasExactLogProb);
        var x = Random(20, 3);
        var expected = OfMarginal(x, _bias);
        AssertClose(expected, p.LowerBound(x, generator: Generator), 1e-9);
        AssertClose(expected, p.LowerBound(x, samples: 7, generator: Generator), 1e-9);
        p.to(ScalarType.Float32);
        var bound = p.LowerBound(x.to(ScalarType.Float32), generator: Generator);
        AssertClose(expected, bound.to(ScalarType.Float64), 1e-4);
    }

    [Fact]
    public void With_a_context_the_exact_posterior_gives_the_conditional_density()
    {
        using var ungraded = no_grad();
        var moves = Random(3, 2);
        var decoder = new LocationScale(
            new StandardNormal(s_point), new Linear(cat([_matrix, moves], 1), _bias), Shape.Vector(4), s_noise);
        var (gain, covariance) = Posterior();
        var encoder = new FullNormal(
            s_latent,
            Full(cat([gain, -gain.mm(moves)], 1), -gain.matmul(_bias.unsqueeze(-1)).squeeze(-1), covariance),
            Shape.Vector(5));
        var p = new LatentDistribution(
            new VariationalAutoencoder(encoder, decoder, Shape.Vector(2)), Prior());
        p.to(ScalarType.Float64);
        Assert.Equal(Shape.Vector(2), p.ContextShape);
        var (x, c) = (Random(4, 1, 3), Random(1, 5, 2));
        var expected = OfMarginal(x, _bias + c.matmul(moves.mT));
        AssertClose(expected, p.LowerBound(x, c, generator: Generator), 1e-9);
    }

    [Fact]
    public void Importance_weights_tighten_the_bound_of_another_posterior()
    {
        using var ungraded = no_grad();
        var p = Make("fixed");
        var x = Random(5, 3);
        var exact = OfMarginal(x, _bias);
        var last = double.NegativeInfinity;
        foreach (var (samples, draws) in new[] { (1, 4000), (10, 1000), (100, 200) })
        {
            var mean = p.LowerBound(x.unsqueeze(0).expand(draws, 5, 3), samples: samples, generator: Generator)
                .mean().item<double>();
            Assert.InRange(mean, last, exact.mean().item<double>() + 0.02);
            last = mean;
        }

        AssertClose(exact, OfMany(p, x), 0.02);
    }

    [Fact]
    public void Samples_are_those_of_the_marginal()
    {
        using var ungraded = no_grad();
        var p = Make("fixed");
        const int count = 20_000;
        var x = p.Sample(count, generator: Generator);
        AssertClose(_bias, x.mean([0L]), 0.06);
        var centred = x - x.mean([0L]);
        AssertClose(Marginal(), centred.mT.mm(centred) / count, 0.1);
    }

    [Fact]
    public void A_constant_deviation_of_the_posterior_is_no_parameter()
    {
        using var ungraded = no_grad();
        var encoder = new LocationScale(
            new StandardNormal(s_latent), new ResidualMlp(3, 2, 4, 1, Generator), s_point, 0.25);
        var x = ones(5000, 3);
        var z = encoder.Sample(5000, x, Generator);
        Assert.InRange(z.std(0).max().item<float>(), 0.24f, 0.26f);
        var trained = new LocationScale(
            new StandardNormal(s_latent), new ResidualMlp(3, 2, 4, 1, Generator), s_point, 0.25, isScaleTrained: true);
        Assert.Equal(2, Count(trained) - Count(encoder));

        static long Count(Distribution p) => p.parameters().Sum(parameter => parameter.numel());
    }

    [Fact]
    public void Networks_on_tokens_encode_and_decode()
    {
        var (tokens, latents) = (Shape.Of(4, 3), Shape.Of(4, 2));
        var flow = Flow.On(tokens)
            .Then(b => new VariationalAutoencoder(
                new LocationScale(
                    new StandardNormal(latents), new VisionTransformer(3, 4, 4, 4, 1, b.Generator, heads: 2), tokens),
                new LocationScale(
                    new StandardNormal(tokens), new VisionTransformer(2, 3, 4, 4, 1, b.Generator, heads: 2), latents,
                    scale: 1, isScaleTrained: true)))
            .MaskedAutoregressive(table => new CausalTransformer(table[-1], table[-2], 4, 1, Generator, heads: 2))
            .Into(Distribution.StandardNormal);
        Assert.Contains("lower bound", flow.Describe());
        var x = randn([6, 4, 3], generator: Generator);

        // Fresh networks give zeros: the point is standard normal, whatever the latent is.
        AssertClose(
            new StandardNormal(tokens).LogProb(x).to(ScalarType.Float64),
            flow.LowerBound(x, generator: Generator).detach().to(ScalarType.Float64), 1e-5);
        flow.LowerBound(x, generator: Generator).mean().backward();
        Assert.All(flow.parameters(), parameter => Assert.NotNull(parameter.grad));
        Assert.Equal([5, 4, 3], flow.Sample(5, generator: Generator).shape);
    }

    [Fact]
    public void An_index_that_is_integrated_over_a_grid_gives_the_density()
    {
        using var ungraded = no_grad();
        var p = Make("index");
        var layer = (ContinuousIndex)p.Layer;
        var u = linspace(-8, 8, 4001, ScalarType.Float64).unsqueeze(-1);
        var step = 16.0 / 4000;
        foreach (var x in new[] { -1.5, 0.2, 2.0 })
        {
            var point = tensor(new[] { x }).expand(4001, 1);
            var (z, logDet) = layer.F.ForwardWithLogDet(point, u, 1);
            var density = (layer.Prior.LogProb(u, z) + logDet + p.Latent.LogProb(z)).exp().sum().item<double>() * step;
            var one = tensor(new[] { x }).unsqueeze(0);
            Assert.Equal(Math.Log(density), OfMany(p, one)[0].item<double>(), 2e-2);
            var single = p.LowerBound(one.expand(4000, 1), generator: Generator).mean().item<double>();
            Assert.True(single < Math.Log(density) - 1e-3);
        }
    }

    [Fact]
    public void An_index_that_moves_nothing_leaves_the_density_of_the_flow()
    {
        using var ungraded = no_grad();
        var index = Shape.Vector(2);
        var f = new ElementwiseLayer(
            Transformer.Affine(), s_latent,
            new ResidualMlp(0, 4, 4, 1, Generator, 2, new() { OutputGain = 0 }));
        var p = new LatentDistribution(
            new ContinuousIndex(s_latent, f, new StandardNormal(index), new StandardNormal(index)), Prior());
        var x = randn([9, 2], generator: Generator);
        AssertClose(
            new StandardNormal(s_latent).LogProb(x).to(ScalarType.Float64),
            p.LowerBound(x, generator: Generator).to(ScalarType.Float64), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_frozen_copy_and_a_saved_one_have_the_same_bound(string kind)
    {
        using var ungraded = no_grad();
        var p = Make(kind == "fixed" ? "autoencoder" : kind);
        p.to(ScalarType.Float32);
        var x = randn([6, .. p.EventShape.ToArray()], generator: Generator);
        var c = p.ContextShape is { } shape ? randn([6, .. shape.ToArray()], generator: Generator) : null;
        var frozen = p.Frozen();
        Assert.Empty(frozen.parameters());
        var again = PieceTests.Again<Distribution>(p);
        var expected = p.LowerBound(x, c, 3, new Generator(5)).to(ScalarType.Float64);
        AssertClose(expected, frozen.LowerBound(x, c, 3, new Generator(5)).to(ScalarType.Float64), 1e-4);
        AssertClose(expected, again.LowerBound(x, c, 3, new Generator(5)).to(ScalarType.Float64), 0);
        Assert.True(p.Sample(6, c, new Generator(5)).Equals(again.Sample(6, c, new Generator(5))));
        Assert.Equal($"{p}", $"{again}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gradients_of_the_bound_are_those_of_the_same_noise_under_other_parameters(string kind)
    {
        var p = Make(kind == "fixed" ? "autoencoder" : kind);
        var x = Random([6, .. p.EventShape.ToArray()]);
        var c = p.ContextShape is { } shape ? Random([6, .. shape.ToArray()]) : null;
        Bound().backward();
        foreach (var parameter in p.parameters())
        {
            var direction = Random(parameter.shape);
            var slope = (parameter.grad! * direction).sum().item<double>();
            using var ungraded = no_grad();
            const double h = 1e-6;
            parameter.add_(direction, h);
            var above = Bound().item<double>();
            parameter.add_(direction, -2 * h);
            var below = Bound().item<double>();
            parameter.add_(direction, h);
            Assert.Equal((above - below) / (2 * h), slope, 1e-5 * (1 + Math.Abs(slope)));
        }

        Tensor Bound() => p.LowerBound(x, c, 2, new Generator(5)).mean();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_tensor_survives_a_bound(string kind)
    {
        var p = Make(kind);
        var x = Random([6, .. p.EventShape.ToArray()]);
        var c = p.ContextShape is { } shape ? Random([6, .. shape.ToArray()]) : null;
        Assert.Equal(0, Survivors(() => p.LowerBound(x, c, 2, Generator).Dispose()));
        Assert.Equal(0, Survivors(() => p.Sample(6, c, Generator).Dispose()));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var encoder = new LocationScale(
            new StandardNormal(s_latent), new ResidualMlp(3, 4, 4, 1, Generator), s_point);
        Assert.Throws<ShapeException>(() => new VariationalAutoencoder(Decoder(), Decoder()));
        Assert.Throws<ArgumentException>(() => new VariationalAutoencoder(encoder, Decoder(), Shape.Vector(4)));
        Assert.StartsWith(
            "VariationalAutoencoder: expected an encoder with an exact density that gradients pass through, got ",
            Assert.Throws<ArgumentException>(() => new VariationalAutoencoder(
                new NormalMixture(s_latent, 2, Generator), Decoder())).Message);
        var index = Shape.Vector(1);
        Assert.Throws<ArgumentException>(() => new ContinuousIndex(
            s_latent, new Identity(), new StandardNormal(index), new StandardNormal(index)));
        var f = new ElementwiseLayer(Transformer.Affine(), s_latent, new ResidualMlp(0, 4, 4, 1, Generator, 1));
        Assert.Throws<ShapeException>(() => new ContinuousIndex(
            s_latent, f, new StandardNormal(index), new StandardNormal(s_latent)));
        Assert.Throws<DomainException>(() => new ContinuousIndex(
            s_latent, f, new StandardNormal(index), new Uniform(index)));
        Assert.Throws<ArgumentException>(() => new LocationScale(
            new StandardNormal(s_latent), new ResidualMlp(3, 2, 4, 1, Generator), s_point, scale: 0));
    }

    private LatentDistribution Make(string kind)
    {
        LatentDistribution p = kind switch
        {
            "fixed" => new(
                new VariationalAutoencoder(
                    new LocationScale(
                        new StandardNormal(s_latent), new Linear(Posterior().Gain, zeros(2)), s_point, 0.7),
                    Decoder()),
                Prior()),
            "autoencoder" => new(
                new VariationalAutoencoder(
                    new LocationScale(new StandardNormal(s_latent), new ResidualMlp(3, 4, 4, 1, Generator), s_point),
                    new LocationScale(
                        new StandardNormal(s_point), new ResidualMlp(2, 3, 4, 1, Generator), s_latent, 0.8, true)),
                Flow.On(s_latent).AffineCoupling(4).Into(Distribution.StandardNormal)),
            "conditional" => new(
                new VariationalAutoencoder(
                    new LocationScale(new StandardNormal(s_latent), new ResidualMlp(3 + 4, 4, 4, 1, Generator),
                        Shape.Vector(3 + 4)),
                    new LocationScale(new StandardNormal(s_point), new ResidualMlp(2, 6, 4, 1, Generator), s_latent),
                    Shape.Vector(4)),
                Flow.On(s_latent).Conditional(4).AffineCoupling(4).Into(Distribution.StandardNormal)),
            _ => Indexed(kind == "index" ? 1 : 2, kind == "index" ? 0 : 4),
        };
        p.to(ScalarType.Float64);
        using var ungraded = no_grad();
        foreach (var parameter in p.parameters())
        {
            parameter.add_(0.3 * Random(parameter.shape));
        }

        return p;
    }

    private LatentDistribution Indexed(long size, long context)
    {
        var (shape, index) = (Shape.Vector(size), Shape.Vector(1));
        var f = new ElementwiseLayer(
            Transformer.Affine(), shape, new ResidualMlp(0, 2 * size, 8, 1, Generator, 1 + context));
        return new(
            new ContinuousIndex(
                shape, f,
                new LocationScale(
                    new StandardNormal(index), new ResidualMlp(size + context, 1, 4, 1, Generator),
                    Shape.Vector(size + context), scale: 2, isScaleTrained: true),
                new LocationScale(
                    new StandardNormal(index), new ResidualMlp(size + context, 2, 4, 1, Generator),
                    Shape.Vector(size + context)),
                context > 0 ? Shape.Vector(context) : null),
            context > 0
                ? Flow.On(shape).Conditional((int)context).AffineCoupling(4).Into(Distribution.StandardNormal)
                : Distribution.DiagonalNormal(shape));
    }

    /// <summary>The bound of many samples, drawn at once.</summary>
    private Tensor OfMany(LatentDistribution p, Tensor x)
    {
        const int count = 200_000;
        var weights = p.LowerBound(x.unsqueeze(0).expand(count, x.size(0), x.size(1)), generator: Generator);
        return weights.logsumexp(0) - Math.Log(count);
    }

    private static StandardNormal Prior() => new(s_latent);

    private LocationScale Decoder() =>
        new(new StandardNormal(s_point), new Linear(_matrix, _bias), s_latent, s_noise);

    /// <summary>The posterior of z given x is normal: its mean is a gain times x - b.</summary>
    private (Tensor Gain, Tensor Covariance) Posterior()
    {
        var precision = eye(2, dtype: ScalarType.Float64) + (_matrix.mT.mm(_matrix) / (s_noise * s_noise));
        var covariance = linalg.inv(precision);
        return (covariance.mm(_matrix.mT) / (s_noise * s_noise), covariance);
    }

    private FullNormal ExactPosterior()
    {
        var (gain, covariance) = Posterior();
        return new(
            s_latent, Full(gain, -gain.matmul(_bias.unsqueeze(-1)).squeeze(-1), covariance), s_point);
    }

    /// <summary>A network that gives the mean <c>A x + b</c> and the factor of a constant covariance.</summary>
    private static Linear Full(Tensor matrix, Tensor bias, Tensor covariance)
    {
        var factor = linalg.cholesky(covariance);
        var rest = tensor(new[]
        {
            Math.Log(factor[0, 0].item<double>()), Math.Log(factor[1, 1].item<double>()), factor[1, 0].item<double>(),
        });
        return new(
            cat([matrix, zeros([3, matrix.size(1)], ScalarType.Float64)], 0), cat([bias, rest], 0));
    }

    private Tensor Marginal() => _matrix.mm(_matrix.mT) + (s_noise * s_noise * eye(3, dtype: ScalarType.Float64));

    private Tensor OfMarginal(Tensor x, Tensor mean)
    {
        var covariance = Marginal();
        var centred = x - mean;
        var squares = (centred.matmul(linalg.inv(covariance)) * centred).sum(-1);
        return -(squares + linalg.slogdet(covariance).Item2 + (3 * Math.Log(2 * Math.PI))) / 2;
    }

    /// <summary><c>A x + b</c></summary>
    private sealed class Linear : Conditioner
    {
        private readonly Tensor matrix;
        private readonly Tensor bias;

        public Linear(Tensor matrix, Tensor bias)
            : base(contextSize: 0)
        {
            (this.matrix, this.bias) = (matrix.clone(), bias.clone());
            RegisterComponents();
        }

        public override int EventRank => 1;

        public override Shape OutputShape(Shape input) => WithFeatures(input, matrix.size(1), matrix.size(0));

        public override Tensor Evaluate(Tensor input, Tensor? context) => input.matmul(matrix.mT) + bias;
    }
}
