namespace Bijectors.Cli;

/// <summary>One line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Where it goes; points that are not finite are left out.</param>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Whether its lowest point is marked: of a validation loss, the epoch whose weights were kept.</summary>
    public bool MarksLowest { get; init; }

    /// <summary>Whether it is what the others are compared with.</summary>
    public bool IsReference { get; init; }

    /// <summary>Where it ends, and its lowest point if that is marked: for those who do not see it.</summary>
    public string InWords()
    {
        if (Points.Count == 0)
        {
            return $"{Name}: nothing to draw.";
        }

        var (end, low) = (Points[^1], Points.MinBy(point => point.Y));
        var best = MarksLowest ? FormattableString.Invariant($", lowest {low.Y:G4} at {low.X:0.#}") : "";
        return FormattableString.Invariant($"{Name}: {end.Y:G4} at {end.X:0.#}{best}.");
    }
}
