using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Distributions;

/// <summary>Mixtures against sums that are written out, number by number.</summary>
public sealed class MixtureTests : Numerical.NumericalTest
{
    private const int K = 3;

    private static readonly Shape s_tokens = Shape.Of(4, 2);

    public static TheoryData<string, int> Networks => new()
    {
        { "tokens", 3 }, { "tokens", 5 }, { "tokens", 1 }, { "features", 3 }, { "rows of features", 3 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void An_autoregressive_density_is_the_product_of_sums_over_components(string kind, int components)
    {
        using var ungraded = no_grad();
        var p = Moved(Autoregressive(kind, components));
        var x = Random([6, .. p.EventShape.ToArray()]);
        var logProb = p.LogProb(x);
        for (var item = 0; item < 6; item++)
        {
            Assert.Equal(WrittenOut(p, x[item]), logProb[item].item<double>(), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Samples_of_the_incremental_pass_are_those_of_whole_evaluations(string kind, int components)
    {
        using var ungraded = no_grad();
        var p = Moved(Autoregressive(kind, components));
        var whole = new AutoregressiveMixture(p.EventShape, new Plain(p.Network), components, Generator);
        whole.to(ScalarType.Float64);
        whole.load_state_dict(p.state_dict().ToDictionary(
            row => row.Key.Replace("network.", "network.inner.", StringComparison.Ordinal), row => row.Value));
        var (a, b) = (new Generator(5), new Generator(5));
        AssertClose(whole.Sample(20, generator: b), p.Sample(20, generator: a), 1e-10);
    }

    [Fact]
    public void Samples_have_the_moments_of_the_sums()
    {
        using var ungraded = no_grad();
        var p = Moved(Autoregressive("tokens", K));
        const int count = 40_000;
        var x = p.Sample(count, generator: Generator);

        // The mean under p of q(x) / p(x), for a narrower density q, is 1.
        var q = new StandardNormal(s_tokens);
        q.to(ScalarType.Float64);
        var ratio = (q.LogProb(2 * x) + (s_tokens.Size * Math.Log(2)) - p.LogProb(x)).exp();
        Assert.InRange((ratio.mean().item<double>() - 1) * Math.Sqrt(count) / ratio.std().item<double>(), -5, 5);

        // Of the first token the mean is known: it is that of its mixture.
        var raw = p.Network.Table(zeros([1, .. s_tokens.ToArray()], ScalarType.Float64), null)[0, 0];
        var (weights, means, _) = Parameters(p, raw);
        var expected = (weights.unsqueeze(-1) * means).sum(dim: 0);
        var error = x.select(1, 0).std(0) / Math.Sqrt(count);
        Assert.True(((x.select(1, 0).mean([0L]) - expected).abs() < 5 * error).all().item<bool>());
    }

    [Fact]
    public void Fresh_components_differ_and_the_mixture_is_near_a_standard_normal()
    {
        using var ungraded = no_grad();
        var p = Autoregressive("tokens", 64);
        var x = p.Sample(20_000, generator: Generator);
        Assert.InRange(x.mean().item<float>(), -0.3, 0.3);
        Assert.InRange(x.std().item<float>(), 0.8, 1.2);
        var (_, means, _) = NormalComponentsOf(p);
        Assert.Equal(64, means.data<float>().ToArray().Chunk(2).Select(row => row[0]).Distinct().Count());
        var one = Autoregressive("tokens", 1);
        AssertClose(new StandardNormal(s_tokens).LogProb(x).to(ScalarType.Float64),
            one.LogProb(x).to(ScalarType.Float64), 1e-5);
    }

    [Fact]
    public void Far_from_all_components_the_density_is_a_small_number()
    {
        foreach (var p in new Distribution[] { Autoregressive("tokens", K), new NormalMixture(s_tokens, K, Generator) })
        {
            var x = full([2, .. s_tokens.ToArray()], 1e4f);
            x.requires_grad = true;
            var logProb = p.LogProb(x);
            Assert.True((logProb.isfinite() & (logProb < -1e7)).all().item<bool>());
            logProb.sum().backward();
            Assert.True(x.grad!.isfinite().all().item<bool>());
            Assert.All(p.parameters(), number => Assert.True(number.grad!.isfinite().all().item<bool>()));
        }
    }

    [Fact]
    public void Components_that_start_apart_find_two_clusters()
    {
        var p = new NormalMixture(Shape.Vector(1), 2, Generator);
        var x = cat([randn([200, 1], generator: Generator) * 0.3 - 2, randn([100, 1], generator: Generator) * 0.2 + 1]);
        using var adam = optim.Adam(p.parameters(), 0.05);
        for (var step = 0; step < 300; step++)
        {
            adam.zero_grad();
            (-p.LogProb(x).mean()).backward();
            adam.step();
        }

        // The entropy of the data, within what two hundred points tell.
        using var ungraded = no_grad();
        var half = 0.5 * Math.Log(2 * Math.PI * Math.E);
        var entropy = (2 * (half + Math.Log(0.3)) / 3) + ((half + Math.Log(0.2)) / 3) + 0.6365;
        Assert.InRange(-p.LogProb(x).mean().item<float>() - entropy, -0.1, 0.1);
    }

    [Fact]
    public void A_mixture_is_the_weighted_sum_of_the_densities()
    {
        using var ungraded = no_grad();
        var shape = Shape.Vector(2);
        var parts = new Distribution[] { Distribution.DiagonalNormal(shape), Distribution.Logistic(shape) };
        var p = (Mixture)Moved(new Mixture(parts));
        var x = Random(7, 2);
        var weights = ((Tensor)p.state_dict()["logits"]).softmax(0);
        var expected = (weights[0] * parts[0].LogProb(x).exp()) + (weights[1] * parts[1].LogProb(x).exp());
        AssertClose(expected.log(), p.LogProb(x), 1e-10);
        Assert.Equal(["Mixture(2)", "LocationScale(StandardNormal)", "LocationScale(StandardLogistic)"],
            p.DescriptionLines().Select(line => line.Name));
        Assert.Equal(10, p.DescriptionLines().Sum(line => line.Parameters));
    }

    [Fact]
    public void Of_components_that_are_bounded_the_weights_have_the_probability_for_mean()
    {
        using var ungraded = no_grad();
        var shape = Shape.Vector(1);
        Distribution Noisy(double low) => new LatentDistribution(
            new UniformDequantization(shape, 3),
            Flow.On(shape).Then(new Scale(1.0 / 3)).Then(new Logit()).Then(new Shift(low))
                .Into(Distribution.StandardLogistic));
        var p = new Mixture([Noisy(-1), Noisy(1)]);
        p.to(ScalarType.Float64);
        Assert.False(p.HasExactLogProb);
        var x = arange(3, ScalarType.Float64).unsqueeze(-1);
        var bound = p.LowerBound(x, samples: 20_000, generator: Generator).exp();

        // The distribution function of the mixture at the ends of the levels.
        var ends = tensor(new[] { 0.0, 1, 2, 3 }) / 3;
        var logits = (ends / (1 - ends)).log();
        var upTo = ((logits - 1).sigmoid() + (logits + 1).sigmoid()) / 2;
        AssertClose(upTo[1..] - upTo[..3], bound, 5e-3);
    }

    [Fact]
    public void What_does_not_fit_is_refused_in_a_sentence()
    {
        var shape = Shape.Vector(2);
        var normal = Distribution.DiagonalNormal(shape);
        Assert.Throws<ArgumentException>(() => new Mixture([]));
        Assert.Throws<ArgumentException>(() => new Mixture([normal, normal]));
        Assert.Throws<ShapeException>(() => new Mixture([normal, Distribution.DiagonalNormal(s_tokens)]));
        Assert.Throws<DomainException>(() => new Mixture([normal, new Uniform(shape)]));
        Assert.Throws<ShapeException>(() => new Mixture([normal, Distribution.FullNormal(shape)],
            new ResidualMlp(3, 3, 4, 1, Generator), Shape.Vector(3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NormalMixture(shape, 0, Generator));
        Assert.Throws<ShapeException>(() => new NormalMixture(Shape.Scalar, 2, Generator));
        Assert.Equal(
            "AutoregressiveMixture: expected a network of 8 outputs for each feature, for 3 components of 2 channels "
                + "(OutputsFor), got 2. (Parameter 'network')",
            Assert.Throws<ArgumentException>(() => new AutoregressiveMixture(
                s_tokens, new CausalTransformer(2, 4, 4, 1, Generator), K, Generator)).Message);
        Assert.Throws<ShapeException>(() => new AutoregressiveMixture(
            Shape.Of(5, 2), new CausalTransformer(2, 4, 4, 1, Generator, outputs: 8), K, Generator));
    }

    private AutoregressiveMixture Autoregressive(string kind, int components) => kind == "tokens"
        ? new(
            s_tokens,
            new CausalTransformer(
                2, 4, 6, 1, Generator, outputs: AutoregressiveMixture.OutputsFor(components, 2), heads: 2),
            components, Generator)
        : new(
            kind == "features" ? Shape.Vector(4) : s_tokens,
            new Made(kind == "features" ? 4 : 2, 6, 1, Generator, options: new()
            {
                Outputs = AutoregressiveMixture.OutputsFor(components),
            }),
            components, Generator);

    private T Moved<T>(T p)
        where T : Distribution
    {
        p.to(ScalarType.Float64);
        foreach (var parameter in p.parameters())
        {
            parameter.add_(0.3 * Random(parameter.shape));
        }

        return p;
    }

    /// <summary>The log-density of one point, entry by entry, where what comes behind an entry is not known.</summary>
    private static double WrittenOut(AutoregressiveMixture p, Tensor x)
    {
        var total = 0.0;
        var isOfTokens = p.Network.CausalAxis == -2;
        var rows = isOfTokens ? [x] : x.reshape(-1, x.size(-1)).unbind(0);
        foreach (var row in rows)
        {
            for (var entry = 0; entry < row.size(0); entry++)
            {
                var known = row.clone();
                known[entry..] = 0;
                var table = p.Network.Table(known, null)[entry];
                var (weights, means, deviations) = Parameters(p, isOfTokens ? table : table.unsqueeze(0));
                var point = row[entry].reshape(-1);
                var density = 0.0;
                for (var k = 0; k < p.Components; k++)
                {
                    var product = weights[k].item<double>();
                    for (var c = 0; c < point.size(0); c++)
                    {
                        var deviation = deviations[k, c].item<double>();
                        var z = (point[c].item<double>() - means[k, c].item<double>()) / deviation;
                        product *= Math.Exp(-z * z / 2) / (deviation * Math.Sqrt(2 * Math.PI));
                    }

                    density += product;
                }

                total += Math.Log(density);
            }
        }

        return total;
    }

    /// <summary>Weights (K), means and deviations (K, C) from the table (C, outputs) of one entry.</summary>
    private static (Tensor Weights, Tensor Means, Tensor Deviations) Parameters(AutoregressiveMixture p, Tensor table)
    {
        var (logits, means, raw) = NormalComponentsOf(p);
        var k = p.Components;
        var groups = table.size(-1) - (2 * k);
        var own = stack([.. Enumerable.Range(0, k).Select(i => table[i % table.size(0), i / table.size(0)])]);
        return (
            (own + logits).softmax(0),
            table.narrow(-1, groups, k).mT + means,
            p.Scale.LogScale(table.narrow(-1, groups + k, k).mT + raw).exp());
    }

    private static (Tensor Logits, Tensor Means, Tensor Raw) NormalComponentsOf(AutoregressiveMixture p)
    {
        var numbers = ((Tensor)p.state_dict()["numbers"]).detach();
        var parts = numbers.split([p.Components, (numbers.size(0) - p.Components) / 2,
            (numbers.size(0) - p.Components) / 2]);
        return (parts[0], parts[1].reshape(p.Components, -1), parts[2].reshape(p.Components, -1));
    }

    /// <summary>The same network without a pass of its own.</summary>
    private sealed class Plain : CausalConditioner
    {
        private readonly CausalConditioner inner;

        public Plain(CausalConditioner inner)
            : base(inner.ContextSize, inner.Outputs)
        {
            this.inner = inner;
            RegisterComponents();
        }

        public override int EventRank => inner.EventRank;

        public override int FeatureAxis => inner.FeatureAxis;

        public override int CausalAxis => inner.CausalAxis;

        public override IReadOnlyList<int>? Order => inner.Order;

        public override Shape OutputShape(Shape input) => inner.OutputShape(input);

        public override Tensor Evaluate(Tensor input, Tensor? context) => inner.Evaluate(input, context);
    }
}
