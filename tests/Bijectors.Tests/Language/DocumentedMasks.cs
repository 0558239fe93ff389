using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Language;

/// <summary>The masked maps of docs/generator.md, held to every law.</summary>
public class DocumentedMasks
{
    [Fact]
    public void On_vectors() => BijectorLaws.Check(
        () => OnVectors(4), Shape.Vector(4));

    [Fact]
    public void On_images() => BijectorLaws.Check(
        () => new MaskedRealNvp(
            Shape.Image(2, 3, 4), new ConvNet(2, 4, 5, new Generator(3)), new ConvNet(2, 4, 5, new Generator(4))),
        Shape.Image(2, 3, 4));

    [Fact]
    public void Its_inverse() => BijectorLaws.Check(
        () => ~OnVectors(3), Shape.Vector(3));

    [Fact]
    public void What_the_first_mask_keeps_the_second_maps()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var f = OnVectors(4);
        var x = randn(5, 4, generator: generator);
        Assert.True((f.Forward(x) != x).all().item<bool>());
    }

    [Fact]
    public void A_mask_of_another_size_is_refused_where_a_flow_is_declared()
    {
        using var f = OnVectors(4);
        Assert.Throws<ShapeException>(() => f.OutputShape(Shape.Vector(5)));
        Assert.Throws<ShapeException>(() => f.InputShape(Shape.Vector(3)));
    }

    private static MaskedRealNvp OnVectors(int size) => new(
        Shape.Vector(size), new ResidualMlp(size, 2 * size, 6, 1, new Generator(1)),
        new ResidualMlp(size, 2 * size, 6, 1, new Generator(2)));
}

/// <summary>
/// RealNVP as in the paper: entries of one colour of a checkerboard are scaled and shifted by what a network says of
/// the other. Source: Dinh et al. 2017, arXiv 1605.08803, equation 9.
/// </summary>
[GeneratedBijector]
public sealed partial class MaskedRealNvp : Bijector
{
    [Mask] private readonly Tensor black;
    [Mask] private readonly Tensor white;
    private readonly Conditioner f;
    private readonly Conditioner g;

    public MaskedRealNvp(Shape shape, Conditioner f, Conditioner g)
    {
        using var scope = NewDisposeScope();
        var places = zeros(shape.ToArray());
        for (var axis = 1; axis <= shape.Rank; axis++)
        {
            places += arange(shape[-axis]).reshape([shape[-axis], .. Enumerable.Repeat(1L, axis - 1)]);
        }

        black = places.remainder(2).DetachFromDisposeScope();
        white = (1 - black).DetachFromDisposeScope();
        (this.f, this.g) = (f, g);
        RegisterComponents();
    }

    public override int EventRank => f.EventRank;

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (s, t) = f.ScaleAndShift(black * x, context);
        x = black * x + (1 - black) * (x * torch.exp(torch.tanh(s)) + t);   // black keeps, the rest is mapped
        var (u, v) = g.ScaleAndShift(white * x, context);
        x = white * x + (1 - white) * (x * torch.exp(torch.tanh(u)) + v);
        return x;
    }
}
