namespace Bijectors.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Where it goes; points that are not finite are left out.</param>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Whether its lowest point is marked: of a validation loss, the epoch whose weights were kept.</summary>
    public bool MarksLowest { get; init; }
}
