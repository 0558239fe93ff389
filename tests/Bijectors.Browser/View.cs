using Microsoft.Playwright;

namespace Bijectors.Browser;

/// <summary>How a page is looked at.</summary>
/// <param name="Width">The width of the window, in pixels.</param>
/// <param name="Scheme">Light or dark.</param>
internal sealed record View(int Width, ColorScheme Scheme)
{
    public static IReadOnlyList<View> All { get; } =
        [.. ((int[])[400, 1400]).SelectMany(width => ((ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            .Select(scheme => new View(width, scheme)))];

    public override string ToString() => $"{Width} pixels, {Scheme.ToString().ToLowerInvariant()}";
}
