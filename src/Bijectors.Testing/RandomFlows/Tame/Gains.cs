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
}
