namespace Bijectors.Training;

/// <summary>A rise from 0 over the first steps, linear: the first step takes <c>1 / n</c>, the n-th the
/// whole.</summary>
internal readonly record struct Warmup
{
    private readonly int _steps;

    public Warmup(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps, "warmup");
        _steps = steps;
    }

    public double Share(long step) => step < _steps ? (step + 1.0) / _steps : 1;

    public override string ToString() => $"warm-up {_steps}";
}
