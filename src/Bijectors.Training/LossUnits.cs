namespace Bijectors.Training;

/// <summary>What is said of units.</summary>
public static class LossUnits
{
    /// <summary>A unit as it stands behind a number: <c>nats</c>, <c>bits/dim</c>; empty for none.</summary>
    /// <param name="unit">The unit.</param>
    public static string Text(this LossUnit unit) => unit switch
    {
        LossUnit.BitsPerDimension => "bits/dim",
        LossUnit.Nats => "nats",
        _ => "",
    };
}
