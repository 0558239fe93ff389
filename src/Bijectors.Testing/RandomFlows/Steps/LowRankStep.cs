namespace Bijectors.Testing.RandomFlows;

/// <summary>Which map of low rank it is.</summary>
internal enum LowRankKind
{
    Planar,
    Radial,
    Sylvester,
}

/// <summary>
/// <c>new Planar(size, g)</c> and the like, or with a network that reads the context alone.
/// </summary>
/// <param name="Kind">Which.</param>
/// <param name="Columns">The number of directions of a map of Sylvester's.</param>
/// <param name="HearsContext">Whether it reads the context, where there is one.</param>
internal sealed record LowRankStep(LowRankKind Kind, int Columns, bool HearsContext) : Step
{
    private const int Hidden = 3;

    public override IEnumerable<string> Forms =>
        HearsContext ? [$"{Kind}", nameof(ResidualMlp)] : [$"{Kind}"];

    public override int Cost => 130 + (10 * (int)Kind) + Columns + (HearsContext ? 10 : 0);

    public override bool ReadsContext => HearsContext;

    public static LowRankStep Draw(Chance chance, Shape shape, bool hearsContext)
    {
        var kind = chance.Pick(Enum.GetValues<LowRankKind>());
        return new(
            kind, kind == LowRankKind.Sylvester ? chance.Between(1, (int)Math.Min(shape[-1], 4)) : 1, hearsContext);
    }

    public override Shape Output(Shape input) => input.Rank > 0 && Columns <= input[-1]
        ? input
        : throw new ShapeException($"{Kind}", $"expected vectors of {Columns} entries", $"got {input}");

    public override Bijector Build(Shape input, Making making)
    {
        var (size, g) = (input[-1], making.Generator);
        var net = HearsContext && making.ContextSize > 0
            ? new ResidualMlp(0, Parameters(size), Hidden, 0, g, making.ContextSize) : null;
        return Kind switch
        {
            LowRankKind.Planar => new Planar(size, g, net),
            LowRankKind.Radial => new Radial(size, g, net),
            _ => new Sylvester(size, Columns, g, net),
        };
    }

    public override string Write(Shape input, int contextSize)
    {
        var size = input[-1];
        var net = HearsContext && contextSize > 0
            ? $"new {nameof(ResidualMlp)}(0, {Parameters(size)}, {Hidden}, 0, g, {contextSize})" : null;
        return Text.Call($"new {Kind}", $"{size}", Kind == LowRankKind.Sylvester ? $"{Columns}" : null, "g", net);
    }

    public override Step WithoutContext() => this with { HearsContext = false };

    public override IEnumerable<Step> Simpler(Shape input) =>
        [new LowRankStep(LowRankKind.Planar, 1, HearsContext), this with { Columns = 1 }, WithoutContext()];

    // What is added is bounded: u, beta or the rows of R1, all near 0 where parameters are moved by a quarter.
    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(Size);

    // In float32, |x - c| next to the solution of a radial map is a difference of larger numbers.
    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(Size);

    private static double Size(double size) => size + 3;

    private long Parameters(long size) => Kind switch
    {
        LowRankKind.Planar => (2 * size) + 1,
        LowRankKind.Radial => size + 2,
        _ => Columns,
    };
}
