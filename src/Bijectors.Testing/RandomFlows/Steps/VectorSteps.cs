namespace Bijectors.Testing.RandomFlows;

/// <summary>
/// <c>new MaskedAutoregressive(new Made(...), scale)</c>, or with bins <c>new AutoregressiveSpline(new Made(...))</c>.
/// </summary>
internal sealed record AutoregressiveStep(
    int Hidden, int Blocks, bool HearsContext, Masking Masks, Scaling? Scale = null, int Bins = 0) : Step
{
    private string Name => Bins > 0 ? nameof(AutoregressiveSpline) : nameof(MaskedAutoregressive);

    private int Outputs => Bins > 0 ? (3 * Bins) - 1 : 2;

    public override IEnumerable<string> Forms =>
        [Name, nameof(Made), .. Masks.Forms, .. Bins > 0 ? Array.Empty<string>() : [Scale?.Form ?? "ScaleMap.Bounded"]];

    public override int Cost =>
        170 + Hidden + (2 * Blocks) + (HearsContext ? 10 : 0) + (Scale?.Cost ?? 0) + Masks.Cost + (10 * Bins);

    public override bool ReadsContext => HearsContext;

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making)
    {
        var net = new Made(
            input[-1], Hidden, Blocks, making.Generator, HearsContext ? making.ContextSize : 0,
            Masks.Make(input[-1], Outputs));
        return Bins > 0 ? new AutoregressiveSpline(net) : new MaskedAutoregressive(net, Scale?.Make());
    }

    public override string Write(Shape input, int contextSize)
    {
        var context = HearsContext && contextSize > 0 ? $"{contextSize}" : null;
        var net = Text.Call(
            "new Made", $"{input[-1]}", $"{Hidden}", $"{Blocks}", "g", context, Masks.Write(input[-1], Outputs));
        return Text.Call($"new {Name}", net, Bins > 0 ? null : Scale?.Write());
    }

    public override Step WithoutContext() => this with { HearsContext = false };

    public override IEnumerable<Step> Simpler(Shape input) =>
    [
        this with { Bins = 0 }, this with { Bins = Math.Min(Bins, 2) }, this with { Scale = null },
        this with { Hidden = 1 }, this with { Hidden = 2 }, this with { Blocks = 0 }, WithoutContext(),
        .. Masks.Simpler().Select(masks => this with { Masks = masks }),
    ];

    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(Gain);

    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(Gain);

    private double Gain(double size)
    {
        var raw = Gains.ResidualMlp(size);
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
