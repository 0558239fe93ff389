using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pitfalls;

public sealed class SupportPitfalls : PitfallTest
{
    private static readonly Dictionary<string, Func<Bijector>> s_bounded = new()
    {
        ["logit"] = () => new Logit(),
        ["scaled logit"] = () => new Scale(1 / 17.0) >> new Logit(),
        ["logit of an interval"] = () => new Affine(0.9, 0.05) >> new Logit(),
        ["log"] = () => new Log(),
        ["atanh"] = () => new Atanh(),
        ["inverse of erf"] = () => ~new Erf(),
        ["inverse of softplus"] = () => ~new Softplus(),
        ["log of the reciprocal"] = () => new Reciprocal() >> new Log(),
        ["log of the negative"] = () => new Negate() >> new Log(),
        ["log of one entry"] = () => new Log().On(Partition.First(1)),
    };

    private static readonly Dictionary<string, Func<Generator, Bijector>> s_ontoReal = new()
    {
        ["logit of an interval"] = _ => new Affine(0.7, 0.2) >> new Logit(),
        ["softplus undone"] = _ => ~new Softplus() >> new Affine(2, 1),
        ["splines"] = g => new Scale(0.5) >> new Reference.Spline(Raw(g, 6), Raw(g, 6), Raw(g, 5), 3) >> new Scale(3),
        ["elu and back"] = _ => new LeakyRelu(0.3) >> new Sinh() >> new Affine(-0.4, 1),
        ["a contraction"] = g => new ResidualLayer(new LipschitzMlp(1, 5, 1, g)),
        ["a linear layer and the quantiles of a sigmoid"] = g => new Sigmoid() >> new Logit() >> new PluLinear(1, g),
    };

    public static TheoryData<string> Bounded => [.. s_bounded.Keys];

    public static TheoryData<string> OntoReal => [.. s_ontoReal.Keys];

    /// <summary>Points outside the support gave NaN or an exception (nflows#62, tfp#1377, flowjax#74).</summary>
    [Theory]
    [MemberData(nameof(Bounded))]
    public void OutsideTheSupportTheDensityIsZeroWithZeroGradient(string name)
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            var flow = new Flow(
                Shape.Vector(2), s_bounded[name]() >> new ActNorm(Shape.Vector(2)), Distribution.StandardNormal);
            flow.to(dtype);
            var domain = flow.Transform.Domain;
            var inside = domain.Sample([1, 2], dtype, Generator);
            double[] firsts = [-1e10, -50, -1, 0, 1, 17, 50, 1e10, double.PositiveInfinity, double.NegativeInfinity];
            var x = inside.repeat(firsts.Length + 1, 1);
            x.narrow(0, 1, firsts.Length).narrow(1, 0, 1).copy_(tensor(firsts).unsqueeze(-1));
            x.requires_grad_();
            var outside = ~domain.Contains(x).all(-1);
            Assert.True(outside.any().item<bool>());

            var logProb = flow.LogProb(x);
            Assert.False(logProb.isnan().any().item<bool>());
            Assert.True(logProb[outside].isneginf().all().item<bool>());
            Assert.True(AllFinite(logProb[0]));
            logProb.sum().backward();
            Assert.True((x.grad![outside] == 0).all().item<bool>());
            Assert.All(flow.parameters(), parameter => Assert.True(AllFinite(parameter.grad!)));
        }
    }

    /// <summary>
    /// Next to an end of the support the arithmetic of a layer may arrive at the end itself, and the
    /// logarithm of 0 (zuko#20).
    /// </summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void NextToAnEndOfTheSupportTheDensityIsANumber(ScalarType dtype)
    {
        foreach (var levels in (int[])[2, 3, 7, 17, 255, 256])
        {
            foreach (var alpha in (double[])[0, 1e-6, 0.01, 0.05, 0.3])
            {
                var flow = Flow.On(Shape.Vector(1)).Dequantize(levels).Logit(alpha).Into(Distribution.StandardNormal);
                flow.to(dtype);
                var domain = (Interval)flow.Transform.Domain;
                var x = Neighbours(domain.Low, dtype).Concat(Neighbours(domain.High, dtype)).ToArray();
                Assert.False(flow.LogProb(tensor(x, dtype).unsqueeze(-1)).isnan().any().item<bool>());
            }
        }
    }

    /// <summary>
    /// A saturated tanh or sigmoid rounds to its end, where the density of the flow's own sample is zero or NaN
    /// (distrax#7, zuko#20).
    /// </summary>
    [Theory]
    [MemberData(nameof(Bounded))]
    public void SaturatedSamplesHaveADensity(string name)
    {
        foreach (var dtype in (ScalarType[])[ScalarType.Float32, ScalarType.Float64])
        {
            // Base points up to 25 deviations away, in float64 up to 80.
            var transform = s_bounded[name]() >> new Scale(dtype == ScalarType.Float32 ? 0.15 : 0.05);
            var flow = new Flow(Shape.Vector(2), transform, Distribution.StandardNormal);
            flow.to(dtype);
            var (x, logProb) = flow.SampleWithLogProb(4000, generator: Generator);
            Assert.True(AllFinite(logProb));
            Assert.True(AllFinite(flow.LogProb(x)));
            Assert.True(AllFinite(flow.LogProb(flow.Sample(4000, generator: Generator))));
        }
    }

    /// <summary>
    /// In float32 a sigmoid between these two numbers, taken as a sigmoid, a scale and a shift, leaves them (TensorFlow
    /// Probability's test of Sigmoid). The samples of a flow do not.
    /// </summary>
    [Fact]
    public void SamplesStayBetweenTheBounds()
    {
        const double Low = -0.08587775;
        const double High = 0.12498104;
        var between = new Affine(1 / (High - Low), -Low / (High - Low)) >> new Logit();
        var flow = new Flow(Shape.Vector(4), between, new Points(Shape.Vector(4), -5, 3, 17, 23));
        var x = flow.Sample(1);
        Assert.True(((x > (float)Low) & (x < (float)High)).all().item<bool>());
        Assert.True(AllFinite(flow.LogProb(x)));
    }

    /// <summary>
    /// Noise of exactly 0, or of nearly 1, puts a level on the end of its support: minus infinity for the whole image.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(256)]
    public void DequantizedLevelsAreInTheSupport(int levels)
    {
        var flow = Flow.On(Shape.Vector(2)).Dequantize(levels).Logit(0).Into(Distribution.StandardNormal);
        var near = flow.Transform.Domain.Nearest(tensor([0f, levels, -4, 3000]));
        Assert.True(flow.Transform.Domain.Contains(near).all().item<bool>());
        Assert.True(AllFinite(flow.LogProb(near.reshape(2, 2))));
        Assert.Equal([0f, levels - 1, 0, levels - 1], near.floor().data<float>().ToArray());

        var data = tensor([0f, levels - 1]).repeat(50_000, 1);
        var x = flow.Dequantize(data, Generator);
        Assert.True(flow.Quantize(x).Equals(data));
        Assert.True(AllFinite(flow.LogProb(x)));

        // What is no level is not hidden.
        Assert.True(flow.LogProb(flow.Dequantize(tensor([-1f, levels]), Generator)).isneginf().item<bool>());
    }

    /// <summary>A flow that ended in a bounded layer had a density that integrates to 0.17 (flowjax#102).</summary>
    [Fact]
    public void CodomainThatIsNotOntoIsRefused()
    {
        foreach (var f in (Bijector[])[new Tanh(), new Exp(), new Softplus() >> new Log() >> new Sigmoid(),
            new Sigmoid() >> new Log(), new Exp().On(Partition.First(1))])
        {
            Assert.Throws<DomainException>(() => new Flow(Shape.Vector(2), f, Distribution.StandardNormal));
        }

        Assert.Throws<DomainException>(() => new Exp() >> new Logit());
    }

    /// <summary>... and what is accepted integrates to one (flowjax#102).</summary>
    [Theory]
    [MemberData(nameof(OntoReal))]
    public void DensityIntegratesToOne(string name)
    {
        var flow = Moved(new Flow(Shape.Vector(1), s_ontoReal[name](Generator), Distribution.StandardNormal), 0.3);
        using var gradients = no_grad();

        // By the trapezoidal rule in t, with x = from and to: its ends lie so far out that the base has nothing there.
        var ends = flow.Decode(tensor([-9.0, 9]).unsqueeze(-1)).flatten();
        var (low, high) = (ends.min().item<double>(), ends.max().item<double>());
        const int Count = 400_000;
        var t = (arange(Count).to(ScalarType.Float64) + 0.5) / Count;

        // Denser at both ends, where the density of a bounded support may be high.
        var x = low + ((high - low) * (t.square() * (3 - (2 * t))));
        var weights = (high - low) * 6 * t * (1 - t) / Count;
        var mass = (flow.LogProb(x.unsqueeze(-1)).exp() * weights).sum().item<double>();
        Assert.Equal(1, mass, 1e-6);
    }

    private static Tensor Raw(Generator generator, long count) =>
        randn([count], ScalarType.Float64, generator: generator);

    private static IEnumerable<double> Neighbours(double end, ScalarType dtype)
    {
        var isSingle = dtype == ScalarType.Float32;
        var (below, above) = isSingle ? ((float)end, (float)end) : (end, end);
        for (var i = 0; i < 8; i++)
        {
            yield return below;
            yield return above;
            below = isSingle ? float.BitDecrement((float)below) : Math.BitDecrement(below);
            above = isSingle ? float.BitIncrement((float)above) : Math.BitIncrement(above);
        }
    }

    /// <summary>A base that always draws the same point.</summary>
    private sealed class Points(Shape shape, params float[] point) : Distribution(shape)
    {
        public override Domain Support => Domain.Real;

        public override bool IsReparameterized => false;

        public override ScalarType Dtype => ScalarType.Float32;

        public override Device Device => CPU;

        protected internal override Tensor LogProbCore(Tensor x, Tensor? context) => zeros(x.shape[..^EventShape.Rank]);

        protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator) =>
            tensor(point).expand([.. batch, .. EventShape.ToArray()]).clone();
    }
}
