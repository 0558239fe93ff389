using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Every option of a masked network, against a masked network in plain operations of torch.</summary>
public sealed class MadeOptionsTests : NumericalTest
{
    private const int Features = 5;
    private const int Hidden = 18;

    private static readonly (string Name, Func<Tensor, Tensor> Function)[] s_activations =
    [
        ("Relu", h => h.clamp(min: 0)), ("Tanh", h => h.tanh()), ("Silu", h => h * h.sigmoid()),
        ("Elu", h => where(h > 0, h, h.exp() - 1)), ("Gelu", h => h * 0.5 * (1 + (h / Math.Sqrt(2)).erf())),
        ("Sine", h => h.sin()),
    ];

    public static TheoryData<string, bool> Networks
    {
        get
        {
            var networks = new TheoryData<string, bool>();
            foreach (var (name, _) in s_activations)
            {
                networks.Add(name, true);
                networks.Add(name, false);
            }

            return networks;
        }
    }

    public static TheoryData<MadeOptions> Orders =>
    [
        new(), new() { Order = [4, 3, 2, 1, 0] }, new() { Order = [2, 0, 4, 1, 3] }, new() { RandomDegrees = true },
        new() { Order = [1, 0, 2, 4, 3], RandomDegrees = true },
        new() { Degrees = [.. Enumerable.Range(0, Hidden).Select(unit => unit * 7 % 5)] },
    ];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Values_passes_and_gradients_are_those_of_plain_torch(string name, bool residual)
    {
        var (_, function) = s_activations.First(activation => activation.Name == name);
        foreach (var (order, contextSize, blocks, outputs) in ((int[]?, long, int, int)[])
            [(null, 0, 2, 1), (null, 0, 2, 3), ([2, 0, 4, 1, 3], 2, 1, 2), ([1, 2, 3, 4, 0], 0, 0, 8)])
        {
            var net = Net(
                new() { Order = order, Outputs = outputs, Activation = Named(name), IsResidual = residual }, blocks,
                contextSize);
            foreach (var rows in (int[])[5, 40, 400])
            {
                AssertAgrees(
                    net, new(net.state_dict(), function, residual), order ?? [0, 1, 2, 3, 4], rows, contextSize);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void Each_feature_depends_on_those_before_it_in_the_order_and_on_nothing_else(MadeOptions options)
    {
        var order = options.Order?.ToArray() ?? [0, 1, 2, 3, 4];
        foreach (var contextSize in (long[])[0, 2])
        {
            var net = Net(options, 2, contextSize);
            Assert.Equal(order, net.Order);
            if (options.Degrees is { } degrees)
            {
                var before = net.state_dict()["inputMask"].narrow(1, 0, Features).sum(dim: 1);
                Assert.Equal(degrees.Select(degree => (double)degree), before.data<double>());
            }

            foreach (var evaluated in (Conditioner[])[net, net.Frozen()])
            {
                var x = Random(40, Features).requires_grad_();
                var context = contextSize == 0 ? null : Random(40, contextSize);
                var output = evaluated.Evaluate(x, context);
                for (var i = 0; i < 2 * Features; i++)
                {
                    var gradient = autograd.grad([output[.., i].sum()], [x], retain_graph: true)[0].abs().sum(dim: 0);
                    var place = Array.IndexOf(order, i % Features);
                    foreach (var (feature, at) in order.Select((feature, at) => (feature, at)))
                    {
                        Assert.True(at < place || gradient[feature].item<double>() == 0, $"{i} depends on {feature}");
                    }

                    // Drawn degrees may leave a feature without a unit; the usual ones do not.
                    Assert.True(
                        options.RandomDegrees || options.Degrees is not null
                        || gradient.count_nonzero().item<long>() == place);
                }
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Layers_of_any_order_are_inverted_and_frozen(bool residual)
    {
        using var gradients = no_grad();
        foreach (var activation in (Activation[])[Activation.Relu, Activation.Tanh])
        {
            var options = new MadeOptions { Order = [2, 0, 4, 1, 3], Activation = activation, IsResidual = residual };
            var net = Net(options, 2, 2);
            var byHand = new MaskedByHand(net.state_dict(), activation.Apply, residual);
            foreach (var rows in (int[])[1, 40])
            {
                var (x, context) = (Random(rows, Features), Random(rows, 2));
                var y = byHand.Map(x, context).Y;
                var layer = new MaskedAutoregressive(net);
                foreach (var map in (Bijector[])[layer, layer.Frozen(Shape.Vector(Features), ScalarType.Float64)])
                {
                    AssertClose(y, map.Forward(x, context), 1e-10);
                    AssertClose(x, map.Inverse(y, context), 1e-8);
                }
            }
        }
    }

    [Fact]
    public void Masks_of_another_library_give_their_options()
    {
        var source = Net(new() { Order = [2, 0, 4, 1, 3], RandomDegrees = true, Outputs = 3 }, 1, 0);
        var state = source.state_dict();
        var options = MadeOptions.Of(state["inputMask"], state["hiddenMask"], state["outputMask"]);
        Assert.Equal(3, options.Outputs);
        var net = Net(options, 1, 0);
        foreach (var (name, tensor) in net.state_dict()
            .Where(entry => entry.Key.EndsWith("Mask", StringComparison.Ordinal)))
        {
            Assert.True(tensor.Equals(state[name]));
        }

        Assert.Throws<ShapeException>(
            () => MadeOptions.Of(state["inputMask"], state["inputMask"], state["outputMask"]));
        Assert.Throws<InvalidOperationException>(
            () => MadeOptions.Of(state["inputMask"], ones_like(state["hiddenMask"]), state["outputMask"]));
    }

    [Fact]
    public void The_weights_are_those_of_a_network_without_options()
    {
        using var first = new Generator(3);
        using var second = new Generator(3);
        var plain = new Made(Features, Hidden, 2, first).state_dict();
        var options = new MadeOptions { Order = [4, 3, 2, 1, 0], RandomDegrees = true };
        var ordered = new Made(Features, Hidden, 2, second, options: options).state_dict();
        Assert.Equal(plain.Keys, ordered.Keys);
        foreach (var (name, tensor) in plain.Where(entry => !entry.Key.EndsWith("Mask", StringComparison.Ordinal)))
        {
            Assert.True(tensor.Equals(ordered[name]));
        }
    }

    [Fact]
    public void Options_that_do_not_fit_are_refused_in_one_sentence()
    {
        Assert.StartsWith(
            "Made: expected an order with each of the features 0 to 4 once, got [0, 1, 2, 3, 3].",
            Message(new() { Order = [0, 1, 2, 3, 3] }));
        Assert.StartsWith(
            "Made: expected 18 degrees from 0 to 4, one for each hidden unit, or random ones, got [1, 2].",
            Message(new() { Degrees = [1, 2] }));
        Assert.StartsWith(
            "Made: expected 18 degrees from 0 to 4", Message(new() { Degrees = [.. Enumerable.Repeat(5, Hidden)] }));
        Assert.Contains("outputs", Message(new() { Outputs = 0 }));
        using var pass = Net(new() { Outputs = 3 }, 1, 0).Begin(zeros(2, Features), null);
        Assert.Contains("got 3", Assert.Throws<InvalidOperationException>(() => pass.ScaleAndShift()).Message);

        string Message(MadeOptions options) => Assert.ThrowsAny<ArgumentException>(
            () => new Made(Features, Hidden, 1, Generator, options: options)).Message;
    }

    private static Activation Named(string name) => name switch
    {
        "Relu" => Activation.Relu,
        "Tanh" => Activation.Tanh,
        "Silu" => Activation.Silu,
        "Elu" => Activation.Elu,
        "Gelu" => Activation.Gelu,
        _ => new(name, h => h.sin()),
    };

    // Two units that depend on no feature, and on two, tell nothing of the order of the first two.
    [Fact]
    public void Masks_that_fit_several_orders_are_loaded_in_the_order_of_the_options()
    {
        using var gradients = no_grad();
        int[] order = [1, 0, 2];
        var saved = new Made(3, 2, 1, Generator, 1, new() { Order = order, Degrees = [0, 2] });
        var loaded = new Made(3, 2, 1, Generator, 1, new() { Order = order, Degrees = [1, 1] });
        loaded.load_state_dict(saved.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone()));
        Assert.Equal(order, loaded.Order);
        var (x, context) = (Random(200, 3).to(ScalarType.Float32), Random(200, 1).to(ScalarType.Float32));
        Assert.True(saved.Evaluate(x, context).equal(loaded.Evaluate(x, context)).all().item<bool>());

        // Where the masks leave no choice, it is theirs.
        var clear = new Made(3, 2, 1, Generator, 1, new() { Degrees = [1, 2] });
        loaded.load_state_dict(clear.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone()));
        Assert.Equal([0, 1, 2], loaded.Order);
    }

    private Made Net(MadeOptions options, int blocks, long contextSize)
    {
        var net = new Made(Features, Hidden, blocks, Generator, contextSize, options);
        using var gradients = no_grad();
        foreach (var parameter in net.parameters())
        {
            parameter.normal_(0, 0.5, Generator);
        }

        net.to(ScalarType.Float64);
        return net;
    }

    private void AssertAgrees(Made net, MaskedByHand byHand, int[] order, int rows, long contextSize)
    {
        var x = Random(rows, Features).requires_grad_();
        var context = contextSize == 0 ? null : Random(rows, contextSize).requires_grad_();
        var expected = byHand.Evaluate(x, context);
        AssertClose(expected, net.Evaluate(x, context), 1e-10);
        Tensor[] leaves = [x, .. context is null ? [] : new[] { context }, .. net.parameters()];
        var weights = Random(expected.shape);
        foreach (var (right, ours) in GradientsOf(() => byHand.Evaluate(x, context), weights, leaves)
            .Zip(GradientsOf(() => net.Evaluate(x, context), weights, leaves)))
        {
            AssertClose(right, ours, 1e-9);
        }

        using var leaving = no_grad();
        foreach (var evaluated in (Made[])[net, (Made)net.Frozen()])
        {
            AssertClose(expected, evaluated.Evaluate(x, context), 1e-10);
            using var pass = evaluated.Begin(x, context);
            foreach (var feature in order)
            {
                AssertClose(expected.reshape(rows, net.Outputs, Features)[.., .., feature], pass.Evaluate(), 1e-10);
                pass.Append(x.narrow(1, feature, 1));
            }
        }
    }
}
