namespace Bijectors.Testing.RandomFlows;

/// <summary>Which coupling it is.</summary>
internal enum CouplingKind
{
    Additive,
    Affine,
    Glow,
    Transformer,
}

/// <summary>A coupling.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Net">Reads the first part.</param>
/// <param name="Split">What the parts are; null for the default.</param>
/// <param name="Scale">The scale map of an affine coupling; null for the default.</param>
/// <param name="Map">The transformer of a coupling that takes any.</param>
internal sealed record CouplingStep(
    CouplingKind Kind, Network Net, Splitting? Split = null, Scaling? Scale = null, Mapping? Map = null) : Step
{
    private string Name => Map is null ? $"{Kind}Coupling" : nameof(Coupling);

    /// <summary>How many parameters there are for each mapped feature.</summary>
    private int Each => Map?.Count ?? (Kind == CouplingKind.Additive ? 1 : 2);

    private Splitting Parts => Split ?? new(SplittingKind.Halves, Net.FeatureAxis);

    public override IEnumerable<string> Forms =>
        [Name, Parts.Form, .. Net.Forms,
            .. Kind == CouplingKind.Affine ? [Scale?.Form ?? "ScaleMap.Bounded"] : Array.Empty<string>(),
            .. Map is null ? Array.Empty<string>() : [Map.Form]];

    public override int Cost => 150 + (10 * (int)Kind) + Net.Cost + (Split?.Cost ?? 0) + (Scale?.Cost ?? 0)
        + (Map?.Cost ?? 0);

    public override bool ReadsContext => Net.ReadsContext;

    public override Shape Output(Shape input)
    {
        var (read, mapped) = Parts.Make().Split(input);
        var features = Net.FeatureAxis;
        var fits = read.Rank >= Net.EventRank && read.With(features, 1) == mapped.With(features, 1)
            && Net.Type.Gives(read[features], Each * mapped[features]);
        return fits
            ? input
            : throw new ShapeException(Name, "expected parts between which a network fits", $"got {read} and {mapped}");
    }

    public override Bijector Build(Shape input, Making making)
    {
        var (read, outputs) = Sizes(input);
        var (net, parts) = (Net.Build(read, outputs, making), Split?.Make());
        return Kind switch
        {
            CouplingKind.Additive => new AdditiveCoupling(net, parts),
            CouplingKind.Affine => new AffineCoupling(net, parts, Scale?.Make()),
            CouplingKind.Glow => new GlowCoupling(net, parts),
            _ => new Coupling(net, Map!.Build(making), parts),
        };
    }

    public override string Write(Shape input, int contextSize)
    {
        var (read, outputs) = Sizes(input);
        return Text.Call(
            $"new {Name}",
            Net.Write(read, outputs, contextSize),
            Map?.Write(),
            Split?.Write(),
            Scale is null ? null : (Split is null ? "scale: " : "") + Scale.Write());
    }

    public override Step WithoutContext() => this with { Net = Net with { ReadsContext = false } };

    public override IEnumerable<Step> Simpler(Shape input)
    {
        yield return OnStep.OfNothing(Parts);
        if (Kind != CouplingKind.Additive)
        {
            yield return new CouplingStep(CouplingKind.Additive, Net, Split);
        }

        yield return this with { Split = null };
        yield return this with { Scale = null };
        foreach (var map in Map?.Simpler() ?? [])
        {
            yield return this with { Map = map };
        }

        foreach (var split in Split?.Simpler() ?? [])
        {
            yield return this with { Split = split };
        }

        foreach (var net in Net.Simpler())
        {
            yield return this with { Net = net };
        }
    }

    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(size => Gain(size, isInverse: false));

    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(size => Gain(size, isInverse: true));

    private double Gain(double size, bool isInverse)
    {
        var raw = Net.Raw(size);
        return Kind switch
        {
            CouplingKind.Additive => size + raw,
            CouplingKind.Affine => (size + raw) * Scaling.Largest(Scale, raw),
            CouplingKind.Glow => (size + raw) * Scaling.Largest(new(ScalingKind.Sigmoid, 0), raw),

            // Scales lie between 2 / (1 + exp(raw)) and 2.
            _ => Math.Max(size, Map!.Gain(size, raw, isInverse)),
        };
    }

    private (Shape Read, long Outputs) Sizes(Shape input)
    {
        var (read, mapped) = Parts.Make().Split(input);
        return (read, Each * mapped[Net.FeatureAxis]);
    }
}
