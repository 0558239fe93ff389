namespace Bijectors.Training;

/// <summary>A power of what is left of the run.</summary>
internal sealed class PolynomialSchedule : Schedule
{
    private readonly Warmup _warmup;
    private readonly double _power;
    private readonly double _final;

    public PolynomialSchedule(int warmup, double power, double final)
    {
        _warmup = new Warmup(warmup);
        _final = Share.Expect(nameof(Polynomial), final);
        _power = power is > 0 and < double.PositiveInfinity
            ? power
            : throw new ArgumentException($"Schedule.Polynomial: expected a power of more than 0, got {power}.");
    }

    public override double Rate(double peak, RunPosition at)
    {
        var decay = _final + (1 - _final) * Math.Pow(1 - at.Fraction, _power);
        return peak * _warmup.Share(at.Step) * decay;
    }

    public override string ToString() => $"Polynomial({_warmup}, power {_power}, final {_final})";
}
