namespace Bijectors.Testing.RandomFlows;

/// <summary><c>new MaskedAutoregressive(new Made(...), scale)</c></summary>
internal sealed record AutoregressiveStep(int Hidden, int Blocks, bool HearsContext, Scaling? Scale = null) : Step
{
    public override IEnumerable<string> Forms => [nameof(MaskedAutoregressive), nameof(Made), Scale?.Form ?? "ScaleMap.Bounded"];

    public override int Cost => 170 + Hidden + (2 * Blocks) + (HearsContext ? 10 : 0) + (Scale?.Cost ?? 0);

    public override bool ReadsContext => HearsContext;

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making) => new MaskedAutoregressive(
        new Made(input[-1], Hidden, Blocks, making.Generator, HearsContext ? making.ContextSize : 0), Scale?.Make());

    public override string Write(Shape input, int contextSize)
    {
        var context = HearsContext && contextSize > 0 ? $"{contextSize}" : null;
        return Text.Call("new MaskedAutoregressive", Text.Call("new Made", $"{input[-1]}", $"{Hidden}", $"{Blocks}", "g", context), Scale?.Write());
    }

    public override Step WithoutContext() => this with { HearsContext = false };

    public override IEnumerable<Step> Simpler(Shape input) =>
        [this with { Scale = null }, this with { Hidden = 1 }, this with { Hidden = 2 }, this with { Blocks = 0 }, WithoutContext()];

    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(Gain);

    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(Gain);

    private double Gain(double size)
    {
        var raw = Gains.ResidualMlp(size);
        return (size + raw) * Scaling.Largest(Scale, raw);
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
        return $"new ResidualLayer({Text.Call("new LipschitzMlp", $"{input[-1]}", $"{Hidden}", $"{Depth}", "g", context)})";
    }

    public override Step WithoutContext() => this with { HearsContext = false };

    public override IEnumerable<Step> Simpler(Shape input) =>
        [this with { Hidden = 1 }, this with { Hidden = 2 }, this with { Depth = 1 }, WithoutContext()];

    public override Probes Forward(Probes probes, Shape input) => probes.Mixed(size => (1.9 * size) + 1);

    // A slope of the network close to -0.9 is rare with weights that are not trained.
    public override Probes Backward(Probes probes, Shape input) => probes.Mixed(size => (2.5 * size) + 1);
}
