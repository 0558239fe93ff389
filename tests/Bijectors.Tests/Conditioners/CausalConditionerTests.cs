using Bijectors.Testing;
using Bijectors.Tests.Numerical;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Conditioners;

/// <summary>Causal networks of one's own in autoregressive layers.</summary>
public sealed class CausalConditionerTests : NumericalTest
{
    [Fact]
    public void A_network_without_a_pass_keeps_the_laws()
    {
        BijectorLaws.Check(() => new MaskedAutoregressive(new Before(4, 2, seed: 1)), Shape.Vector(4));
        BijectorLaws.Check(
            () => ~new MaskedAutoregressive(new Before(4, 2, seed: 1, order: [2, 0, 3, 1])), Shape.Vector(4));
        BijectorLaws.Check(
            () => new Autoregressive(
                new Before(3, 8, seed: 1, order: [2, 0, 1]), Transformer.RationalQuadratic(bins: 3)), Shape.Vector(3));
    }

    [Fact]
    public void A_network_on_tokens_keeps_the_laws()
    {
        BijectorLaws.Check(() => new MaskedAutoregressive(new EarlierTokens(3, 8, new Generator(2))), Shape.Of(5, 3));
        BijectorLaws.Check(
            () => new MaskedAutoregressive(
                new EarlierTokens(3, 8, new Generator(2)), solution: CausalSolution.Jacobi(1e-12)),
            Shape.Of(5, 3));
    }

    [Fact]
    public void Splines_of_a_masked_network_keep_the_laws()
    {
        BijectorLaws.Check(
            () => new Autoregressive(
                new Made(3, 6, 1, new Generator(1), options: new() { Outputs = 8 }), Transformer.RationalQuadratic(3)),
            Shape.Vector(3));
        BijectorLaws.Check(
            () => new Autoregressive(
                new Made(3, 6, 1, new Generator(1), 2, new() { Outputs = 11, Order = [2, 0, 1] }),
                Transformer.RationalQuadratic(4)),
            Shape.Vector(3), contextSize: 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_inverse_is_that_of_the_whole_network_entry_by_entry(bool isSwept)
    {
        using var gradients = no_grad();
        var solution = isSwept ? CausalSolution.Jacobi(0) : CausalSolution.Incremental;
        var order = new[] { 3, 0, 2, 1 };
        var net = new Before(4, 2, seed: 3, order);
        net.to(ScalarType.Float64);
        var layer = new MaskedAutoregressive(net, ScaleMap.Exponential, solution);
        foreach (var rows in (int[])[1, 40])
        {
            var y = Random(rows, 4);
            var x = zeros_like(y);
            foreach (var feature in order)
            {
                var (s, t) = net.ScaleAndShift(x, null);
                x[.., feature] = (y[.., feature] - t[.., feature]) * (-s[.., feature]).exp();
            }

            AssertClose(x, layer.Inverse(y), 1e-12);
            AssertClose(y, layer.Forward(x), 1e-12);
            AssertClose(x, layer.Frozen(Shape.Vector(4), ScalarType.Float64).Inverse(y), 1e-12);
        }

        // Tokens: more of them than channels, so that sweeps along the wrong axis would end too early.
        var tokens = new EarlierTokens(2, 8, Generator);
        tokens.to(ScalarType.Float64);
        var ofTokens = new MaskedAutoregressive(tokens, solution: solution);
        var points = Random(3, 7, 2) * 3;
        AssertClose(points, ofTokens.Inverse(ofTokens.Forward(points)), 1e-9);
    }

    [Fact]
    public void A_pass_gives_what_the_network_gives()
    {
        using var gradients = no_grad();
        foreach (var net in (
            CausalConditioner[])[new Before(4, 8, 1), new Before(4, 8, 1, [2, 0, 3, 1]),
            new Made(4, 9, 1, Generator, options: new() { Outputs = 8 })])
        {
            net.to(ScalarType.Float64);
            var x = Random(3, 4);
            var table = net.Table(x, null);
            Assert.Equal([3, 4, 8], table.shape);
            Assert.True(table[.., 2, 5].Equals(net.Evaluate(x, null)[.., 5 * 4 + 2]));
            using var pass = net.Begin(x, null);
            foreach (var feature in net.Order ?? [0, 1, 2, 3])
            {
                AssertClose(table.narrow(1, feature, 1), pass.Table(), 1e-12);
                var (w, h, s) = pass.Spline();
                AssertClose(table.narrow(1, feature, 1), cat([w, h, s], -1), 1e-12);
                pass.Append(x.narrow(1, feature, 1));
            }

            Assert.Throws<InvalidOperationException>(() => pass.Evaluate());
        }
    }

    [Fact]
    public void Declarations_have_them()
    {
        using var flow = Flow.On(Shape.Of(4, 3), seed: 1)
            .MaskedAutoregressive(shape => new EarlierTokens(shape[-1], 8, Generator)).Flatten()
            .Autoregressive(Transformer.RationalQuadratic(bins: 4), hidden: 16)
            .Into(Distribution.StandardNormal);
        var (x, logProb) = flow.SampleWithLogProb(20, generator: Generator);
        Assert.Equal([20, 4, 3], x.shape);
        Assert.True(logProb.allclose(flow.LogProb(x), 1e-3, 1e-3));
        Assert.True(logProb.allclose(flow.Frozen().LogProb(x), 1e-3, 1e-3));
    }

    [Fact]
    public void A_pass_leaves_nothing_behind()
    {
        var layer = new MaskedAutoregressive(new Before(4, 2, seed: 3));
        var y = randn(3, 4);
        Assert.Equal(0, Survivors(() => layer.Inverse(y).Dispose()));
    }

    [Fact]
    public void A_network_that_is_not_causal_is_found_out()
    {
        var message =
            Assert.ThrowsAny<Exception>(
            () => BijectorLaws.Check(() => new MaskedAutoregressive(new Liar(3)), Shape.Vector(3))).Message;
        Assert.Contains("MaskedAutoregressive", message);
        var order = Assert.ThrowsAny<Exception>(
            () => BijectorLaws.Check(
                () => new MaskedAutoregressive(new Before(3, 2, 1, [2, 0, 1], told: [0, 1, 2])), Shape.Vector(3)));
        Assert.Contains("MaskedAutoregressive", order.Message);
    }

    [Fact]
    public void Networks_that_do_not_fit_are_refused_in_one_sentence()
    {
        Assert.Equal(
            "MaskedAutoregressive(Before): expected a network that gives (8), got one that gives (12).",
            Assert.Throws<ShapeException>(
                () => new MaskedAutoregressive(new Before(4, 3, 1)).Forward(zeros(2, 4))).Message);
        Assert.StartsWith(
            "Autoregressive: expected a network with 23 outputs for each feature, as RationalQuadraticSpline(8) wants, "
            + "got 3.",
            Assert.Throws<ArgumentException>(
                () => new Autoregressive(new Before(4, 3, 1), Transformer.RationalQuadratic())).Message);
    }

    /// <summary>Parameters by the features before: a product with a strictly triangular matrix, in some
    /// order.</summary>
    internal class Before : CausalConditioner
    {
        // A parameter, and a constant in a frozen network.
        private readonly Tensor weight;
        private readonly long _features;
        private readonly int[]? _order;
        private readonly int[]? _told;

        public Before(long features, int outputs, ulong seed, int[]? order = null, int[]? told = null)
            : base(0, outputs)
        {
            (_features, _order, _told) = (features, order, told ?? order);
            using var generator = new Generator(seed);
            weight = nn.Parameter(
                (randn(
                [outputs, features, features], ScalarType.Float32,
                generator: generator) * 0.4).DetachFromDisposeScope());
            RegisterComponents();
        }

        private Before(Before source)
            : base(0, source.Outputs)
        {
            (_features, _order, _told) = (source._features, source._order, source._told);
            weight = source.weight.detach().clone().DetachFromDisposeScope();
            RegisterComponents();
        }

        public override int EventRank => 1;

        public override IReadOnlyList<int>? Order => _told;

        public override Shape OutputShape(Shape input) => WithFeatures(input, _features, Outputs * _features);

        public override Tensor Evaluate(Tensor input, Tensor? context)
        {
            CheckEvent(input);
            using var scope = NewDisposeScope();
            var places = tensor(Enumerable.Range(0, (int)_features)
                .Select(feature => _order is null ? feature : (long)Array.IndexOf(_order, feature)).ToArray());
            var mask = Counts(places.unsqueeze(-1) - places).to(weight.dtype);
            return nn.functional.linear(input, (weight * mask).flatten(0, 1)).sin().MoveToOuterDisposeScope();
        }

        public override CausalConditioner Frozen() => new Before(this);

        protected virtual Tensor Counts(Tensor placesAhead) => placesAhead > 0;
    }

    /// <summary>Depends on the feature itself too.</summary>
    private sealed class Liar(long features) : Before(features, 2, seed: 4)
    {
        protected override Tensor Counts(Tensor placesAhead) => placesAhead >= 0;
    }
}
