namespace Bijectors.Testing.RandomFlows;

/// <summary>
/// <c>new MaskedAutoregressive(new Made(...), scale)</c>, or with bins <c>new AutoregressiveSpline(new Made(...))</c>;
/// or by another causal network.
/// </summary>
internal sealed record AutoregressiveStep(
    Network Net, Masking Masks, Scaling? Scale = null, int Bins = 0) : Step
{
    private string Name => Bins > 0 ? nameof(AutoregressiveSpline) : nameof(MaskedAutoregressive);

    private int Outputs => Bins > 0 ? (3 * Bins) - 1 : 2;

    public override IEnumerable<string> Forms =>
        [Name, .. Net.Forms, .. Masks.Forms, .. Bins > 0 ? Array.Empty<string>() : [Scale?.Form ?? "ScaleMap.Bounded"]];

    public override int Cost => 160 + Net.Cost + (Scale?.Cost ?? 0) + Masks.Cost + (10 * Bins);

    public override bool ReadsContext => Net.ReadsContext;

    public override Shape Output(Shape input) =>
        input.Rank >= Net.EventRank && (Outputs == 2 || Net.Type.TakesOutputs || Net.Type.Takes(typeof(MadeOptions)))
            ? input
            : throw new ShapeException(Name, "expected points that a network reads", $"got {input}");

    public override Bijector Build(Shape input, Making making)
    {
        var features = input[Net.FeatureAxis];
        var net = (CausalConditioner)Net.Build(input, Outputs, making, Masks.Make(features, Outputs));
        return Bins > 0 ? new AutoregressiveSpline(net) : new MaskedAutoregressive(net, Scale?.Make());
    }

    public override string Write(Shape input, int contextSize)
    {
        var masks = Net.Type.Takes(typeof(MadeOptions)) ? Masks.Write(input[Net.FeatureAxis], Outputs) : null;
        var net = Net.Write(input, Outputs, contextSize, masks);
        return Text.Call($"new {Name}", net, Bins > 0 ? null : Scale?.Write());
    }

    public override Step WithoutContext() => this with { Net = Net with { ReadsContext = false } };

    public override IEnumerable<Step> Simpler(Shape input) =>
    [
        this with { Bins = 0 }, this with { Bins = Math.Min(Bins, 2) }, this with { Scale = null },
        .. Net.Simpler().Select(net => this with { Net = net }),
        .. Masks.Simpler().Select(masks => this with { Masks = masks }),
    ];

    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(Gain);

    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(Gain);

    private double Gain(double size)
    {
        var raw = Net.Raw(size);
        return Bins > 0 ? Gains.Spline(size) : (size + raw) * Scaling.Largest(Scale, raw);
    }
}

/// <summary><c>new ResidualLayer(new LipschitzMlp(...))</c></summary>
internal sealed record ResidualStep(int Hidden, int Depth, bool HearsContext) : Step
{
    public override IEnumerable<string> Forms => [nameof(ResidualLayer), nameof(LipschitzMlp)];

    public override int Cost => 180 + Hidden + (2 * Depth) + (HearsContext ? 10 : 0);

    public override bool ReadsContext => HearsContext;

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making) => new ResidualLayer(
        new LipschitzMlp(input[-1], Hidden, Depth, making.Generator, HearsContext ? making.ContextSize : 0));

    public override string Write(Shape input, int contextSize)
    {
        var context = HearsContext && contextSize > 0 ? $"{contextSize}" : null;
        return "new "
            + $"ResidualLayer({Text.Call("new LipschitzMlp", $"{input[-1]}", $"{Hidden}", $"{Depth}", "g", context)})";
    }

    public override Step WithoutContext() => this with { HearsContext = false };

    public override IEnumerable<Step> Simpler(Shape input) =>
        [this with { Hidden = 1 }, this with { Hidden = 2 }, this with { Depth = 1 }, WithoutContext()];

    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(size => (1.9 * size) + 1);

    // A slope of the network close to -0.9 is rare with weights that are not trained.
    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(size => (2.5 * size) + 1);
}
