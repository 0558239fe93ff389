namespace Bijectors.Testing;

/// <summary>One layer of a flow at the points of a <see cref="LayerProbe"/>.</summary>
public sealed record LayerMeasure
{
    /// <summary>Its name among the modules of the flow, as in the state dictionary:
    /// <c>transform.layers.7</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The layer as it calls itself: <c>PluLinear(8)</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>The mean of its <c>log|det J|</c> over the points, in nats per item. Those of all layers add up to that
    /// of the flow.</summary>
    public required double LogDet { get; init; }

    /// <summary>The deviation of its <c>log|det J|</c> over the points, in nats; 0 of one that depends on parameters
    /// only.</summary>
    public required double LogDetDeviation { get; init; }

    /// <summary>
    /// The condition number of its Jacobian, the ratio of the largest to the smallest singular value, the largest of
    /// the points at which it is computed; NaN where it is not known.
    /// </summary>
    public required double Condition { get; init; }

    /// <summary>True where the Jacobian is diagonal: that it scales entries differently costs no digits, however large
    /// <see cref="Condition"/> is.</summary>
    public required bool IsElementwise { get; init; }
}
