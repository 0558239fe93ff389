using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

public sealed class FlowBuilderTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    [Fact]
    public void The_declaration_of_a_mixer_flow_reads_like_its_diagram()
    {
        var flow = Flow.On(Shape.Image(channels: 1, height: 8, width: 8))
            .Dequantize(levels: 17).Logit(alpha: 0.05)
            .Patchify(2)
            .Repeat(2, layer => layer
                .Roll(rows: 1, columns: 1)
                .ActNorm()
                .Mix(Axis.Channels, m => m.Linear().AffineCoupling(hidden: 8))
                .Mix(Axis.Patches, m => m.Linear().AffineCoupling(hidden: 8)))
            .Into(Distribution.StandardNormal);

        Assert.Equal(Shape.Of(16, 4), flow.BaseShape);
        Assert.Equal(17, flow.Levels);
        var x = flow.Dequantize(randint(0, 17, [3, 1, 8, 8], generator: _generator), _generator);
        var (z, logDet) = flow.Encode(x);
        Assert.Equal([3, 16, 4], z.shape);
        Assert.Equal([3], logDet.shape);
        Assert.True((flow.Decode(z) - x).abs().max().item<float>() < 1e-3);
    }

    [Fact]
    public void Rolling_patches_is_rolling_the_image()
    {
        var shape = Shape.Image(2, 6, 4);
        var f = Flow.On(shape).Patchify(2).Roll(1, -1).ToBijector();
        var image = randn([5, .. shape.ToArray()], generator: _generator);

        using var expected = new Patchify(shape, 2).Forward(image.roll([1, -1], [-2, -1]));
        Assert.True(f.Forward(image).Equals(expected));
        Assert.True(f.Inverse(expected).Equals(image));
        Assert.True(f.IsVolumePreserving);
    }

    [Fact]
    public void Rolls_of_patches_merge_into_one_lookup()
    {
        var f = Flow.On(Shape.Image(1, 4, 4)).Patchify(2).Roll(1, 0).Roll(0, 1).ToBijector();
        Assert.Equal(2, Assert.IsType<Chain>(f).Layers.Count);
    }

    [Fact]
    public void A_step_that_does_not_fit_is_reported_where_it_is_declared()
    {
        var flow = Flow.On(Shape.Image(1, 7, 8)).ActNorm();
        Assert.Equal(
            "Flow[1] (Patchify(2)): expected an image (channels, height, width) with height and width "
            + "divisible by 2, got (1, 7, 8).",
            Assert.Throws<ShapeException>(() => flow.Patchify(2)).Message);
        Assert.Equal(
            "Flow[1] > Mix(Of(-1))[1] (Standardize): expected (5), got (8).",
            Assert.Throws<ShapeException>(
                () => flow.Mix(Axis.Of(-1), m => m.Reverse().Then(new Standardize(zeros(5), ones(5))))).Message);
        Assert.Equal(
            "Flow[1] (Axis.Of(-4)): expected a shape with dimension -4, got (1, 7, 8).",
            Assert.Throws<ShapeException>(() => flow.Mix(Axis.Of(-4), m => m.Linear())).Message);
        Assert.Equal(
            "Flow[1] (Roll): expected an image, or (patches, channels) after Patchify, got (56).",
            Assert.Throws<ShapeException>(() => Flow.On(Shape.Image(1, 7, 8)).Flatten().Roll(1, 1)).Message);
    }

    [Fact]
    public void A_refused_step_leaves_the_builder_as_it_was()
    {
        var builder = Flow.On(Shape.Image(1, 7, 8)).ActNorm();
        Assert.Throws<ShapeException>(() => builder.Squeeze());
        Assert.Equal(Shape.Image(1, 7, 8), builder.Shape);
        Assert.IsType<ActNorm>(builder.ToBijector());
    }

    [Fact]
    public void A_step_that_is_not_defined_on_what_comes_is_reported_where_it_is_declared()
    {
        var error = Assert.Throws<DomainException>(() => Flow.On(Shape.Vector(2)).Then(new Exp()).Then(new Logit()));
        Assert.Equal("Flow[0] (Exp) -> Flow[1] (Logit): expected values in (0, 1), got Positive.", error.Message);
    }

    [Fact]
    public void A_flow_that_is_not_onto_the_base_is_refused()
    {
        var error = Assert.Throws<DomainException>(
            () => Flow.On(Shape.Vector(2)).Then(new Sigmoid()).Into(Distribution.StandardNormal));
        Assert.StartsWith(
            "Transform (Sigmoid) -> Base (StandardNormal): expected values in Real, got (0, 1).", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Dequantizing_comes_first()
    {
        Assert.Throws<InvalidOperationException>(() => Flow.On(Shape.Vector(2)).ActNorm().Dequantize(4));
    }

    [Fact]
    public void Initialisation_depends_on_the_seed_only_and_leaves_the_global_generator_alone()
    {
        var before = get_rng_state();
        var (a, b, c) = (Everything(1), Everything(1), Everything(2));
        Assert.True(get_rng_state().Equals(before));

        var (first, same, other) = (a.state_dict(), b.state_dict(), c.state_dict());
        Assert.All(first, entry => Assert.True(entry.Value.Equals(same[entry.Key]), entry.Key));
        Assert.Contains(first, entry => !entry.Value.Equals(other[entry.Key]));
    }

    [Fact]
    public void A_table_describes_the_flow()
    {
        var flow = Flow.On(Shape.Of(4, 2)).ActNorm().Mix(Axis.Patches, m => m.Reverse().Linear())
            .Into(Distribution.StandardNormal);
        Assert.Equal(
            """
            layer           output        parameters  facts
            --------------  ------------  ----------  -----------------
            data            (4, 2)                    Real
            ActNorm(-1)     (4, 2)                 4  constant Jacobian
            Along(-2)       (4, 2)                20  constant Jacobian
              Reverse(-1)   (4)                       volume preserving
              PluLinear(4)  (4)                   20  constant Jacobian
            StandardNormal  (4, 2)
            total           8 dimensions          24

            """,
            flow.Describe());
    }

    [Fact]
    public void A_fresh_coupling_hardly_moves_a_point()
    {
        var f = Flow.On(Shape.Vector(6)).AffineCoupling(32).MaskedAutoregressive(32).AdditiveCoupling(32).ToBijector();
        var x = randn([8, 6], generator: _generator);
        Assert.True((f.Forward(x) - x).abs().max().item<float>() < 0.1);
    }

    [Fact]
    public void A_context_that_nothing_reads_is_refused_where_the_flow_is_declared()
    {
        Flow Unread() => Flow.On(Shape.Vector(2)).Conditional(3).ActNorm().Linear().Into(Distribution.StandardNormal);
        Assert.StartsWith(
            "Flow: expected a layer or a base that reads the context (3), got none: log p(x | c) "
            + "would be the same for every c.",
            Assert.Throws<ArgumentException>(Unread).Message, StringComparison.Ordinal);
        Assert.Equal(
            "Conditional: expected to come before the layers that read the context, got it behind 1 layers.",
            Assert.Throws<InvalidOperationException>(
                () => Flow.On(Shape.Vector(2)).AffineCoupling(4).Conditional(3)).Message);
        Assert.StartsWith(
            "Conditional: expected one context, got a second one",
            Assert.Throws<InvalidOperationException>(
                () => Flow.On(Shape.Vector(2)).Conditional(3).Conditional(3)).Message,
            StringComparison.Ordinal);

        // A map that reads it itself, in the middle of others, and a base that does.
        Flow.On(Shape.Vector(2)).Conditional(2).Then(new ShiftByContext() >> new Sinh())
            .Into(Distribution.StandardNormal).Dispose();
        Flow.On(Shape.Vector(2)).Conditional(2).Mix(Axis.Channels, b => b.MaskedAutoregressive(4))
            .Into(Distribution.StandardNormal).Dispose();
        Assert.False((new Sinh() >> new Reverse()).ReadsContext);
        Assert.True((~(new Sinh() >> new ShiftByContext())).ReadsContext);
    }

    [Fact]
    public void A_context_of_any_shape_is_read_by_an_embedding_which_is_trained_and_saved_with_the_flow()
    {
        var shape = Shape.Image(1, 4, 4);
        var flow = Flow.On(Shape.Vector(2))
            .Conditional(shape, _ => new ContextStandardization(shape))
            .AffineCoupling(8)
            .Into(Distribution.StandardNormal);
        Assert.Equal((shape, Shape.Vector(16)), (flow.ContextShape, flow.EmbeddedShape));
        var (x, images) =
            (randn([20, 2], generator: _generator), 3 + (5 * randn([20, 1, 4, 4], generator: _generator)));
        flow.Initialize(x, images);
        var read = flow.Embed(images)!;
        Assert.True(read.mean([0L]).abs().max().item<float>() < 1e-5);
        Assert.True((read.std(0, unbiased: false) - 1).abs().max().item<float>() < 1e-4);

        // Once in its life.
        flow.Initialize(x, 2 * images);
        Assert.True(flow.Embed(images)!.allclose(read));
        using (no_grad())
        {
            foreach (var parameter in flow.parameters())
            {
                parameter.add_(0.3 * randn(parameter.shape, generator: _generator));
            }
        }

        var logProb = flow.LogProb(x, images);
        Assert.False(logProb.allclose(flow.LogProb(x, images.flip(0))));
        var other = Flow.On(Shape.Vector(2)).Conditional(shape, _ => new ContextStandardization(shape))
            .AffineCoupling(8).Into(Distribution.StandardNormal);
        other.load_state_dict(flow.state_dict());
        Assert.True(logProb.Equals(other.LogProb(x, images)));
        Assert.True(logProb.allclose(flow.Frozen().LogProb(x, images), 1e-4, 1e-4));
        Assert.Equal([20, 3, 2], flow.SampleEach(3, images, _generator).shape);
        Assert.Equal([5, 2], flow.Sample(5, images[0], _generator).shape);
        Assert.Equal(
            "Flow: expected a context (batch..., 1, 4, 4), got (20, 4, 4).",
            Assert.Throws<ShapeException>(() => flow.LogProb(x, images.squeeze(1))).Message);
        Assert.Throws<ShapeException>(() => new Flow(
            Shape.Vector(2), new Sinh(), Distribution.StandardNormal, contextShape: Shape.Vector(3),
            embedding: new ContextStandardization(shape)));
    }

    private static Flow Everything(int seed) => Flow.On(Shape.Image(2, 4, 4), seed)
        .Conditional(3)
        .Repeat(2, (layer, index) => layer
            .ActNorm().Conv1x1().GlowCoupling(4)
            .AffineCoupling(4, partition: index == 0 ? Partition.Checkerboard : Partition.Checkerboard.Swapped())
            .Permute().Reverse())
        .Squeeze()
        .FactorOut(
            rest => rest.Flatten().PermuteElements().MaskedAutoregressive(16).Linear().AdditiveCoupling(4), hidden: 4)
        .Into(Distribution.StandardNormal);
}
