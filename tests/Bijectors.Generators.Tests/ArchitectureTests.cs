using System.Text.RegularExpressions;

namespace Bijectors.Generators.Tests;

/// <summary>What docs/architecture.md says of the compiler's stages: none uses a later one.</summary>
public partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> s_mayUse = new()
    {
        ["Model"] = ["Language"],
        ["Language"] = ["Model"],
        ["Analyse"] = ["Model", "Language"],
        ["Invert"] = ["Model", "Language"],
        ["Parse"] = ["Model", "Language", "Analyse", "Diagnostics", "Incremental", "Purity"],
        ["Emit"] = ["Model", "Language", "Analyse", "Invert"],
    };

    public static TheoryData<string> Stages => [.. s_mayUse.Keys];

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_stage_uses_none_that_comes_later(string stage)
    {
        var folder = Path.Combine(Root(), "src", "Bijectors.Generators", stage);
        var files = Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        var used = files.SelectMany(file => Namespaces().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value))
            .Distinct();
        Assert.All(used, name => Assert.Contains(name, s_mayUse[stage].Append(stage)));
    }

    [GeneratedRegex(@"Bijectors\.Generators\.(\w+)")]
    private static partial Regex Namespaces();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Bijectors.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
