using Bijectors.Testing;
using Bijectors.Tests.Numerical;
using Bijectors.Tests.Saving;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Every option of the networks of linear layers, against plain operations of torch.</summary>
public sealed class NetworkOptionsTests : NumericalTest
{
    private const int Inputs = 3;
    private const int Outputs = 4;
    private const int Hidden = 6;
    private const int Context = 2;

    private static readonly (Activation Ours, Func<Tensor, Tensor> Function)[] s_activations =
    [
        (Activation.Relu, h => h.clamp(min: 0)), (Activation.Tanh, h => h.tanh()),
        (Activation.Silu, h => h * h.sigmoid()), (Activation.Elu, h => where(h > 0, h, h.exp() - 1)),
        (Activation.Gelu, h => h * 0.5 * (1 + (h / Math.Sqrt(2)).erf())),
        (Activation.Selu, h => 1.0507009873554805 * where(h > 0, h, 1.6732632423543772 * (h.exp() - 1))),
        (Activation.Softplus, h => (1 + h.exp()).log()), (Activation.Sigmoid, h => 1 / (1 + (-h).exp())),
        (Activation.LeakyRelu(0.2), h => where(h > 0, h, 0.2 * h)),
    ];

    public static TheoryData<bool, ContextEntry, HiddenNormalization> Ways
    {
        get
        {
            var ways = new TheoryData<bool, ContextEntry, HiddenNormalization>();
            foreach (var entry in Enum.GetValues<ContextEntry>())
            {
                foreach (var normalization in Enum.GetValues<HiddenNormalization>())
                {
                    ways.Add(true, entry, normalization);
                    if (entry != ContextEntry.Gating)
                    {
                        ways.Add(false, entry, normalization);
                    }
                }
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void ResidualMlp_is_what_its_options_say(
        bool residual, ContextEntry entry, HiddenNormalization normalization)
    {
        foreach (var (blocks, contextSize, (activation, function)) in Cases(entry))
        {
            var options = new ResidualMlpOptions
            {
                Activation = activation, IsResidual = residual, ContextEntry = entry, Normalization = normalization,
            };
            var net = new ResidualMlp(Inputs, Outputs, Hidden, blocks, Generator, contextSize, options);
            string[] inside = [.. Enumerable.Range(0, blocks).SelectMany(
                i => residual ? new[] { $"blocks.{i}.first", $"blocks.{i}.second" } : [$"layers.{i}"])];
            AssertAgrees(
                net, s => new(s, ["initial", .. inside, "final"], function, residual, entry, normalization),
                [20, Inputs], contextSize);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void ConvNet_is_what_its_options_say(bool residual, ContextEntry entry, HiddenNormalization normalization)
    {
        foreach (var (blocks, contextSize, (activation, function)) in Cases(entry))
        {
            var middle = Enumerable.Repeat(3, residual ? 2 * blocks : blocks);
            int[] kernels = [residual ? 1 : 5, .. middle, 1];
            var options = new ConvNetOptions
            {
                Kernels = kernels, Activation = activation, IsResidual = residual, ContextEntry = entry,
                Normalization = normalization,
            };
            var net = new ConvNet(Inputs, Outputs, Hidden, Generator, contextSize, options);
            string[] inside = [.. Enumerable.Range(0, kernels.Length - 2).Select(
                i => i == 0 ? "second" : $"further.{i - 1}")];
            AssertAgrees(
                net, s => new(s, ["first", .. inside, "last"], function, residual, entry, normalization),
                [3, Inputs, 4, 5], contextSize);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Made_is_what_its_options_say(bool residual, ContextEntry entry, HiddenNormalization normalization)
    {
        if (normalization == HiddenNormalization.Layer)
        {
            Assert.StartsWith(
                "Made: expected a normalization of each hidden unit alone, None or Affine, got Layer",
                Assert.Throws<ArgumentException>(() => new Made(
                    4, Hidden, 1, Generator, 0, new() { Normalization = normalization })).Message);
            return;
        }

        int[] order = [2, 0, 3, 1];
        foreach (var (blocks, contextSize, (activation, function)) in Cases(entry))
        {
            var options = new MadeOptions
            {
                Activation = activation, IsResidual = residual, ContextEntry = entry, Normalization = normalization,
                Order = order, Outputs = 3,
            };
            var net = new Made(4, Hidden, blocks, Generator, contextSize, options);
            string[] inside = [.. Enumerable.Range(0, blocks).SelectMany(
                i => residual ? new[] { $"blocks.{i}.first", $"blocks.{i}.second" } : [$"layers.{i}"])];
            AssertAgrees(
                net,
                s => new(s, ["initial", .. inside, "final"], function, residual, entry, normalization, layer => s[
                    layer switch { "initial" => "inputMask", "final" => "outputMask", _ => "hiddenMask" }]),
                [20, 4], contextSize);

            net.to(ScalarType.Float64);
            using var leaving = no_grad();
            var (x, context) = (Random(20, 4), contextSize == 0 ? null : Random(20, contextSize));
            foreach (var evaluated in (Made[])[net, net.Frozen()])
            {
                var expected = net.Evaluate(x, context).reshape(20, 3, 4);
                using var pass = evaluated.Begin(x, context);
                foreach (var feature in order)
                {
                    AssertClose(expected[.., .., feature], pass.Evaluate(), 1e-10);
                    pass.Append(x.narrow(1, feature, 1));
                }
            }
        }
    }

    [Fact]
    public void Layers_with_options_keep_the_laws()
    {
        foreach (var entry in Enum.GetValues<ContextEntry>())
        {
            BijectorLaws.Check(
                () => new AffineCoupling(new ResidualMlp(
                    2, 4, Hidden, 1, new Generator(1), Context,
                    new() { ContextEntry = entry, Normalization = HiddenNormalization.Layer })),
                Shape.Vector(4), contextSize: Context);
            BijectorLaws.Check(
                () => new AffineCoupling(new ConvNet(
                    1, 2, Hidden, new Generator(1), Context,
                    new() { ContextEntry = entry, Kernels = [3, 3, 1, 3], IsResidual = true, OutputGain = 0.1 })),
                Shape.Image(2, 4, 4), contextSize: Context);
            BijectorLaws.Check(
                () => new MaskedAutoregressive(new Made(
                    4, Hidden, 1, new Generator(1), Context,
                    new() { ContextEntry = entry, Normalization = HiddenNormalization.Affine })),
                Shape.Vector(4), contextSize: Context);
        }
    }

    [Fact]
    public void The_weights_of_the_usual_networks_are_those_of_a_constructor_without_options()
    {
        using var first = new Generator(3);
        using var second = new Generator(3);
        AssertSame(new ResidualMlp(3, 4, 6, 2, first, 2), new ResidualMlp(3, 4, 6, 2, second, 2, new()));
        AssertSame(new ConvNet(3, 4, 6, first, 2), new ConvNet(3, 4, 6, second, 2, new()));

        static void AssertSame(nn.Module expected, nn.Module actual)
        {
            var (left, right) = (expected.state_dict(), actual.state_dict());
            Assert.Equal(left.Keys, right.Keys);
            Assert.All(left, entry => Assert.True(entry.Value.Equals(right[entry.Key])));
        }
    }

    [Fact]
    public void A_declaration_takes_options()
    {
        var options = new ResidualMlpOptions { Activation = Activation.Tanh, ContextEntry = ContextEntry.Film };
        using var flow = Flow.On(Shape.Vector(4), seed: 1).Conditional(2)
            .AffineCoupling(hidden: 8, options: options)
            .Coupling(Transformer.RationalQuadratic(), hidden: 8, options: new KanNetOptions { Intervals = 4 })
            .MaskedAutoregressive(hidden: 8, options: new() { Activation = Activation.Elu })
            .Into(Distribution.StandardNormal);
        Assert.Same(options, flow.modules().OfType<ResidualMlp>().Single().Options);
        Assert.Equal(4, flow.modules().OfType<KanNet>().Single().Options.Intervals);
        Assert.Same(Activation.Elu, flow.modules().OfType<Made>().Single().Activation);
        using var image = Flow.On(Shape.Image(2, 4, 4), seed: 1)
            .GlowCoupling(hidden: 4, options: new ConvNetOptions { Kernels = [3, 3, 3, 3] })
            .AdditiveCoupling(hidden: 4, options: new ConvNetOptions { Activation = Activation.Silu })
            .Into(Distribution.StandardNormal);
        Assert.Equal([5], image.LogProb(randn([5, 2, 4, 4], generator: Generator)).shape);
        var elu = new MadeOptions { Activation = Activation.Elu };
        using var splines = Flow.On(Shape.Vector(4), seed: 1)
            .Coupling(Transformer.Affine(), hidden: 8, options: new ResidualMlpOptions { IsResidual = false })
            .Autoregressive(Transformer.SinhArcsinh(), hidden: 8, options: elu)
            .Autoregressive(Transformer.RationalQuadratic(bins: 4), hidden: 8, options: elu)
            .Into(Distribution.StandardNormal);
        Assert.False(splines.modules().OfType<ResidualMlp>().Single().Options.IsResidual);
        Assert.All(splines.modules().OfType<Made>(), net => Assert.Same(Activation.Elu, net.Activation));
        Assert.Equal([5], splines.LogProb(randn([5, 4], generator: Generator)).shape);
        Assert.StartsWith(
            "Flow[0] (ConvNet): expected an image to read, got (2).",
            Assert.Throws<ShapeException>(
                () => Flow.On(Shape.Vector(4)).AffineCoupling(4, options: new ConvNetOptions())).Message);
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused_in_one_sentence()
    {
        Assert.StartsWith(
            "ResidualMlp: expected residual blocks, whose changes the context gates, got plain layers;",
            Message(() => Mlp(3, 2, new() { IsResidual = false, ContextEntry = ContextEntry.Gating })));
        Assert.StartsWith(
            "ResidualMlp: expected inputs, or a context that enters by Concatenation or Gating, "
            + "got no inputs and Film.",
            Message(() => Mlp(0, 2, new() { ContextEntry = ContextEntry.Film })));
        Assert.StartsWith(
            "ResidualMlp: expected a residual block, in which the context scales and shifts hidden units, got none;",
            Message(() => new ResidualMlp(3, 4, 6, 0, Generator, 2, new() { ContextEntry = ContextEntry.Film })));
        Assert.StartsWith(
            "ResidualMlp: expected a known entry of the context and a known normalization, got 7 and None.",
            Message(() => Mlp(3, 2, new() { ContextEntry = (ContextEntry)7 })));
        Assert.StartsWith(
            "ResidualMlp: expected a finite number, got NaN.",
            Message(() => Mlp(3, 2, new() { OutputGain = double.NaN })));
        Assert.StartsWith(
            "ConvNet: expected odd sizes of filters, at least two of them, one for each layer, got [3].",
            Message(() => Conv(new() { Kernels = [3] })));
        Assert.StartsWith(
            "ConvNet: expected odd sizes of filters, an even number of them, one for each layer, got [3, 1, 3].",
            Message(() => Conv(new() { IsResidual = true })));
        Assert.StartsWith("ConvNet: expected odd sizes of filters", Message(() => Conv(new() { Kernels = [3, 2, 3] })));

        string Message(Func<Conditioner> make) => Assert.ThrowsAny<ArgumentException>(make).Message;

        ResidualMlp Mlp(long inputs, long contextSize, ResidualMlpOptions options) =>
            new(inputs, Outputs, Hidden, 1, Generator, contextSize, options);

        ConvNet Conv(ConvNetOptions options) => new(Inputs, Outputs, Hidden, Generator, 0, options);
    }

    private static IEnumerable<(int Blocks, int Context, (Activation, Func<Tensor, Tensor>))> Cases(ContextEntry entry)
    {
        // Every activation with one entry, and two with all; where the context scales units there has to be one.
        var fewest = entry == ContextEntry.Film ? 1 : 0;
        var activations = entry == ContextEntry.Film ? s_activations : s_activations[..2];
        return activations.SelectMany(
            (activation, i) => ((int, int)[])[(Math.Max(fewest, i % 3), Context), (1, 0)],
            (activation, sizes) => (sizes.Item1, sizes.Item2, activation));
    }

    private void AssertAgrees(
        Conditioner net, Func<IReadOnlyDictionary<string, Tensor>, NetworkByHand> byHand, long[] shape, int contextSize)
    {
        net.to(ScalarType.Float64);
        using (no_grad())
        {
            foreach (var parameter in net.parameters())
            {
                parameter.normal_(0, 0.5, Generator);
            }
        }

        var x = Random(shape).requires_grad_();
        var context = contextSize == 0 ? null : Random(shape[0], contextSize).requires_grad_();
        var plain = byHand(net.state_dict());
        var expected = plain.Evaluate(x, context);
        AssertClose(expected, net.Evaluate(x, context), 1e-10);
        Tensor[] leaves = [x, .. context is null ? [] : new[] { context }, .. net.parameters()];
        var weights = Random(expected.shape);
        foreach (var (right, ours) in GradientsOf(() => plain.Evaluate(x, context), weights, leaves)
            .Zip(GradientsOf(() => net.Evaluate(x, context), weights, leaves)))
        {
            AssertClose(right, ours, 1e-9);
            Assert.True(right.abs().max().item<double>() > 0);
        }

        using var leaving = no_grad();
        AssertClose(expected, net.Frozen().Evaluate(x, context), 1e-10);
        Assert.Empty(net.Frozen().parameters());
        net.to(ScalarType.Float32);
        var (low, lowContext) = (x.to(ScalarType.Float32), context?.to(ScalarType.Float32));
        AssertClose(expected, net.Evaluate(low, lowContext).to(ScalarType.Float64), 1e-4);
        var again = PieceTests.Again(net);
        Assert.True(net.Evaluate(low, lowContext).Equals(again.Evaluate(low, lowContext)));
        Assert.Equal(0, Survivors(() => net.Evaluate(low, lowContext).Dispose()));
    }
}
