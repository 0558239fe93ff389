using System.Runtime.CompilerServices;
using Bijectors.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pitfalls;

/// <summary>
/// What TorchSharp 0.107.0 does under our feet. Where it is wrong, these are our values, checked by hand.
/// </summary>
public sealed class TorchSharpPitfalls : PitfallTest
{
    private static readonly double s_log2 = Math.Log(2);

    /// <summary>The log-slopes of its transforms of one number are wrong.</summary>
    [Fact]
    public void TheLogSlopesOfLogTanhAndSoftplusAreRight()
    {
        Is(-s_log2, new Log(), 2);
        Is(s_log2, ~new Log(), s_log2);
        Is(-0.8675616609660347, new Tanh(), 1);                                     // log(1 - tanh(1)^2)
        Is(2 * (s_log2 - 200), new Tanh(), 200);
        Is(-Math.Log(1 + Math.Exp(-1)), new Softplus(), 1);                         // log sigmoid(1)
        Is(-700, new Softplus(), -700);
        Is(-Math.Log(1 - Math.Exp(-0.5)), ~new Softplus(), 0.5);

        static void Is(double expected, Bijector f, double x) =>
            Assert.Equal(expected, f.ForwardWithLogDet(tensor(x)).LogDet.item<double>(), 1e-12);
    }

    /// <summary>Its affine transform does not sum over the event.</summary>
    [Fact]
    public void TheLogDetOfALineIsSummedOverTheEvent()
    {
        var x = Normal(5, 3, 2);
        Assert.Equal([5, 3, 2], new Affine(-2, 1).ForwardWithLogDet(x).LogDet.shape);
        AssertClose(full([5, 3], 2 * s_log2, ScalarType.Float64),
            new Affine(-2, 1).ForwardWithLogDet(x, eventRank: 1).LogDet, 1e-15);
        AssertClose(full([5], 6 * s_log2, ScalarType.Float64),
            new Affine(-2, 1).ForwardWithLogDet(x, eventRank: 2).LogDet, 1e-15);
        var own = new Standardize(zeros(2, ScalarType.Float64), tensor([2.0, 4]));
        AssertClose(full([5, 3], -3 * s_log2, ScalarType.Float64), own.ForwardWithLogDet(x).LogDet, 1e-15);
    }

    /// <summary>Its composition adds log-dets of different ranks without reducing them.</summary>
    [Fact]
    public void ACompositionAddsLogDetsOfOneRank()
    {
        var x = Normal(5, 4);
        var f = new Scale(2) >> new Standardize(zeros(4), ones(4) / 2) >> new Sinh();
        f.to(ScalarType.Float64);
        var (y, logDet) = f.ForwardWithLogDet(x);
        AssertClose((4 * x).sinh(), y, 1e-13);
        AssertClose((Math.Log(4) + (4 * x).cosh().log()).sum(-1), logDet, 1e-13);
    }

    /// <summary>Its reshaping gets the batch of the log-det wrong.</summary>
    [Fact]
    public void ReshapingHasALogDetOfTheBatch()
    {
        var f = new Reshape(Shape.Of(2, 6), Shape.Of(3, 2, 2));
        var x = Normal(5, 7, 2, 6);
        var (y, logDet) = f.ForwardWithLogDet(x);
        Assert.Equal([5, 7, 3, 2, 2], y.shape);
        AssertClose(zeros([5, 7], ScalarType.Float64), logDet, 0);
        AssertClose(zeros([5, 7], ScalarType.Float64), f.InverseWithLogDet(y).LogDet, 0);
        AssertClose(x, f.Inverse(y), 0);

        var chain = new Scale(2) >> f >> new Scale(2);
        AssertClose(full([5, 7], 24 * s_log2, ScalarType.Float64), chain.ForwardWithLogDet(x).LogDet, 1e-14);
    }

    /// <summary>
    /// Static <c>torch.erfinv</c> computes erf; whichever way it is written in a forward map, the inverse
    /// of erf comes out.
    /// </summary>
    [Fact]
    public void TheInverseOfErfIsTheInverseOfErf()
    {
        const double X = 0.4769362762044699;
        foreach (var f in (Bijector[])[~new Erf(), new WrittenStatic(), new WrittenAsMethod()])
        {
            Assert.Equal(X, f.Forward(tensor(0.5)).item<double>(), 1e-12);
            Assert.Equal(0.5, f.Inverse(tensor(X)).item<double>(), 1e-12);
        }
    }

    /// <summary>
    /// Its distributions are not to be trusted: samples of Gamma have no gradient, those of Weibull are negative.
    /// </summary>
    [Fact]
    public void NothingIsBuiltOnItsDistributions()
    {
        var sources = Directory.EnumerateFiles(
            Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "src"),
            "*.cs",
            SearchOption.AllDirectories).ToList();
        Assert.True(sources.Count > 100);
        Assert.Equal([],
            sources.Where(file => File.ReadAllText(file).Contains("distributions.", StringComparison.Ordinal))
                .Select(Path.GetFileName));

        // What a flow draws by itself has its gradient: here of a mean.
        var flow = Flow.On(Shape.Vector(2)).ActNorm().Into(Distribution.StandardNormal);
        flow.Sample(100, generator: Generator).mean().backward();
        Assert.All(flow.parameters(), parameter => Assert.True((parameter.grad!.abs() > 0).any().item<bool>()));
    }

    /// <summary>
    /// A wrong size inside <c>matmul</c>, or an order of minus one entries, ends the process: shapes are
    /// validated first.
    /// </summary>
    [Fact]
    public void WrongSizesEndInAnExceptionAndNotInTheProcess()
    {
        Bijector[] bijectors =
        [
            new PluLinear(4, Generator), new PluLinear(4, Generator).Along(-2), new Conv1x1(3, Generator),
            new ActNorm(Shape.Vector(4)), new MaskedAutoregressive(new Made(4, 6, 1, Generator)),
            new AffineCoupling(new ResidualMlp(2, 4, 6, 1, Generator)),
            new Coupling(new ResidualMlp(2, 2 * 8, 6, 1, Generator), Transformer.RationalQuadratic(3)),
            new ResidualLayer(new LipschitzMlp(4, 6, 1, Generator)), Permute.Random(4, Generator),
            ElementPermutation.Random(Shape.Vector(4), Generator),
        ];
        foreach (var f in bijectors)
        {
            foreach (var x in (Tensor[])[zeros(5), zeros(2, 5), zeros(5, 5), zeros([5, 5, 5]), zeros([])])
            {
                Assert.Throws<ShapeException>(() => f.Forward(x));
                Assert.Throws<ShapeException>(() => f.Inverse(x));
                Assert.Throws<ShapeException>(() => f.ForwardWithLogDet(x));
                Assert.Throws<ShapeException>(() => f.InverseWithLogDet(x));
            }

            Assert.Throws<ArgumentException>(() => f.Forward(zeros(4, ScalarType.Int64)));
        }

        Assert.ThrowsAny<ArgumentException>(() => Permute.Random(-1, Generator));
        Assert.ThrowsAny<ArgumentException>(() => Permute.Random(0, Generator));
        Assert.ThrowsAny<ArgumentException>(() => new PluLinear(0, Generator));
        Assert.ThrowsAny<ArgumentException>(() => new Made(0, 4, 1, Generator));
        Assert.ThrowsAny<ArgumentException>(
            () => Flow.On(Shape.Vector(2)).Into(Distribution.StandardNormal).Sample(-1));
    }

    /// <summary>
    /// A native error in <c>autograd.grad</c> ends the process, and <c>create_graph</c> does not retain the graph:
    /// log-slopes that come from autograd can be differentiated again, and hold where nothing depends on the point.
    /// </summary>
    [Fact]
    public void SlopesByAutogradCanBeDifferentiatedAgain()
    {
        var x = tensor([0.5, -2, 3]).requires_grad_();
        Tensor Cube(Tensor h) => h + h.pow(3);
        for (var call = 0; call < 2; call++)
        {
            x.grad = null;
            MonotoneSolve.LogSlope(Cube, x).sum().backward();
            AssertClose(6 * x / (1 + (3 * x.square())), x.grad!, 1e-14);
        }

        var bend = Normal(3, 3).requires_grad_();
        var logDet = Contraction.LogDet(h => h.matmul(bend).sin() / 10, x, 1);
        logDet.backward();
        Assert.True(AllFinite(bend.grad!));

        // No gradient at all: the function is constant, or gradients are off.
        AssertClose(
            zeros([], ScalarType.Float64), Contraction.LogDet(h => ones_like(h, requires_grad: false), x, 1), 0);
        using var gradients = no_grad();
        AssertClose(log(1 + (3 * x.square())), MonotoneSolve.LogSlope(Cube, x), 1e-14);
    }

    /// <summary>
    /// An exception inside <c>backward</c> of a function of one's own ends the process: there is none, whatever the
    /// inverse is asked for.
    /// </summary>
    [Fact]
    public void NoExceptionLeavesTheBackwardOfAnInverse()
    {
        var y = tensor([0.5, 1]).requires_grad_();
        var calls = 0;
        var loss = MonotoneSolve.Solve(
            new Exp(), y, h => h + h.pow(3), double.NegativeInfinity, double.PositiveInfinity).sum();
        loss.backward([], retain_graph: true);
        loss.backward();
        Assert.True(AllFinite(y.grad!));

        // The graph is gone, and no third pass can be had.
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => loss.backward());

        // A gradient that does not converge is not a number: this iteration is at rest by luck, where g
        // has the slope 3.
        var rest = zeros(1, 2, ScalarType.Float64).requires_grad_();
        Contraction.Solve(new Exp(), rest, 1, h => 3 * h.sin(), 0.5).sum().backward();
        Assert.True(rest.grad!.isnan().all().item<bool>());

        // Before that, exceptions are exceptions: of a contraction that is none, and of one that throws when it is
        // evaluated the second time.
        Assert.Throws<InvalidOperationException>(() => Contraction.Solve(new Exp(), y, 1, h => 5 * h, 0.5));
        Assert.Throws<NotSupportedException>(() => Contraction.Solve(new Exp(), y, 1, Failing, 0.5));
        Assert.True(is_grad_enabled());

        Tensor Failing(Tensor h) => ++calls > 1 ? throw new NotSupportedException() : h / 4;
    }

    /// <summary>
    /// Every result is a fresh wrapper: to dispose it must not dispose the point, also where the map does nothing.
    /// </summary>
    [Fact]
    public void ResultsAreFreshAliases()
    {
        Bijector[] nothing =
        [
            new Identity(), new Roll(0), new Reshape(Shape.Vector(4), Shape.Vector(4)), new Flatten(Shape.Vector(4)),
            new Permute([0, 1, 2, 3]), new Squeeze(1), new Scale(1), ~new Identity(), Chain.Of(),
            new Identity().On(Partition.Halves()), new Reverse() >> new Reverse(),
        ];
        foreach (var f in nothing)
        {
            var x = Normal(2, 4, 4, 4);
            f.Forward(x).Dispose();
            f.Inverse(x).Dispose();
            var (y, logDet) = f.ForwardWithLogDet(x);
            y.Dispose();
            logDet.Dispose();
            Assert.False(x.IsInvalid, f.ToString());
        }

        var net = new ResidualMlp(4, 4, 3, 1, Generator);
        var input = Normal(4).to(ScalarType.Float32);
        net.Evaluate(input, null).Dispose();
        ScaleMap.Exponential.LogScale(input).Dispose();
        var domain = Domain.Real.Nearest(input);
        domain.Dispose();
        Assert.False(input.IsInvalid);
    }

    /// <summary>
    /// <c>RegisterComponents</c> walks the fields once: parameters behind a base class, or made inside a caller's
    /// scope, are lost or die. Ours are all there, and live.
    /// </summary>
    [Fact]
    public void ParametersAreRegisteredAndOutliveTheScopeTheyWereMadeIn()
    {
        Flow flow;
        using (NewDisposeScope())
        {
            flow = Flow.On(Shape.Image(2, 4, 4)).Conditional(2)
                .ActNorm().Conv1x1().GlowCoupling(4).Squeeze()
                .FactorOut(rest => rest.Flatten().MaskedAutoregressive(16)
                    .Coupling(Transformer.RationalQuadratic(), 4).Residual(4, 1).Permute())
                .Into(Distribution.StandardNormal);
        }

        Assert.Equal(flow.ParameterCount,
            flow.state_dict().Where(entry => entry.Value.requires_grad).Sum(entry => entry.Value.numel()));
        flow.to(ScalarType.Float64);
        flow.to(ScalarType.Float32);
        Assert.True(AllFinite(flow.LogProb(zeros(1, 2, 4, 4), zeros(2))));
        Assert.All(flow.state_dict(), entry => Assert.Equal(entry.Key.Contains("rder", StringComparison.Ordinal)
            ? ScalarType.Int64
            : ScalarType.Float32, entry.Value.dtype));
    }

    /// <summary>
    /// Undisposed tensors wait for finalizers (TorchSharp#1278, #252, #1057): a loop without a scope of
    /// its own needs none.
    /// </summary>
    [Fact]
    public void LoopsKeepConstantMemory()
    {
        Bijector[] bijectors =
        [
            new PluLinear(4, Generator), new AffineCoupling(new ResidualMlp(2, 4, 6, 1, Generator)),
            new Coupling(new ResidualMlp(2, 16, 6, 1, Generator), Transformer.RationalQuadratic(3)),
            new MaskedAutoregressive(new Made(4, 6, 1, Generator)),
            new ResidualLayer(new LipschitzMlp(4, 6, 1, Generator)), new Softplus() >> new Log() >> new Sinh(),
        ];
        var x = Normal(3, 4).to(ScalarType.Float32);
        foreach (var f in bijectors)
        {
            Step(f);

            // What other tests left to the finalizer must not go while this one counts.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var (alive, before) = (Tensor.TotalCount, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            for (var i = 0; i < 50; i++)
            {
                Step(f);
            }

            Assert.Equal(alive, Tensor.TotalCount);
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        void Step(Bijector f)
        {
            var (y, logDet) = f.ForwardWithLogDet(x);
            var (back, inverse) = f.InverseWithLogDet(y);
            foreach (var tensor in (Tensor[])[y, logDet, back, inverse, f.Forward(x), f.Inverse(x)])
            {
                tensor.Dispose();
            }
        }
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

[GeneratedBijector]
public sealed partial class WrittenStatic : Bijector
{
    [Forward]
    private static Tensor Map(Tensor x) => torch.erfinv(x);
}

[GeneratedBijector]
public sealed partial class WrittenAsMethod : Bijector
{
    [Forward]
    private static Tensor Map(Tensor x) => x.erfinv();
}
