namespace Bijectors.Training;

/// <summary>Half a cosine over the whole run.</summary>
internal sealed class CosineSchedule(int warmup, double final) : WarmedSchedule(warmup)
{
    private readonly double _final = Share.Expect(nameof(Cosine), final);

    protected override double Decay(RunPosition at) =>
        _final + (1 - _final) * (0.5 * (1 + Math.Cos(Math.PI * at.Fraction)));

    protected override string Describe(string warmup) => $"Cosine({warmup}, final {_final})";
}
