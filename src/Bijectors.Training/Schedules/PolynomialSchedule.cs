namespace Bijectors.Training;

/// <summary>A power of what is left of the run.</summary>
internal sealed class PolynomialSchedule(int warmup, double power, double final) : WarmedSchedule(warmup)
{
    private readonly double _final = Share.Expect(nameof(Polynomial), final);
    private readonly double _power = power is > 0 and < double.PositiveInfinity
        ? power
        : throw new ArgumentException($"Schedule.Polynomial: expected a power of more than 0, got {power}.");

    protected override double Decay(RunPosition at) => _final + (1 - _final) * Math.Pow(1 - at.Fraction, _power);

    protected override string Describe(string warmup) => $"Polynomial({warmup}, power {_power}, final {_final})";
}
