namespace Bijectors.Testing;

/// <summary>What a layer does to the digits of the points that reach it.</summary>
public sealed record LayerReport
{
    /// <summary>
    /// Its name among the modules of the flow, as in the state dictionary: <c>transform.layers.7</c>.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>The layer as it calls itself: <c>PluLinear(8)</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>
    /// Its own round trip, there and straight back, at the points that reach it, relative to <c>1 + |x|</c>.
    /// </summary>
    public required Errors OwnError { get; init; }

    /// <summary>
    /// The smallest singular value of its Jacobian at the inspected points; a bound from above where there are too many
    /// dimensions for a Jacobian; NaN where unknown.
    /// </summary>
    public required double LeastScale { get; init; }

    /// <summary>
    /// The largest singular value of its Jacobian at the inspected points; a bound from below where there are too many
    /// dimensions for a Jacobian; NaN where unknown.
    /// </summary>
    public required double GreatestScale { get; init; }

    /// <summary>
    /// The condition number of its Jacobian, <c>|J| |J^-1|</c> in the spectral norm, the largest of the inspected
    /// points: how many times a relative error may grow. NaN where unknown.
    /// </summary>
    public required double Amplification { get; init; }

    /// <summary>
    /// How many decimal digits it costs in the inverse pass from base to data: by how many orders of magnitude the
    /// worst error, relative to <c>1 + |x|</c>, grows in it, on average over the points that come back worst. Negative
    /// where it makes errors smaller. It counts what the layer amplifies as well as what it adds.
    /// </summary>
    public required double DigitsLost { get; init; }

    /// <summary>
    /// Its share, 0 to 1, of the digits that all layers cost; the shares add up to 1, or are all 0 where none are lost.
    /// </summary>
    public required double Share { get; init; }

    /// <summary>The share of the points, 0 to 1, that reach it finite and leave it infinite or NaN.</summary>
    public required double NotFinite { get; init; }

    /// <summary>
    /// The share of the points, 0 to 1, that it saturates: they come out at an end of its codomain, or so close that
    /// more than a hundredth of <c>1 + |x|</c> is lost.
    /// </summary>
    public required double Saturated { get; init; }

    /// <summary>Why it loses digits; <see cref="LayerCause.None"/> where it loses none that matter.</summary>
    public required LayerCause Cause { get; init; }

    /// <summary>What to do about it; empty where there is nothing to do.</summary>
    public required string Advice { get; init; }

    /// <summary>
    /// One line: <c>transform.layers.7 (AffineCoupling): scale 1.2e-5 .. 3.0e4, amplifies errors 2.1e4 times; ...</c>
    /// </summary>
    public override string ToString() => ReportText.Sentence(this);
}
