namespace Bijectors.Training;

/// <summary>A share of the peak over the run, times the warm-up.</summary>
/// <param name="warmup">Over how many first steps the rate rises.</param>
internal abstract class WarmedSchedule(int warmup) : Schedule
{
    private readonly Warmup _warmup = new(warmup);

    public sealed override double Rate(double peak, RunPosition at) => peak * _warmup.Share(at.Step) * Decay(at);

    public sealed override string ToString() => Describe($"{_warmup}");

    /// <summary>The share of the peak that is left.</summary>
    protected abstract double Decay(RunPosition at);

    /// <summary>The name and the numbers.</summary>
    /// <param name="warmup">How the warm-up is written.</param>
    protected abstract string Describe(string warmup);
}
