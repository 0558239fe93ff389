namespace Bijectors.Testing.RandomFlows;

/// <summary>
/// An elementwise bijector of Core: what it is called, how it is made, and what it does to one number.
/// </summary>
/// <param name="Name">The name of the type.</param>
/// <param name="Numbers">How many numbers its constructor takes.</param>
/// <param name="Low">The lower end of its domain.</param>
/// <param name="High">The upper end of its domain.</param>
/// <param name="Map">The map; it must have the right limits at the ends of the domain.</param>
/// <param name="Inverse">The inverse map.</param>
/// <param name="Slope">The size of the slope at x.</param>
/// <param name="Make">The bijector.</param>
internal sealed record Curve(
    string Name,
    int Numbers,
    double Low,
    double High,
    Func<double, Parameters, double> Map,
    Func<double, Parameters, double> Inverse,
    Func<double, Parameters, double> Slope,
    Func<Parameters, Bijector> Make)
{
    /// <summary>A line: in a chain it is transparent between a codomain and the next domain.</summary>
    public bool IsLine =>
        Name is nameof(Identity) or nameof(Negate) or nameof(Scale) or nameof(Shift) or nameof(Affine);

    public override string ToString() => Name;
}
