using TorchSharp;
using static TorchSharp.torch;
using static Bijectors.Tests.Reversible.GradientPair;

namespace Bijectors.Tests.Reversible;

public sealed class ReversibleFallbackTests
{
    [Fact]
    public void Layers_that_lose_digits_are_found_and_the_gradients_are_right_all_the_same()
    {
        using var flow = Saturating();
        flow.Reversible();
        Assert.Equal(ActivationSource.Inverse, Squashing(flow).Source);

        // Near zero the hyperbolic tangent loses nothing.
        Assert.InRange(Difference(flow, 0.1 * Points(5, 4).detach()), 0, 1e-8);
        Assert.Equal(ActivationSource.Inverse, Squashing(flow).Source);

        var far = (5 * Points(5, 4).detach().sign()).requires_grad_();
        Assert.InRange(Difference(flow, far), 0, 1e-12);
        Assert.Equal(ActivationSource.Checkpoint, Squashing(flow).Source);
        Assert.StartsWith("going back, its input came out with a relative error of", Squashing(flow).Reason);

        // Steep where it undoes that: its own inverse tells too little of its input.
        var logit = flow.ReversibleLayers().Single(layer => layer.Layer == nameof(Logit));
        Assert.StartsWith("going back and forth, its output came out with a relative error of", logit.Reason);
        Assert.Equal(2, flow.ReversibleLayers()
            .Count(layer => layer.Reason?.StartsWith("going back", StringComparison.Ordinal) == true));

        // From now on it is checkpointed, until the mode is switched on anew.
        var (_, again) = Gradients(flow, (x, _) => flow.LogProb(x), far);
        flow.Reversible(false);
        var (_, plain) = Gradients(flow, (x, _) => flow.LogProb(x), far);
        Assert.All(plain.Zip(again).Where(pair => pair.First is not null),
            pair => Assert.InRange((pair.First! - pair.Second!).abs().max().ToDouble(), 0, 1e-9));
        Assert.Equal(ActivationSource.Inverse, Squashing(flow.Reversible()).Source);
    }

    [Fact]
    public void A_layer_without_an_inverse_is_found()
    {
        using var flow = Trained(new Flow(Shape.Vector(4), Chain.Of(
            ActNorm.Elements(Shape.Vector(4)), new OneWay(), ActNorm.Elements(Shape.Vector(4))),
            Distribution.StandardNormal));
        Assert.InRange(Difference(flow, Points(5, 4)), 0, 1e-12);
        Assert.Equal("going back failed: no way back", flow.ReversibleLayers()[1].Reason);
    }

    [Fact]
    public void Weights_that_change_between_forward_and_backward_are_an_error()
    {
        using var flow = Couplings(4).Reversible();
        var value = flow.LogProb(Points(5, 6).detach()).sum();
        using (no_grad())
        {
            flow.parameters().First().add_(1);
        }

        AssertRefused(value);
    }

    [Fact]
    public void A_layer_that_draws_random_numbers_is_an_error()
    {
        using var flow = Trained(new Flow(Shape.Vector(4), Chain.Of(
            ActNorm.Elements(Shape.Vector(4)), new Noisy(), ActNorm.Elements(Shape.Vector(4))),
            Distribution.StandardNormal)).Reversible();
        AssertRefused(flow.LogProb(Points(5, 4)).sum());
    }

    [Fact]
    public void Points_that_are_not_finite_blame_no_layer()
    {
        using var flow = Couplings(4);
        var x = Points(5, 6).detach();
        x[2, 1] = double.PositiveInfinity;
        x[3, 4] = double.NaN;
        x = x.requires_grad_();

        // The rows of the other points, which such neighbours leave alone.
        List<Tensor?> Rows(bool on) =>
            Gradients(flow.Reversible(on), (point, _) => flow.Encode(point).Z[..2], x).Gradients;
        Assert.All(Rows(false).Zip(Rows(true)).Where(pair => pair.First is not null),
            pair => Assert.True(pair.First!.allclose(pair.Second!, 1e-12, 1e-12, equal_nan: true)));
        Assert.DoesNotContain(
            flow.ReversibleLayers(), layer => layer.Reason?.StartsWith("going back", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Autoregressive_layers_are_checkpointed()
    {
        using var flow = Flow.On(Shape.Vector(5)).ActNorm().MaskedAutoregressive(8).Reverse().MaskedAutoregressive(8)
            .ActNorm().Into(Distribution.StandardNormal);
        Assert.Empty(flow.ReversibleLayers());
        var layers = flow.Reversible().ReversibleLayers();
        Assert.Equal(
            [ActivationSource.Checkpoint, ActivationSource.Checkpoint, ActivationSource.Inverse,
                ActivationSource.Checkpoint, ActivationSource.Inverse],
            layers.Select(layer => layer.Source));
        Assert.Equal("transform.layers.3 (MaskedAutoregressive(5)): checkpoint, one of its directions is found "
            + "by iteration or entry by entry", layers[3].ToString());
    }

    /// <summary>
    /// Tanh after a linear layer that makes points large, and its inverse written so that the two do not cancel.
    /// </summary>
    private static Flow Saturating()
    {
        using var generator = new Generator(0);
        return Trained(new Flow(Shape.Vector(4), Chain.Of(
            new Scale(2), ActNorm.Elements(Shape.Vector(4)), new Tanh(), new Affine(0.5, 0.5), new Logit(),
            ActNorm.Elements(Shape.Vector(4))), Distribution.StandardNormal));
    }

    private static ReversibleLayer Squashing(Flow flow) =>
        flow.ReversibleLayers().Single(layer => layer.Layer == nameof(Tanh));

    /// <summary>By hand and half done.</summary>
    private sealed class OneWay : Bijector
    {
        public override int EventRank => 0;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x.sinh();

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) =>
            throw new NotSupportedException("no way back");

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            (x.sinh(), LogDets.Sum(Elementwise.LogCosh(x), x, eventRank));

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) =>
            (InverseCore(y, context), LogDets.Sum(-Elementwise.LogCosh(y.asinh()), y, eventRank));
    }

    private sealed class Noisy : Bijector
    {
        public override int EventRank => 0;

        public override bool IsVolumePreserving => true;

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x + randn_like(x);

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y - randn_like(y);

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank) =>
            (ForwardCore(x, context), LogDets.Zero(x));

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank) =>
            (InverseCore(y, context), LogDets.Zero(y));
    }

    private static void AssertRefused(Tensor loss) => Assert.StartsWith(
        "ReversiblePass: expected layers that give the same output for the same input, "
        + "got another one; change no weights",
        Assert.Throws<InvalidOperationException>(() => BackwardPass.Run(loss)).Message,
        StringComparison.Ordinal);
}
