namespace Bijectors;

/// <summary>Checks of the dimensions in constructors.</summary>
internal static class Dimensions
{
    /// <exception cref="ArgumentException">The dimension is not counted from the end.</exception>
    public static void CheckFromEnd(string whose, int dim)
    {
        if (dim >= 0)
        {
            throw new ArgumentException(
                $"{whose}: expected a dimension counted from the end (-1, -2, ...), got {dim}.");
        }
    }
}
