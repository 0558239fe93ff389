namespace Bijectors;

/// <content>The sets of events that come with this library.</content>
public abstract partial record Domain
{
    /// <summary>Angles on the circle, from -pi to pi, see <see cref="Circle"/>.</summary>
    public static Domain Circle { get; } = new Circle();

    /// <summary>Vectors of positive numbers that sum to one, see <see cref="Bijectors.Simplex"/>.</summary>
    public static Domain Simplex { get; } = new Simplex();

    /// <summary>Vectors whose entries ascend, see <see cref="OrderedVectors"/>.</summary>
    public static Domain Ordered { get; } = new OrderedVectors();

    /// <summary>Vectors of length one, see <see cref="UnitSphere"/>.</summary>
    public static Domain Sphere { get; } = new UnitSphere();

    /// <summary>Lower triangular matrices with a positive diagonal, see <see cref="CholeskyFactors"/>.</summary>
    public static Domain CholeskyFactor { get; } = new CholeskyFactors();
}
