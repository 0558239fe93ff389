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
            .Into(Base.StandardNormal);

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
            "Flow[1] (Patchify(2)): expected an image (channels, height, width) with height and width divisible by 2, got (1, 7, 8).",
            Assert.Throws<ShapeException>(() => flow.Patchify(2)).Message);
        Assert.Equal(
            "Flow[1] > Mix(Of(-1))[1] (Standardize): expected (5), got (8).",
            Assert.Throws<ShapeException>(() => flow.Mix(Axis.Of(-1), m => m.Reverse().Then(new Standardize(zeros(5), ones(5))))).Message);
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
        var error = Assert.Throws<DomainException>(() => Flow.On(Shape.Vector(2)).Then(new Sigmoid()).Into(Base.StandardNormal));
        Assert.Equal("Transform (Sigmoid) -> Base (StandardNormal): expected values in Real, got (0, 1).", error.Message);
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
        var flow = Flow.On(Shape.Of(4, 2)).ActNorm().Mix(Axis.Patches, m => m.Reverse().Linear()).Into(Base.StandardNormal);
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

    private static Flow Everything(int seed) => Flow.On(Shape.Image(2, 4, 4), seed)
        .Conditional(3)
        .Repeat(2, (layer, index) => layer
            .ActNorm().Conv1x1().GlowCoupling(4)
            .AffineCoupling(4, partition: index == 0 ? Partition.Checkerboard : Partition.Checkerboard.Swapped())
            .Permute().Reverse())
        .Squeeze()
        .FactorOut(rest => rest.Flatten().PermuteElements().MaskedAutoregressive(16).Linear().AdditiveCoupling(4), hidden: 4)
        .Into(Base.StandardNormal);
}
