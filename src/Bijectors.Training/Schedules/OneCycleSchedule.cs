namespace Bijectors.Training;

/// <summary>Up to the peak along half a cosine, and down again along another.</summary>
internal sealed class OneCycleSchedule : Schedule
{
    private readonly double _rise;
    private readonly double _start;
    private readonly double _final;

    public OneCycleSchedule(double rise, double start, double final)
    {
        (_start, _final) = (Share.Expect(nameof(OneCycle), start), Share.Expect(nameof(OneCycle), final));
        _rise = rise is > 0 and < 1
            ? rise
            : throw new ArgumentException($"Schedule.OneCycle: expected a rise between 0 and 1, got {rise}.");
    }

    public override double Rate(double peak, RunPosition at) => peak * (at.Fraction < _rise
        ? Between(_start, 1, at.Fraction / _rise)
        : Between(1, _final, (at.Fraction - _rise) / (1 - _rise)));

    public override string ToString() => $"OneCycle(rise {_rise}, start {_start}, final {_final})";

    private static double Between(double from, double to, double share) =>
        from + (to - from) * (0.5 * (1 - Math.Cos(Math.PI * share)));
}
