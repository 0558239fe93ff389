namespace Bijectors.Testing.RandomFlows;

/// <summary>
/// <c>new MaskedAutoregressive(new Made(...), scale)</c>, or by a transformer <c>new Autoregressive(new Made(...),
/// transformer)</c>; or with another causal network.
/// </summary>
internal sealed record AutoregressiveStep(
    Network Net, Masking Masks, Scaling? Scale = null, Mapping? Map = null) : Step
{
    private string Name => Map is null ? nameof(MaskedAutoregressive) : nameof(Autoregressive);

    private int Outputs => Map?.Count ?? 2;

    public override IEnumerable<string> Forms =>
        [Name, .. Net.Forms, .. Masks.Forms, Map?.Form ?? Scale?.Form ?? "ScaleMap.Bounded"];

    public override int Cost => 160 + Net.Cost + (Scale?.Cost ?? 0) + Masks.Cost + (10 * (Map?.Cost ?? 0));

    public override bool ReadsContext => Net.ReadsContext;

    public override Shape Output(Shape input) =>
        input.Rank >= Net.EventRank && (Outputs == 2 || Net.Type.TakesOutputs || Net.Type.Takes(typeof(MadeOptions)))
            ? input
            : throw new ShapeException(Name, "expected points that a network reads", $"got {input}");

    public override Bijector Build(Shape input, Making making)
    {
        var features = input[Net.FeatureAxis];
        var net = (CausalConditioner)Net.Build(input, Outputs, making, Masks.Make(features, Outputs));
        return Map is null
            ? new MaskedAutoregressive(net, Scale?.Make())
            : new Autoregressive(net, Map.Build(making));
    }

    public override string Write(Shape input, int contextSize)
    {
        var masks = Net.Type.Takes(typeof(MadeOptions)) ? Masks.Write(input[Net.FeatureAxis], Outputs) : null;
        var net = Net.Write(input, Outputs, contextSize, masks);
        return Text.Call($"new {Name}", net, Map?.Write() ?? Scale?.Write());
    }

    public override Step WithoutContext() => this with { Net = Net with { ReadsContext = false } };

    public override IEnumerable<Step> Simpler(Shape input) =>
    [
        this with { Map = null }, this with { Scale = null },
        .. (Map?.Simpler() ?? []).Select(map => this with { Map = map }),
        .. Net.Simpler().Select(net => this with { Net = net }),
        .. Masks.Simpler().Select(masks => this with { Masks = masks }),
    ];

    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(size => Gain(size, isInverse: false));

    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(size => Gain(size, isInverse: true));

    private double Gain(double size, bool isInverse)
    {
        var raw = Net.Raw(size);
        return Map is null
            ? (size + raw) * Scaling.Largest(Scale, raw)
            : Math.Max(size, Map.Gain(size, raw, isInverse));
    }
}

/// <summary><c>new ElementwiseLayer(transformer, shape)</c></summary>
internal sealed record ElementwiseStep(Mapping Map) : Step
{
    // Parameters start at zero and are moved by a quarter.
    private const double Raw = 0.25;

    public override IEnumerable<string> Forms => [nameof(ElementwiseLayer), Map.Form];

    public override int Cost => 140 + (10 * Map.Cost);

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making) => new ElementwiseLayer(Map.Build(making), input);

    public override string Write(Shape input, int contextSize) =>
        Text.Call($"new {nameof(ElementwiseLayer)}", Map.Write(), Text.Of(input));

    public override IEnumerable<Step> Simpler(Shape input) => Map.Simpler().Select(map => new ElementwiseStep(map));

    public override Probes Forward(Probes probes, Shape input) =>
        probes.Mixed(size => Math.Max(size, Map.Gain(size, Raw, isInverse: false)));

    public override Probes Backward(Probes probes, Shape input) =>
        probes.Mixed(size => Math.Max(size, Map.Gain(size, Raw, isInverse: true)));
}

/// <summary><c>new ResidualLayer(new LipschitzMlp(...))</c></summary>
internal sealed record ResidualStep(int Hidden, int Depth, bool HearsContext, bool IsDense = false) : Step
{
    public override IEnumerable<string> Forms => [nameof(ResidualLayer), nameof(LipschitzMlp)];

    public override int Cost => 180 + Hidden + (2 * Depth) + (HearsContext ? 10 : 0) + (IsDense ? 1 : 0);

    public override bool ReadsContext => HearsContext;

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making) => new ResidualLayer(
        new LipschitzMlp(
            input[-1], Hidden, Depth, making.Generator, HearsContext ? making.ContextSize : 0, isDense: IsDense));

    public override string Write(Shape input, int contextSize)
    {
        var context = HearsContext && contextSize > 0 ? $"{contextSize}" : null;
        var dense = IsDense ? "isDense: true" : null;
        var network = Text.Call("new LipschitzMlp", $"{input[-1]}", $"{Hidden}", $"{Depth}", "g", context, dense);
        return $"new ResidualLayer({network})";
    }

    public override Step WithoutContext() => this with { HearsContext = false };

    public override IEnumerable<Step> Simpler(Shape input) =>
        [
            this with { Hidden = 1 }, this with { Hidden = 2 }, this with { Depth = 1 }, this with { IsDense = false },
            WithoutContext(),
        ];

    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(size => (1.9 * size) + 1);

    // A slope of the network close to -0.9 is rare with weights that are not trained.
    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(size => (2.5 * size) + 1);
}
