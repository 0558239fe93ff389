namespace Bijectors.Outside;

/// <summary>Composites and models of this assembly, and what they are tested on.</summary>
internal static class Own
{
    private static readonly Shape s_pixels = Shape.Image(1, 4, 4);

    public static IReadOnlyList<Entry> All { get; } =
    [
        new("Conjugated", seed => new Conjugated(new PluLinear(3, Random(seed)), new Sinh()), Shape.Vector(3)),
        new("Conjugated in another domain", _ => new Conjugated(new Logit(), new Affine(0.5, 1)), Shape.Vector(3)),
        new(
            "Conjugated, conditional",
            seed => new Conjugated(new PluLinear(4, Random(seed)), Coupling(seed, 2)), Shape.Vector(4), 2),
        new("~Conjugated", seed => ~new Conjugated(new PluLinear(3, Random(seed)), new Sinh()), Shape.Vector(3)),
        new("Gated", seed => new Gated(new PluLinear(3, Random(seed)), 3), Shape.Vector(3)),
        new("Gated from a smaller domain", _ => new Gated(new Logit(), 3), Shape.Vector(3)),
        new(
            "Gated of chains",
            seed => new Gated(Coupling(seed) >> new Reverse() >> Coupling(seed + 9), 4), Shape.Vector(4)),
        new("OnThirds", seed => new OnThirds(new PluLinear(2, Random(seed)), new Sinh()), Shape.Vector(5)),
        new("~OnThirds, along columns", _ => ~new OnThirds(new Sinh(), new Asinh()).Along(-2), Shape.Of(3, 2)),
        new("Masked", _ => new Masked(new Sinh(), [true, false, true]), Shape.Vector(3)),
        new("On a partition of this assembly", _ => new Sinh().On(new AlternatingPartition(-1)), Shape.Vector(5)),
        new(
            "A coupling by a partition and a scale map of this assembly",
            seed => new AffineCoupling(
                new ResidualMlp(3, 4, 6, 1, Random(seed)), new AlternatingPartition(-1), new SlowScale()),
            Shape.Vector(5)),
        new(
            "An autoregressive layer by a scale map of this assembly",
            seed => new MaskedAutoregressive(new Made(3, 6, 1, Random(seed)), new SlowScale()), Shape.Vector(3)),
        new(
            "RealNVP of this assembly",
            seed => RealNvp.Create(s_pixels, new() { Couplings = 2, Hidden = 4 }, levels: 5, seed).Transform, s_pixels),
        new(
            "MAF of this assembly",
            seed => Maf.Create(Shape.Vector(4), new() { Layers = 2, Hidden = 6 }, seed: seed).Transform,
            Shape.Vector(4)),
        new("All of them", Everything, Shape.Vector(4)),
    ];

    public static AffineCoupling Coupling(int seed, int contextSize = 0) =>
        new(new ResidualMlp(2, 4, hidden: 6, blockCount: 1, Random(seed), contextSize));

    private static Bijector Everything(int seed) =>
        new Gated(new Conjugated(new PluLinear(4, Random(seed)), Coupling(seed)), 4)
        >> new OnThirds(new Gated(new PluLinear(2, Random(seed + 1)), 2), new Masked(new Sinh(), [true]))
        >> ~new Gated(new PluLinear(4, Random(seed + 2)), 4);

    private static TorchSharp.torch.Generator Random(int seed) => new((ulong)seed);
}
