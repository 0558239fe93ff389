using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pitfalls;

/// <summary>Multi-scale flows, contexts and networks.</summary>
public sealed class ConditioningPitfalls : PitfallTest
{
    private const int ContextSize = 3;
    private static readonly Shape s_image = Shape.Image(2, 4, 4);

    /// <summary>A multi-scale flow without a log-det (normflows#36).</summary>
    [Fact]
    public void AMultiScaleFlowHasItsLogDet()
    {
        var flow = Moved(
            Flow.On(s_image)
                .Conv1x1().Squeeze()
                .FactorOut(
                    rest => rest.ActNorm().Squeeze().FactorOut(last => last.Flatten().Linear(), hidden: 4), hidden: 4)
                .Into(Distribution.StandardNormal),
            0.1);
        var x = Normal(2, 2, 4, 4);
        var (z, logDet) = flow.Encode(x);
        AssertClose(LogDetByAutograd(p => flow.Encode(p).Z, x, 3), logDet, 1e-10);
        Assert.True((logDet.abs() > 0.1).all().item<bool>());

        // ... in both directions, and all of x comes back.
        AssertClose(-logDet, flow.Transform.InverseWithLogDet(z).LogDet, 1e-10);
        AssertClose(x, flow.Decode(z), 1e-10);
    }

    /// <summary>
    /// The prior of what is factored out did not depend on the rest, nor on the context (normflows#46).
    /// </summary>
    [Fact]
    public void ThePriorOfWhatIsFactoredOutIsConditional()
    {
        var f = Moved(new FactorOut(
            Partition.Halves(), new Identity(), new ResidualMlp(2, 4, 8, 1, Generator, ContextSize), Shape.Vector(4)));
        var x = tensor(new double[,] { { 1, 2, 3, 4 }, { -1, 0, 3, 4 } });
        var context = Normal(2, ContextSize);
        var (z, logDet) = f.ForwardWithLogDet(x, context);
        Assert.True((z[0].narrow(0, 2, 2) != z[1].narrow(0, 2, 2)).all().item<bool>());
        Assert.NotEqual(logDet[0].item<double>(), logDet[1].item<double>());
        Assert.False(f.Forward(x, -context).allclose(z));
    }

    /// <summary>Half of the layers ignored the context (normflows#9).</summary>
    [Fact]
    public void EveryLayerHearsTheContext()
    {
        // Of images:
        var images = Flow.On(Shape.Image(4, 4, 4)).Conditional(ContextSize)
            .AffineCoupling(16, partition: Partition.Checkerboard).GlowCoupling(16).AdditiveCoupling(16)
            .FactorOut(rest => rest.AffineCoupling(16), hidden: 16)
            .Into(Distribution.StandardNormal);
        Check(images, Normal(2, 4, 4, 4), ["AffineCoupling(Checkerboard)", "GlowCoupling(Halves(-3))",
            "AdditiveCoupling(Halves(-3))", "FactorOut(Halves(-3))"]);

        // Of vectors, and of tables by rows and columns:
        var vectors = Flow.On(Shape.Of(4, 6)).Conditional(ContextSize)
            .Mix(Axis.Patches, mix => mix.AffineCoupling(16)).Mix(Axis.Channels, mix => mix.AffineCoupling(16))
            .Flatten()
            .MaskedAutoregressive(24).Coupling(Transformer.RationalQuadratic(), 16).Residual(16, 1).AdditiveCoupling(16)
            .Into(Distribution.StandardNormal);
        Check(
            vectors, Normal(2, 4, 6),
            ["Along(-2)", "Along(-1)", "MaskedAutoregressive(24)",
                "Coupling(RationalQuadraticSpline(8), Halves(-1))", "ResidualLayer", "AdditiveCoupling(Halves(-1))"]);

        void Check(Flow flow, Tensor x, string[] expected)
        {
            Moved(flow, 0.1);
            var (heard, point) = (new List<string>(), x);
            foreach (var layer in ((Chain)flow.Transform).Layers)
            {
                var context = Normal(2, ContextSize).requires_grad_();
                var y = layer.Forward(point, context);
                if (layer.parameters().Any())
                {
                    y.square().sum().backward();
                    Assert.True((context.grad!.abs() > 1e-8).all().item<bool>(), layer.ToString());
                    heard.Add(layer.ToString());

                    // On the way back it is heard as well.
                    var there = y.detach();
                    Assert.False(layer.Inverse(there, -context).allclose(point), layer.ToString());
                }

                point = y.detach();
            }

            Assert.Equal(expected, heard);
        }
    }

    /// <summary>
    /// Dropout inside a conditioner: what is inverted is another map than the one that ran (zuko#29).
    /// </summary>
    [Fact]
    public void DropoutInAConditionerIsFound() => Finds("Deterministic", () => new Noisy(new Net(nn.Dropout(0.3))));

    /// <summary>
    /// Batch normalisation inside a conditioner: an item's image depends on the others of its batch (zuko#29).
    /// </summary>
    [Fact]
    public void BatchNormalisationInAConditionerIsFound() =>
        Finds("Batching", () => new Noisy(new Net(BatchNorm(running: false))));

    /// <summary>... and it changes buffers in every call.</summary>
    [Fact]
    public void RunningMeansInAConditionerAreFound() =>
        Finds("Deterministic", () => new Noisy(new Net(BatchNorm(running: true))));

    private static void Finds(string law, Func<Bijector> factory)
    {
        var result = BijectorLaws.Run(factory, Shape.Vector(4)).Single(result => result.Law == law);
        Assert.False(result.Passed, result.Message);
    }

    private static nn.Module<Tensor, Tensor> BatchNorm(bool running)
    {
        var norm = nn.BatchNorm1d(6, track_running_stats: running);
        foreach (var own in norm.parameters().Cast<Tensor>().Concat(norm.buffers()))
        {
            own.DetachFromDisposeScope();
        }

        return norm;
    }

    /// <summary>A network with something in its middle, of a type that does not give it away to the analyzer.</summary>
    private sealed class Net : Conditioner
    {
        private readonly Dense first;
        private readonly nn.Module<Tensor, Tensor> middle;
        private readonly Dense last;

        public Net(nn.Module<Tensor, Tensor> middle)
            : base(0)
        {
            using var generator = new Generator(3);
            (first, this.middle, last) = (new(2, 6, generator), middle, new(6, 4, generator));
            RegisterComponents();
        }

        public override int EventRank => 1;

        public override Shape OutputShape(Shape input) => WithFeatures(input, 2, 4);

        public override Tensor Evaluate(Tensor input, Tensor? context)
        {
            using var h = first.Apply(input);
            using var rows = h.reshape(-1, 6);

            // One item alone has no deviation.
            using var disturbed = rows.shape[0] > 1 ? middle.call(rows) : rows.alias();
            using var active = disturbed.tanh();
            using var output = last.Apply(active);
            return output.reshape([.. input.shape[..^1], 4]);
        }
    }
}

[GeneratedBijector]
public sealed partial class Noisy : Bijector
{
    private readonly Conditioner net;

    public Noisy(Conditioner net)
    {
        this.net = net;
        RegisterComponents();
    }

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x)
    {
        var (a, b) = Parts.Halves(x);
        var (s, t) = net.ScaleAndShift(a, null);
        b = b * torch.exp(s) + t;
        return Parts.Join(a, b);
    }
}
