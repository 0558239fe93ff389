namespace Bijectors.Training;

/// <summary>Half a cosine over the whole run.</summary>
internal sealed class CosineSchedule : Schedule
{
    private readonly Warmup _warmup;
    private readonly double _final;

    public CosineSchedule(int warmup, double final)
    {
        _warmup = new Warmup(warmup);
        _final = Share.Expect(nameof(Cosine), final);
    }

    public override double Rate(double peak, RunPosition at)
    {
        var decay = _final + (1 - _final) * (0.5 * (1 + Math.Cos(Math.PI * at.Fraction)));
        return peak * _warmup.Share(at.Step) * decay;
    }

    public override string ToString() => $"Cosine({_warmup}, final {_final})";
}
