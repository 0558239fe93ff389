using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerics;

/// <summary>What the page states of an entry in one dtype and region.</summary>
internal sealed record Stated(StatedError RoundTrip, StatedError LogDet);

/// <summary>
/// The tables of <c>docs/numerics.md</c>: written by the command, read by the tests. The prose around them is
/// written by hand.
/// </summary>
internal static class NumericsPage
{
    private const string Begin = "<!-- Written by tests/Bijectors.Numerics: begin. -->";
    private const string End = "<!-- Written by tests/Bijectors.Numerics: end. -->";

    private static readonly (Region Region, string Title)[] Tables =
        [(Region.Domain, "### Over the domain"), (Region.Edges, "### At the edges")];

    public static IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float32, ScalarType.Float64];

    /// <summary>The file.</summary>
    public static string Path { get; } = PathBeside();

    /// <summary>The tables of everything that was measured.</summary>
    public static string Write(IReadOnlyList<(Entry Entry,
        IReadOnlyDictionary<ScalarType, IReadOnlyDictionary<Region, Measurement>> Measured)> entries)
    {
        var text = new StringBuilder();
        foreach (var (region, title) in Tables)
        {
            text.Append(title).Append("\n\n| bijector |");
            foreach (var dtype in DTypes)
            {
                text.Append($" {Name(dtype)} round trip | log-det | of rounding |");
            }

            text.Append("\n|").Append(string.Concat(Enumerable.Repeat(" --- |", 1 + (3 * DTypes.Count)))).Append('\n');
            foreach (var (entry, measured) in entries)
            {
                text.Append($"| {entry.Name} |")
                    .AppendJoin("", DTypes.Select(dtype => Cells(measured[dtype][region]))).Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>
    /// Puts tables into the page, in the place of the old ones. The page is written aside and renamed when it is whole.
    /// </summary>
    public static void Replace(string tables)
    {
        var page = File.ReadAllText(Path);
        var (begin, end) = Place(page);
        var aside = Path + ".new";
        File.WriteAllText(aside, $"{page[..begin]}\n\n{tables}{page[end..]}");
        File.Move(aside, Path, overwrite: true);
    }

    /// <summary>What the page states, by the name of the entry.</summary>
    public static IReadOnlyDictionary<(Region Region, ScalarType DType, string Name), Stated> Read()
    {
        var page = File.ReadAllText(Path);
        var (begin, end) = Place(page);
        var stated = new Dictionary<(Region, ScalarType, string), Stated>();
        var region = default(Region);
        foreach (var line in page[begin..end].Split('\n').Select(line => line.Trim()))
        {
            if (Tables.FirstOrDefault(table => table.Title == line) is { Title: not null } table)
            {
                region = table.Region;
            }
            else if (line.Contains('≤', StringComparison.Ordinal) || line.Contains("exact", StringComparison.Ordinal)
                || line.Contains("saturated", StringComparison.Ordinal))
            {
                var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
                for (var i = 0; i < DTypes.Count; i++)
                {
                    stated.Add((region, DTypes[i], cells[0]),
                        new(StatedError.Parse(cells[1 + (3 * i)]), StatedError.Parse(cells[2 + (3 * i)])));
                }
            }
        }

        return stated;
    }

    private static string Cells(Measurement measured)
    {
        var roundTrip = StatedError.Cell(measured.RoundTrip, measured.OnlyMoves);
        var logDet = StatedError.Cell(measured.LogDet, measured.IsVolumePreserving);
        var ofRounding = Math.Max(measured.RoundTrip.OfRounding, measured.LogDet.OfRounding);
        return $" {roundTrip} | {logDet} | "
            + $"{(ofRounding == 0 ? "0" : ofRounding.ToString("0.00", CultureInfo.InvariantCulture))} |";
    }

    private static string Name(ScalarType dtype) => dtype.ToString().ToLowerInvariant();

    private static (int Begin, int End) Place(string page)
    {
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin
            ? (begin + Begin.Length, end)
            : throw new InvalidDataException($"{Path}: expected the lines '{Begin}' and '{End}' around the tables.");
    }

    private static string PathBeside([CallerFilePath] string path = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(path)!, "..", "..", "..", "..", "docs", "numerics.md"));
}
