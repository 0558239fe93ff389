namespace Bijectors.Tests.Architecture;

/// <summary>
/// The top folders of a project use each other in one direction only: docs/architecture.md has their order, and the
/// sources must keep it.
/// </summary>
public sealed class FolderOrderTests
{
    // From what depends on nothing to what depends on all others.
    private static readonly Dictionary<string, string[]> s_order = new()
    {
        ["Bijectors.Core"] =
        [
            "Contract", "Language", "Numerical", "Elementwise", "Splines", "Reversible", "Algebra", "Domains",
            "Rearrange", "Linear", "Conditioners", "CompilerServices", "Transformers", "Coupling", "Autoregressive",
            "Residual", "Distributions", "Stochastic", "Flows", "Saving",
        ],
        ["Bijectors.Kernels"] =
            ["Memory", "Threads", "Autograd", "Vectors", "Pointwise", "Splines", "Networks", "Images", "Masked"],
    };

    [Theory]
    [InlineData("Bijectors.Core")]
    [InlineData("Bijectors.Kernels")]
    public void Folders_use_those_before_them_only(string project)
    {
        var order = s_order[project];
        var sources = Sources(project);
        Assert.Equal(order.Order(), sources.Keys.Select(path => path.Split('/')[0]).Distinct().Order());
        var others = project == "Bijectors.Core" ? Sources("Bijectors.Kernels").Concat(Sources("Files")) : [];
        var uses = FolderGraph.Of(sources, others.Select(source => source.Value));
        Assert.True(uses.Count > order.Length, "Expected folders that use each other.");
        var wrong = uses.Where(use => Array.IndexOf(order, use.Key.To) > Array.IndexOf(order, use.Key.From))
            .Select(use => $"{use.Key.From} must not use {use.Key.To}: {string.Join("; ", use.Take(3))}").ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void The_page_on_architecture_has_the_same_order()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        foreach (var order in s_order.Values)
        {
            Assert.Contains(
                string.Join(' ', order.Select(folder => $"`{folder}`,"))[..^1],
                string.Join(' ', page.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        }
    }

    [Theory]
    [InlineData("class A { B b; }", "A.B")]
    [InlineData("class A { object b = new Outer.B(); }", "Outer.B")]
    [InlineData("class A { int b = B.Value; }", "B.Value")]
    [InlineData("class A { int b = 1.Twice(); }", "Twice")]
    [InlineData("class A { object b = ~new Operand(); }", "operator ~")]
    [InlineData("class A { int C => 1; }", null)]
    public void A_use_is_found(string text, string? named)
    {
        Dictionary<string, string> sources = new()
        {
            ["Upper/A.cs"] = text,
            ["Lower/B.cs"] = "class B { public const int Value = 1; } class Outer { public class B; }"
                + "static class Extensions { public static int Twice(this int x) => 2 * x; }",
            ["Upper/Operand.cs"] = "partial class Operand;",
            ["Lower/Operand.Operators.cs"] =
                "partial class Operand { public static Operand operator ~(Operand x) => x; }",
        };
        var found = FolderGraph.Of(sources, [])[("Upper", "Lower")].ToList();
        Assert.Equal(named is not null, found.Count > 0);
    }

    private static Dictionary<string, string> Sources(string folder)
    {
        var root = Path.Combine(Repository.Root, "src", folder);
        return Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => path.Split('/')[0] is not ("obj" or "bin"))
            .ToDictionary(path => path, path => File.ReadAllText(Path.Combine(root, path)));
    }
}
