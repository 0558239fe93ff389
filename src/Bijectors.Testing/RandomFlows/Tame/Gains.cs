namespace Bijectors.Testing.RandomFlows;

/// <summary>
/// How large entries may become, where they are of a size: what parameters moved by seeded noise do, with a margin.
/// </summary>
internal static class Gains
{
    /// <summary>A rotation whose factors were moved by a quarter, or its inverse.</summary>
    public static double Linear(double size) => (2.5 * size) + 0.5;

    /// <summary>A shift and a scale of a half to two, or the inverse.</summary>
    public static double Norm(double size) => (2 * size) + 1;

    /// <summary>The outputs of a network whose last layer starts near zero.</summary>
    public static double ResidualMlp(double size) => 0.1 + (0.03 * size);

    /// <summary>The outputs of a network whose last layer starts at zero and has been moved by a quarter.</summary>
    public static double ConvNet(double size) => 0.5 + (0.5 * size);

    /// <summary>A spline of bins that are not trained.</summary>
    public static double Spline(double size) => (1.2 * size) + 0.2;
}
