namespace Bijectors.Training;

/// <summary>The peak, after a warm-up.</summary>
internal sealed class ConstantSchedule : Schedule
{
    private readonly Warmup _warmup;

    public ConstantSchedule(int warmup) => _warmup = new Warmup(warmup);

    public override double Rate(double peak, RunPosition at) => peak * _warmup.Share(at.Step);

    public override string ToString() => $"Constant({_warmup})";
}
