using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

public sealed class ConditionerTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    [Fact]
    public void The_context_of_an_item_is_repeated_for_all_its_rows()
    {
        var net = new ResidualMlp(3, 4, 8, 1, _generator, contextSize: 2);
        var (x, context) = (randn(5, 6, 3), randn(5, 2));
        var output = net.Evaluate(x, context);
        Assert.Equal([5, 6, 4], output.shape);
        Assert.True(output[3].allclose(net.Evaluate(x[3], context[3])));
        Assert.True(output.allclose(net.Evaluate(x, context.unsqueeze(1).expand(5, 6, 2))));
        Assert.True(net.Evaluate(x, context[0])[0].allclose(output[0]));
    }

    [Fact]
    public void Along_an_axis_rows_of_one_item_share_its_context()
    {
        var f = new AffineCoupling(new ResidualMlp(1, 2, 8, 1, _generator, contextSize: 2)).Along(-2);
        var (x, context) = (randn(5, 2, 7), randn(5, 2));
        Assert.True(f.Forward(x, context)[2].allclose(f.Forward(x[2], context[2])));
    }

    [Fact]
    public void Images_read_the_context_as_planes()
    {
        var net = new ConvNet(1, 2, 4, _generator, contextSize: 3);
        using (no_grad())
        {
            foreach (var parameter in net.parameters())
            {
                parameter.normal_(0, 1, _generator);
            }
        }

        var (x, context) = (randn([2, 3, 1, 4, 5]), randn(2, 3));
        var output = net.Evaluate(x, context);
        Assert.Equal([2, 3, 2, 4, 5], output.shape);
        Assert.True(output[1, 2].allclose(net.Evaluate(x[1, 2], context[1]), 1e-4, 1e-5));
        Assert.False(output.allclose(net.Evaluate(x, -context)));
    }

    [Fact]
    public void Wrong_sizes_are_refused_in_one_sentence()
    {
        var net = new ResidualMlp(3, 4, 8, 1, _generator, contextSize: 2);
        var x = zeros(5, 3);
        Assert.Equal(
            "ResidualMlp: expected last dimension 3, got (4).", Message(() => net.Evaluate(zeros(5, 4), zeros(2))));
        Assert.Equal(
            "ResidualMlp: expected a context of size 2, got (5, 3).", Message(() => net.Evaluate(x, zeros(5, 3))));
        Assert.Equal(
            "ResidualMlp: expected a context with leading dimensions (5) or the first of them, got (4).",
            Message(() => net.Evaluate(x, zeros(4, 2))));
        Assert.Contains("expected a context of size 2, got none",
            Assert.Throws<ArgumentException>(() => net.Evaluate(x, null)).Message);
        Assert.Equal(
            "ConvNet: expected 2 channels in dimension -3, got (1, 4, 4).",
            Message(() => new ConvNet(2, 2, 4, _generator).Evaluate(zeros([5, 1, 4, 4]), null)));
        Assert.Throws<ShapeException>(() => new ResidualMlp(3, 5, 8, 1, _generator).ScaleAndShift(x, null));
        Assert.Equal(
            "AffineCoupling(Halves(-1)): expected a network that gives (6), got one that gives (4).",
            Message(() => new AffineCoupling(new ResidualMlp(3, 4, 8, 1, _generator)).Forward(zeros(2, 6))));
        Assert.Equal(
            "AffineCoupling(Halves(-1)) (ResidualMlp): expected last dimension 3, got (4).",
            Message(() => new AffineCoupling(new ResidualMlp(3, 6, 8, 1, _generator)).Forward(zeros(2, 8))));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Made(0, 4, 1, _generator));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Made(2, 4, -1, _generator));
        Assert.Equal("Made: expected last dimension 2, got (3).",
            Message(() => new Made(2, 4, 1, _generator).Evaluate(zeros(5, 3), null)));

        static string Message(Action action) => Assert.Throws<ShapeException>(action).Message;
    }

    [Theory]
    [InlineData(6, 3, 0, new[] { 1f, 2, 4 })]
    [InlineData(6, 3, 1, new[] { 0f, 2, 4 })]
    [InlineData(3, 5, 0, new[] { 1f, 2, 1, 2, 1 })]
    [InlineData(3, 5, 1, new[] { 0f, 1, 2, 0, 1 })]
    public void The_units_of_a_masked_network_are_spread_over_the_features(
        int features, int hidden, int contextSize, float[] heard)
    {
        var net = new Made(features, hidden, blockCount: 1, _generator, contextSize);
        Assert.Equal(heard, net.state_dict()["inputMask"].narrow(1, 0, features).sum(1).data<float>().ToArray());
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 16)]
    [InlineData(6, 16)]
    [InlineData(6, 6)]
    public void A_masked_network_looks_back_only_and_at_all_of_it(int features, int hidden)
    {
        var net = new Made(features, hidden, blockCount: 2, _generator, contextSize: 1);
        net.to(ScalarType.Float64);
        var x = randn([features], ScalarType.Float64, generator: _generator);
        var context = ones(1, ScalarType.Float64);
        for (var i = 0; i < features; i++)
        {
            var moved = x.clone();
            moved[i] += 1;
            var change = (net.Evaluate(moved, context) - net.Evaluate(x, context)).reshape(2, features) != 0;
            for (var j = 0; j < features; j++)
            {
                Assert.Equal(j > i, change[0, j].item<bool>());
                Assert.Equal(j > i, change[1, j].item<bool>());
            }
        }

        // The first feature too: its density is conditional on the context alone.
        Assert.True((net.Evaluate(x, context) != net.Evaluate(x, -context)).all().item<bool>());
    }
}
