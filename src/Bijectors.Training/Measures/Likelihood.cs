namespace Bijectors.Training;

/// <summary>How well a density fits items it has not seen: the mean of <c>-log p(x)</c> over them.</summary>
/// <param name="Nats">The mean of <c>-log p(x)</c> per item, in nats; for data with levels an upper bound of <c>-log
/// P(x)</c>.</param>
/// <param name="BitsPerDimension">The same as <c>nats / (D ln 2)</c>.</param>
/// <param name="StandardError">The standard error of <see cref="BitsPerDimension"/> over the items.</param>
public sealed record Likelihood(double Nats, double BitsPerDimension, double StandardError)
{
    /// <summary>The mean in the given unit.</summary>
    public double In(LossUnit unit) => unit == LossUnit.Nats ? Nats : BitsPerDimension;
}
