namespace Bijectors.Training;

/// <summary>The peak, after a warm-up.</summary>
internal sealed class ConstantSchedule(int warmup) : WarmedSchedule(warmup)
{
    protected override double Decay(RunPosition at) => 1;

    protected override string Describe(string warmup) => $"Constant({warmup})";
}
