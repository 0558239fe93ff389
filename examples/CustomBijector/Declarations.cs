using Bijectors;
using static TorchSharp.torch;

/// <summary>
/// Flows on bases that depend on a context, under images as contexts, with a part that is dropped on the way, with
/// mixtures of tokens, and in a latent space.
/// </summary>
public static class Declarations
{
    public static Flow ConditionalBase()
    {
        var flow = Flow.On(Shape.Vector(2)).Conditional(3)
            .AffineCoupling(hidden: 32)
            .Into(b => new LocationScale(
                new StandardNormal(b.Shape),
                new ResidualMlp(b.ContextSize, 2 * b.Shape.Size, 32, 1, b.Generator),
                Shape.Vector(b.ContextSize)));
        return flow;
    }

    public static Flow UnderImages()
    {
        var flow = Flow.On(Shape.Vector(2))
            .Conditional(Shape.Image(1, 8, 8), b => new Pooled(b.Generator))
            .AffineCoupling(hidden: 32)
            .Into(Distribution.StandardNormal);
        return flow;
    }

    public static Flow Sliced()
    {
        var flow = Flow.On(Shape.Vector(6))
            .AffineCoupling(hidden: 32)
            .Then(b => new Slice(b.Shape, Partition.First(2), new LocationScale(
                new StandardNormal(Shape.Vector(4)), new ResidualMlp(2, 8, 32, 1, b.Generator), Shape.Vector(2))))
            .AffineCoupling(hidden: 32)
            .Into(Distribution.StandardNormal);
        return flow;
    }

    public static Flow TokenMixture()
    {
        var flow = Flow.On(Shape.Image(1, 8, 8))
            .Patchify(2)
            .Repeat(2, block => block.Reverse(Axis.Patches).MaskedAutoregressive(table => new CausalTransformer(
                table[-1], table[-2], 32, 2, block.Generator)))
            .Into(b => new AutoregressiveMixture(
                b.Shape,
                new CausalTransformer(
                    b.Shape[-1], b.Shape[-2], 32, 2, b.Generator,
                    outputs: AutoregressiveMixture.OutputsFor(8, b.Shape[-1])),
                components: 8, b.Generator));
        return flow;
    }

    public static Flow Latent()
    {
        var (tokens, latents) = (Shape.Of(16, 4), Shape.Of(16, 2));
        var flow = Flow.On(tokens)
            .Then(b => new VariationalAutoencoder(
                new LocationScale(
                    new StandardNormal(latents), new ResidualMlp(4, 2, 32, 1, b.Generator), tokens, scale: 0.5),
                new LocationScale(
                    new StandardNormal(tokens), new VisionTransformer(2, 2 * 4, 16, 32, 1, b.Generator), latents)))
            .Then(b => new MaskedAutoregressive(new CausalTransformer(2, 16, 32, 2, b.Generator)))
            .Into(Distribution.StandardNormal);
        return flow;
    }
}
