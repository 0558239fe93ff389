using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Networks on tokens, of attention and mixers: what depends on what, the pass token by token, sizes that are
/// refused.</summary>
public sealed class AttentionTests : NumericalTest
{
    private const int Tokens = 5;
    private const int Channels = 3;

    public static TheoryData<string> Networks =>
        ["causal", "vision", "gated", "gated with attention", "mixer", "mixer of fewer"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_fresh_network_gives_zeros_and_a_moved_one_reads_every_parameter(string kind)
    {
        var net = Network(kind);
        net.to(ScalarType.Float64);
        var (x, context) = (Point(kind, 4), Random(4, 2));
        Assert.Equal(0, net.Evaluate(x, context).abs().max().item<double>());
        Move(net);
        net.Evaluate(x, context).square().sum().backward();
        Assert.All(net.named_parameters(), row =>
        {
            var gradient = row.parameter.grad;
            Assert.True(gradient is not null && gradient.abs().max().item<double>() > 0, row.name);
        });
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Items_do_not_see_each_other(string kind)
    {
        using var ungraded = no_grad();
        var net = Moved(kind);
        var (x, context) = (Point(kind, 4), Random(4, 2));
        var order = tensor([2L, 0, 3, 1]);
        AssertClose(
            net.Evaluate(x, context).index_select(0, order),
            net.Evaluate(x.index_select(0, order), context.index_select(0, order)), 1e-12);

        // Leading dimensions are batch, and a context of fewer of them is the same for the others.
        var many = Point(kind, 6).unflatten(0, [3, 2]);
        AssertClose(
            net.Evaluate(many.flatten(0, 1), context[..3].repeat_interleave(2, 0)),
            net.Evaluate(many, context[..3]).flatten(0, 1), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_frozen_copy_gives_the_same_and_stays_as_it_is(string kind)
    {
        using var ungraded = no_grad();
        var net = Moved(kind);
        var (x, context) = (Point(kind, 3), Random(3, 2));
        var (expected, frozen) = (net.Evaluate(x, context), net.Frozen());
        Move(net);
        Assert.Empty(frozen.parameters());
        AssertClose(expected, frozen.Evaluate(x, context), 1e-12);
        Assert.False(expected.allclose(net.Evaluate(x, context)));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_call_leaves_nothing_behind(string kind)
    {
        var net = Moved(kind);
        var (x, context) = (Point(kind, 3), Random(3, 2));
        Assert.Equal(0, Survivors(() => net.Evaluate(x, context).Dispose()));
        using var ungraded = no_grad();
        Assert.Equal(0, Survivors(() => net.Evaluate(x, context).Dispose()));
    }

    [Fact]
    public void Parameters_of_a_token_depend_on_those_before_it_and_on_all_of_them()
    {
        var net = Moved("causal");
        var (x, context) = (Point("causal", 1).requires_grad_(), Random(1, 2).requires_grad_());
        var output = net.Evaluate(x, context);
        for (var token = 0; token < Tokens; token++)
        {
            x.grad = context.grad = null;
            output[0, token].square().sum().backward(retain_graph: true);
            var reached = x.grad!.abs().amax([0, 2]) > 0;
            Assert.Equal(
                Enumerable.Range(0, Tokens).Select(before => before < token), reached.data<bool>().ToArray());
            Assert.True(context.grad!.abs().min().item<double>() > 0);
        }
    }

    [Theory]
    [InlineData("vision")]
    [InlineData("mixer")]
    [InlineData("mixer of fewer")]
    public void Every_token_sees_all(string kind)
    {
        var net = Moved(kind);
        var x = Point(kind, 1).requires_grad_();
        net.Evaluate(x, Random(1, 2))[0, 0].square().sum().backward();
        Assert.True(x.grad!.abs().min().item<double>() > 0);
    }

    [Fact]
    public void Pixels_far_apart_see_each_other_by_attention_only()
    {
        foreach (var (heads, expected) in new[] { (0, false), (1, true) })
        {
            var net = new GatedResNet(1, 1, 4, 1, Generator, heads: heads);
            net.to(ScalarType.Float64);
            Move(net);
            var x = Random(1, 1, 1, 12).requires_grad_();
            net.Evaluate(x, null)[0, 0, 0, 0].backward();
            Assert.Equal(expected, x.grad![0, 0, 0, 11].abs().item<double>() > 0);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float32, 1e-5)]
    public void A_pass_gives_what_the_network_gives(ScalarType dtype, double tolerance)
    {
        using var ungraded = no_grad();
        var net = (CausalConditioner)Moved("causal");
        net.to(dtype);
        var (x, context) = (Random(2, 3, Tokens, Channels).to(dtype), Random(2, 3, 2).to(dtype));
        var expected = net.Evaluate(x, context).to(ScalarType.Float64);
        using var pass = net.Begin(x, context);
        for (var token = 0; token < Tokens; token++)
        {
            foreach (var _ in new[] { 1, 2 })
            {
                AssertClose(expected.narrow(2, token, 1), pass.Evaluate().to(ScalarType.Float64), tolerance);
            }

            pass.Append(x.narrow(2, token, 1));
        }

        Assert.Contains(
            $"expected at most {Tokens} entries in a pass, got one more.",
            Assert.Throws<InvalidOperationException>(() => pass.Evaluate()).Message);
        pass.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pass.Evaluate());
    }

    [Fact]
    public void A_pass_leaves_nothing_behind()
    {
        var layer = new MaskedAutoregressive((CausalConditioner)Moved("causal"));
        var (y, context) = (Point("causal", 4), Random(4, 2));
        using var ungraded = no_grad();
        Assert.Equal(0, Survivors(() => layer.Inverse(y, context).Dispose()));
    }

    [Fact]
    public void The_inverse_with_the_pass_is_that_by_whole_evaluations()
    {
        using var ungraded = no_grad();
        var net = (CausalConditioner)Moved("causal");
        var (y, context) = (Point("causal", 4), Random(4, 2));
        var layer = new MaskedAutoregressive(net);
        var swept = new MaskedAutoregressive(net, solution: CausalSolution.Jacobi(0));
        AssertClose(swept.Inverse(y, context), layer.Inverse(y, context), 1e-12);
        AssertClose(y, layer.Forward(layer.Inverse(y, context), context), 1e-10);
    }

    [Fact]
    public void A_single_token_is_given_parameters_by_the_context_alone()
    {
        using var ungraded = no_grad();
        var net = new CausalTransformer(2, 1, 4, 1, Generator, contextSize: 2);
        net.to(ScalarType.Float64);
        Move(net);
        var context = Random(3, 2);
        AssertClose(net.Evaluate(Random(3, 1, 2), context), net.Evaluate(Random(3, 1, 2), context), 1e-15);
        Assert.False(net.Evaluate(Random(3, 1, 2), context).allclose(net.Evaluate(Random(3, 1, 2), -context)));
    }

    [Fact]
    public void Any_width_has_any_number_of_heads()
    {
        using var ungraded = no_grad();
        foreach (var (hidden, heads) in new[] { (1, 1), (1, 4), (5, 2), (7, 3) })
        {
            var net = new VisionTransformer(2, 2, 3, hidden, 1, Generator, heads: heads);
            Assert.Equal([4, 3, 2], net.Evaluate(rand(4, 3, 2, generator: Generator), null).shape);
        }
    }

    [Fact]
    public void What_one_channel_is_normalized_to_has_no_gradient()
    {
        var net = new VisionTransformer(2, 2, 3, hidden: 1, 0, Generator);
        Move(net);
        var x = (100 * randn(4, 3, 2, generator: Generator)).requires_grad_();
        net.Evaluate(x, null).square().sum().backward();
        Assert.Equal(0, x.grad!.abs().max().item<float>());
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused_in_one_sentence()
    {
        Assert.Equal(
            "CausalTransformer: expected 5 tokens in dimension -2, got (4, 3).",
            Assert.Throws<ShapeException>(() => Network("causal").Evaluate(zeros(2, 4, 3), zeros(2, 2))).Message);
        Assert.Equal(
            "VisionTransformer: expected last dimension 3, got (5, 2).",
            Assert.Throws<ShapeException>(() => Network("vision").Evaluate(zeros(2, 5, 2), zeros(2, 2))).Message);
        Assert.Equal(
            "MaskedAutoregressive(4 tokens of 3): expected a network that gives (4, 6), got one that gives (4, 9).",
            Assert.Throws<ShapeException>(() => new MaskedAutoregressive(
                new CausalTransformer(3, 4, 2, 0, Generator, outputs: 3)).Forward(zeros(4, 3))).Message);
        Assert.Equal(
            "CausalTransformer: expected a number of heads of 1 or more, got 0.",
            Refused(() => new CausalTransformer(3, 4, 2, 1, Generator, heads: 0)));
        Assert.Equal(
            "CausalTransformer: expected a number of features of 1 or more, got 0.",
            Refused(() => new CausalTransformer(0, 4, 2, 1, Generator)));
        Assert.Equal(
            "VisionTransformer: expected a number of tokens of 1 or more, got 0.",
            Refused(() => new VisionTransformer(3, 4, 0, 2, 1, Generator)));
        Assert.Equal(
            "VisionTransformer: expected an expansion of 1 or more, got 0.",
            Refused(() => new VisionTransformer(3, 4, 2, 2, 1, Generator, expansion: 0)));
        Assert.Equal(
            "GatedResNet: expected a number of heads of 0 or more, got -1.",
            Refused(() => new GatedResNet(1, 1, 2, 1, Generator, heads: -1)));
        Assert.Throws<InsufficientMemoryException>(
            () => new CausalTransformer(1, 4, 1 << 20, 1 << 12, Generator));
        Assert.Equal(
            "MlpMixer: expected 5 tokens in dimension -2, got (4, 3).",
            Assert.Throws<ShapeException>(() => Network("mixer").Evaluate(zeros(2, 4, 3), zeros(2, 2))).Message);
        Assert.Equal(
            "MlpMixer: expected shapes (tokens, channels), got (4).",
            Assert.Throws<ShapeException>(
                () => new MlpMixer(Shape.Vector(4), Shape.Of(2, 2), 2, 1, Generator)).Message);
        Assert.Equal(
            "MlpMixer: expected a hidden width along the tokens of 1 or more, got 0.",
            Refused(() => new MlpMixer(Shape.Of(4, 2), Shape.Of(4, 2), 2, 1, Generator, tokenHidden: 0)));
    }

    [Fact]
    public void Declarations_have_them()
    {
        foreach (var declare in new[] { Declared, Mixed })
        {
            using var flow = declare();
            var (x, logProb) = flow.SampleWithLogProb(20, generator: Generator);
            Assert.True(logProb.allclose(flow.LogProb(x), 1e-3, 1e-3));
            Assert.True(logProb.allclose(flow.Frozen().LogProb(x), 1e-3, 1e-3));
        }
    }

    [Fact]
    public void Their_products_are_counted()
    {
        // Tokens meet 3 x 4 and 4 x 6 weights, and in the block 16 x 12 by the maps and 2 x 4 in each pair of tokens.
        using var flow = Flow.On(Shape.Of(Tokens, Channels))
            .MaskedAutoregressive(shape => new CausalTransformer(3, Tokens, 4, 1, Generator))
            .Reverse()
            .Into(Distribution.StandardNormal);
        Assert.Equal(2 * Tokens * ((3 * 4) + (4 * 6) + (16 * 12) + (2 * 4 * Tokens)), flow.MatrixOperations);

        // Of 5 tokens 3 are read: they meet 3 x 8 and 8 x 8 and 8 x 8 weights, 8 channels meet 3 x 4 and 4 x 3 and 3 x
        // 2, and 2 tokens 8 x 6.
        using var mixed = Flow.On(Shape.Of(Tokens, Channels))
            .AffineCoupling(
                (read, mapped) => new MlpMixer(read, Shape.Of(2, 6), 8, 1, Generator, tokenHidden: 4),
                Partition.First(3, -2))
            .Into(Distribution.StandardNormal);
        Assert.Equal(
            2 * ((3 * ((3 * 8) + (2 * 8 * 8))) + (8 * ((2 * 3 * 4) + (3 * 2))) + (2 * 8 * 6)), mixed.MatrixOperations);
    }

    private Flow Declared()
    {
        var flow = Flow.On(Shape.Image(channels: 1, height: 8, width: 8), seed: 1)
            .Patchify(2)                                                        // (16 tokens, 4 channels)
            .MaskedAutoregressive(x => new CausalTransformer(x[-1], x[-2], hidden: 16, blockCount: 2, Generator))
            .Reverse(Axis.Patches)
            .Coupling(Transformer.Affine(), (read, mapped) => new VisionTransformer(
                read[-1], 2 * mapped[-1], read[-2], hidden: 16, blockCount: 1, Generator))
            .Into(Distribution.StandardNormal);
        return flow;
    }

    private Flow Mixed()
    {
        var flow = Flow.On(Shape.Image(channels: 1, height: 6, width: 6), seed: 1)
            .Patchify(2)                                                        // (9 tokens, 4 channels)
            .AffineCoupling(
                (read, mapped) => new MlpMixer(read, mapped.With(-1, 2 * mapped[-1]), 16, blockCount: 1, Generator),
                Partition.Halves(-2))
            .Into(Distribution.StandardNormal);
        return flow;
    }

    private MlpMixer Mixer(long outputTokens, long? tokenHidden = null) => new(
        Shape.Of(Tokens, Channels), Shape.Of(outputTokens, 4), 8, 2, Generator, contextSize: 2, tokenHidden);

    private static string Refused(Func<object> create) =>
        Assert.ThrowsAny<ArgumentException>(create).Message;

    private Conditioner Network(string kind) => kind switch
    {
        "causal" => new CausalTransformer(Channels, Tokens, 8, 2, Generator, contextSize: 2),
        "vision" => new VisionTransformer(Channels, 4, Tokens, 8, 2, Generator, contextSize: 2),
        "mixer" => Mixer(Tokens, tokenHidden: 3),
        "mixer of fewer" => Mixer(Tokens - 1),
        _ => new GatedResNet(Channels, 4, 6, 2, Generator, contextSize: 2, heads: kind == "gated" ? 0 : 2),
    };

    private Conditioner Moved(string kind)
    {
        var net = Network(kind);
        net.to(ScalarType.Float64);
        Move(net);
        return net;
    }

    private void Move(nn.Module net)
    {
        using var ungraded = no_grad();
        foreach (var parameter in net.parameters())
        {
            parameter.add_(randn(parameter.shape, parameter.dtype, generator: Generator), alpha: 0.3);
        }
    }

    private Tensor Point(string kind, long count) =>
        kind.StartsWith("gated", StringComparison.Ordinal) ? Random(count, Channels, 3, 4)
        : Random(count, Tokens, Channels);
}
