using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Frozen;

/// <summary>Layers and networks of one's own in a frozen flow.</summary>
public sealed class OwnLayerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Fact]
    public void A_layer_with_parameters_must_say_how_it_is_copied()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Of(new Silent()).Frozen());
        Assert.Equal(
            "Frozen: expected Silent to say how it is copied, since it holds parameters or buffers; "
            + "override FrozenCore and return a new one of frozen parts.",
            exception.Message);
    }

    [Fact]
    public void A_network_with_parameters_must_say_how_it_is_copied()
    {
        var exception =
            Assert.Throws<InvalidOperationException>(() => Of(new AdditiveCoupling(new OneNumber())).Frozen());
        Assert.Contains("OneNumber", exception.Message);
        Assert.Contains("override Frozen ", exception.Message);
    }

    [Fact]
    public void One_line_says_how()
    {
        using var leaving = no_grad();
        var flow = Trained.Flow(
            Of(new Doubled(new ResidualMlp(2, 4, 8, 1, new Generator(1)), new PluLinear(4, new Generator(2)))));
        var x = randn(3, 4);
        var frozen = flow.Frozen();
        Assert.Equal(0, frozen.ParameterCount);
        Assert.InRange(Trained.Difference(flow.LogProb(x), frozen.LogProb(x)), 0, 1e-5);
    }

    [Fact]
    public void A_layer_that_holds_nothing_is_shared()
    {
        var layer = new Empty();
        Assert.Same(layer, layer.Frozen(Shape.Vector(4), ScalarType.Float32));
    }

    public void Dispose() => _scope.Dispose();

    private static Flow Of(Bijector f) => new(Shape.Vector(4), f, Distribution.StandardNormal);

    private sealed class OneNumber : Conditioner
    {
        private readonly Parameter number = nn.Parameter(ones(2));

        public OneNumber()
            : base(0) => RegisterComponents();

        public override int EventRank => 1;

        public override Shape OutputShape(Shape input) => input;

        public override Tensor Evaluate(Tensor input, Tensor? context) => input * number;
    }
}

[GeneratedBijector]
public sealed partial class Silent : Bijector
{
    private readonly Parameter shift = nn.Parameter(zeros(4));

    public Silent() => RegisterComponents();

    public override int EventRank => 1;

    [Forward]
    private Tensor Map(Tensor x) => x + shift;
}

[GeneratedBijector]
public sealed partial class Empty : Bijector
{
    public override int EventRank => 0;

    [Forward]
    private static Tensor Map(Tensor x) => 2 * x + 1;
}

[GeneratedBijector]
public sealed partial class Doubled : Bijector
{
    private readonly Conditioner net;
    private readonly Bijector inner;

    public Doubled(Conditioner net, Bijector inner)
    {
        this.net = net;
        this.inner = inner;
        RegisterComponents();
    }

    public override int EventRank => 1;

    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        new Doubled(net.Frozen(), inner.Frozen(input, dtype));

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        x = inner.Forward(x, context);
        var (a, b) = Parts.Halves(x);
        var (s, t) = net.ScaleAndShift(a, context);
        b = b * torch.exp(torch.tanh(s)) + t;
        x = Parts.Join(a, b);
        return inner.Forward(x, context);
    }
}
