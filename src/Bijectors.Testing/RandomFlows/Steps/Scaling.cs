namespace Bijectors.Testing.RandomFlows;

/// <summary>What a scale map is.</summary>
internal enum ScalingKind
{
    Bounded,
    Sigmoid,
    Softplus,
    Exponential,
}

/// <summary>A scale map with its number: a limit or a floor.</summary>
internal sealed record Scaling(ScalingKind Kind, double Number)
{
    public string Form => $"ScaleMap.{Kind}";

    public int Cost => 5 + (int)Kind + Text.Of(Number).Length;

    public static Scaling Draw(Chance chance) => chance.Below(4) switch
    {
        0 => new(ScalingKind.Bounded, chance.Pick<double>([0.5, 1, 1.5])),
        1 => new(ScalingKind.Sigmoid, chance.Pick<double>([0, 0.1, 0.5])),
        2 => new(ScalingKind.Softplus, chance.Pick<double>([0.01, 0.25])),
        _ => new(ScalingKind.Exponential, 0),
    };

    public ScaleMap Make() => Kind switch
    {
        ScalingKind.Bounded => ScaleMap.Bounded(Number),
        ScalingKind.Sigmoid => ScaleMap.Sigmoid(floor: Number),
        ScalingKind.Softplus => ScaleMap.Softplus(Number),
        _ => ScaleMap.Exponential,
    };

    public string Write() => Kind switch
    {
        ScalingKind.Bounded => $"ScaleMap.Bounded({Text.Of(Number)})",
        ScalingKind.Sigmoid => $"ScaleMap.Sigmoid(floor: {Text.Of(Number)})",
        ScalingKind.Softplus => $"ScaleMap.Softplus({Text.Of(Number)})",
        _ => "ScaleMap.Exponential",
    };

    /// <summary>How large a scale or its reciprocal may be, for raw numbers up to a size.</summary>
    public static double Largest(Scaling? scaling, double raw) => scaling?.Kind switch
    {
        null => Math.Exp(Math.Min(2, raw)),
        ScalingKind.Bounded => Math.Exp(Math.Min(scaling.Number, raw)),
        ScalingKind.Sigmoid => 1 / Math.Max(scaling.Number, Scalars.Sigmoid(2 - raw)),
        ScalingKind.Softplus => Math.Max(Scalars.Softplus(raw), 1 / Math.Max(scaling.Number, Scalars.Softplus(-raw))),
        _ => Math.Exp(Math.Min(raw, 600)),
    };
}
