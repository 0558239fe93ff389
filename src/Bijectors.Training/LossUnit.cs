namespace Bijectors.Training;

/// <summary>In what a loss or a score is measured.</summary>
public enum LossUnit
{
    /// <summary>Bits per dimension, <c>-log p(x) / (D ln 2)</c>: data with levels.</summary>
    BitsPerDimension,

    /// <summary>Nats per item, <c>-log p(x)</c>: continuous data, whose unit of length is arbitrary.</summary>
    Nats,

    /// <summary>A number without a unit: a squared error, a score.</summary>
    None,
}
