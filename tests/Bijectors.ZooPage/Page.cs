using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Bijectors.Zoo;

namespace Bijectors.Tests.ZooPage;

/// <summary>The tables of <c>docs/zoo.md</c>; the prose around them is written by hand.</summary>
internal static partial class Page
{
    private const string Begin = "<!-- Written by tests/Bijectors.ZooPage: begin. -->";
    private const string End = "<!-- Written by tests/Bijectors.ZooPage: end. -->";

    // Machines round differently, and 1,500 steps are not the end of training.
    private const double Tolerance = 0.05;

    private const string SourceIs = "Source: ";

    private static readonly string s_docs = DocsBeside();

    /// <summary>The file.</summary>
    public static string Path { get; } = System.IO.Path.Combine(s_docs, "zoo.md");

    /// <summary>Puts tables and pictures in their places; what the page states of other models stays.</summary>
    public static void Write(IReadOnlyList<ZooRow> rows)
    {
        foreach (var row in rows.Where(row => row.Density is not null))
        {
            File.WriteAllBytes(PictureOf(row.Model.Name), row.Density!);
        }

        File.WriteAllBytes(PictureOf("truth"), DensityPicture.Of(points => TwoMoons.LogProb(points, null)));
        var page = File.ReadAllText(Path);
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        File.WriteAllText(Path, $"{page[..(begin + Begin.Length)]}\n\n{Tables(rows)}\n{page[end..]}");
    }

    /// <summary>Whether a model is as near to the truth as the page states, or nearer.</summary>
    public static bool Confirms(ZooRow row)
    {
        if (row.Excess is null || !Stated().TryGetValue(row.Model.Title, out var stated))
        {
            return row.Excess is null;
        }

        return row.Excess <= Nats(stated, told: false) + Tolerance
            && row.ConditionalExcess <= Nats(stated, told: true) + Tolerance;
    }

    /// <summary>The rows of the table of two moons as they stand on the page, by the titles of models.</summary>
    private static Dictionary<string, string> Stated() => File.ReadLines(Path)
        .Where(line => line.Contains("images/zoo", StringComparison.Ordinal))
        .ToDictionary(line => Cells(line)[1]);

    private static double Nats(string row, bool told) => Number(Cells(row)[told ? 4 : 3]);

    private static string[] Cells(string row) => row.Split('|', StringSplitOptions.TrimEntries);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Tables(IReadOnlyList<ZooRow> rows)
    {
        var text = new StringBuilder();
        text.AppendLine("| model | what it is | source |").AppendLine("| --- | --- | --- |");
        foreach (var model in Models.All)
        {
            var (summary, source) = Documented(model);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {model.Title} | {summary} | {source} |");
        }

        text.AppendLine().AppendLine("## On two moons").AppendLine();
        text.AppendLine($"{ZooRow.Steps} steps of {ZooRow.BatchSize} points with the default options and rates.");
        text.AppendLine("Columns: nats above the true density on the test points; the same where it is told which");
        text.AppendLine("moon a point is of (one that ignores it stays 0.69 above); how many density passes as many");
        text.AppendLine("samples take; the density.");
        text.AppendLine();
        text.AppendLine("| model | parameters | nats above | told the moon | samples | density |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- |");
        text.AppendLine("| the truth | | 0 | 0 | | ![true density](images/zoo/truth.png) |");
        var measured = Stated();
        foreach (var row in rows.Where(row => row.Excess is not null))
        {
            measured[row.Model.Title] = string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Model.Title} | {row.Parameters:N0} | {row.Excess:F3} | {row.ConditionalExcess:F3} "
                + $"| {row.SamplingPasses:F1} | ![density of {row.Model.Title}](images/zoo/{row.Model.Name}.png) |");
        }

        var titles = Models.All.Select(model => model.Title).ToList();
        var rowsOfModels = titles.Where(measured.ContainsKey).Select(title => measured[title]);
        foreach (var row in rowsOfModels.OrderBy(row => Nats(row, told: false)))
        {
            text.AppendLine(row);
        }

        var without = titles.Where(title => !measured.ContainsKey(title)).ToList();
        if (without.Count > 0)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Images only: {string.Join(", ", without)}.");
        }

        var bijectors = typeof(Bijector).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(Bijector)) && !type.IsAbstract).ToList();
        var byHand = bijectors.Where(type => type.GetCustomAttribute<GeneratedBijectorAttribute>() is null
            && !type.IsGenericType).Select(type => $"`{type.Name}`").Order().ToList();
        text.AppendLine().AppendLine("## Declared through the compiler").AppendLine();
        text.AppendLine(
            $"Of {bijectors.Count} public bijectors, {bijectors.Count - byHand.Count} are a forward map from which the "
            + "compiler derives inverse and log-det.");
        text.AppendLine($"By hand: {string.Join(", ", byHand)}.");
        return text.ToString();
    }

    /// <summary>Summary and source of a model, from its documentation.</summary>
    private static (string Summary, string Source) Documented(Model model)
    {
        var name = model.OptionsType.FullName![..^"Options".Length];
        var member = s_documentation.Value.Descendants("member")
            .First(member => (string?)member.Attribute("name") == $"T:{name}");
        var remarks = Text(member.Element("remarks")!);
        var source = remarks[(remarks.LastIndexOf(SourceIs, StringComparison.Ordinal) + SourceIs.Length)..];
        return (Text(member.Element("summary")!), source.TrimEnd('.'));
    }

    private static string Text(XElement element)
    {
        var copy = new XElement(element);
        var references = copy.Descendants().Where(child => child.Name.LocalName is "see" or "paramref").ToList();
        foreach (var reference in references)
        {
            var target = (string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name") ?? "";
            reference.ReplaceWith($"`{target[(target.LastIndexOfAny(['.', ':']) + 1)..]}`");
        }

        foreach (var code in copy.Descendants("c").ToList())
        {
            code.ReplaceWith($"`{code.Value}`");
        }

        return Spaces().Replace(copy.Value, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static readonly Lazy<XDocument> s_documentation =
        new(() => XDocument.Load(System.IO.Path.ChangeExtension(typeof(Models).Assembly.Location, ".xml")));

    private static string PictureOf(string name) => System.IO.Path.Combine(s_docs, "images", "zoo", $"{name}.png");

    private static string DocsBeside([CallerFilePath] string file = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, "..", "..", "docs"));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
