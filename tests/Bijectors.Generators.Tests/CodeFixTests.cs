using Bijectors.CodeFixes;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Tests;

/// <summary>Every code fix writes what it should, and its diagnostic is gone afterwards.</summary>
public class CodeFixTests
{
    private static readonly SyntaxFix[] s_fixes =
        [new SealedPartialFix(), new MultiplierFix(), new PoorFormFix(), new NumericalFix(), new RegistrationFix()];

    public static TheoryData<string, string, string, string> Fixed() => new()
    {
        {
            "BIJ0001", "Make it a sealed partial class",
            "[GeneratedBijector] public class M : Bijector { "
                + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); }",
            "[GeneratedBijector] public sealed partial class M : Bijector { "
                + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); }"
        },
        {
            "BIJ0001", "Make it a sealed partial class",
            "public static class A { public class B { [GeneratedBijector] internal partial class M : Bijector { "
                + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); } } }",
            "public static partial class A { public partial class B { [GeneratedBijector] internal sealed partial "
                + "class M : Bijector { [Forward] private static Tensor Map(Tensor x) => torch.exp(x); } } }"
        },
        {
            "BIJ0001", "Make it a sealed partial class",
            "// a map\nclass A { [GeneratedBijector] sealed class M : Bijector { "
                + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); } }",
            "// a map\npartial class A { [GeneratedBijector] sealed partial class M : Bijector { "
                + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); } }"
        },
        {
            "BIJ0205", "Make it positive with torch.exp",
            Bijector("private readonly Tensor _k = torch.ones(1);", "x * _k"),
            Bijector("private readonly Tensor _k = torch.ones(1);", "x * torch.exp(_k)")
        },
        {
            "BIJ0205", "Make it positive with torch.exp",
            Bijector("private readonly Tensor _k = torch.ones(1);", "x / (_k - 1)"),
            Bijector("private readonly Tensor _k = torch.ones(1);", "x / torch.exp(_k - 1)")
        },
        {
            "BIJ0205", "Make it positive with Math.Exp",
            Bijector("private readonly double _k = 2;", "x * _k"),
            Bijector("private readonly double _k = 2;", "x * Math.Exp(_k)")
        },
        {
            "BIJ0205", "Promise [Positive]",
            Bijector("private readonly double _k = 2;", "x * _k"),
            Bijector("[Positive] private readonly double _k = 2;", "x * _k")
        },
        {
            "BIJ0205", "Promise [NonZero]",
            Bijector("private double K => 2;", "x / K"), Bijector("[NonZero] private double K => 2;", "x / K")
        },
        {
            "BIJ0301", "Write 'torch.log1p(input)'",
            NumericsTests.Network("return torch.log(1 + input);"), NumericsTests.Network("return torch.log1p(input);")
        },
        {
            "BIJ0301", "Write '-input.expm1()'",
            NumericsTests.Network("return torch.abs(1 - input.exp());"),
            NumericsTests.Network("return torch.abs(-input.expm1());")
        },
        {
            "BIJ0301", "Write '(input + 1)'",
            NumericsTests.Network("return torch.log(torch.exp(input + 1)).abs();"),
            NumericsTests.Network("return (input + 1).abs();")
        },
        {
            "BIJ0401", "Call RegisterComponents() at the end of the constructor",
            "public abstract class M : Bijector { internal readonly Tensor k; protected M() { k = torch.ones(1); } }",
            "public abstract class M : Bijector { internal readonly Tensor k; protected M() { k = torch.ones(1); "
                + "RegisterComponents(); } }"
        },
        {
            "BIJ0401", "Call RegisterComponents() at the end of the constructor",
            "public abstract class M : Bijector { internal readonly Tensor k; protected M(Tensor t) => k = t; "
                + "protected M() : this(torch.ones(1)) { } }",
            "public abstract class M : Bijector { internal readonly Tensor k; protected M(Tensor t) { k = t; "
                + "RegisterComponents(); } protected M() : this(torch.ones(1)) { } }"
        },
        {
            "BIJ0401", "Call RegisterComponents() at the end of the constructor",
            "public abstract class M : Bijector { internal readonly Tensor k = torch.ones(1); }",
            "public abstract class M : Bijector { internal readonly Tensor k = torch.ones(1); "
                + "protected M() { RegisterComponents(); } }"
        },
    };

    [Theory]
    [MemberData(nameof(Fixed))]
    public async Task A_fix_leaves_nothing_to_fix(string id, string title, string before, string after)
    {
        var (_, diagnostics) = Compilations.Build(before, whole: true);
        var text = await ApplyAsync(before, Assert.Single(diagnostics, d => d.Id == id), title);
        Assert.Equal(Folded(after), Folded(text));
        Assert.DoesNotContain(Compilations.Build(text, whole: true).Diagnostics,
            d => d.Id == id || d.Severity == DiagnosticSeverity.Error);
    }

    [Theory]
    [InlineData("[GeneratedBijector]", "[GeneratedBijector(Numerical = true)]")]
    [InlineData("[GeneratedBijector(Numerical = false)]", "[GeneratedBijector(Numerical = true)]")]
    public async Task An_inverse_by_iteration_is_asked_for(string before, string after)
    {
        var source = before
            + " public sealed partial class M : Bijector { [Forward] private static Tensor Map(Tensor x) => x; }";
        var tree = Compilations.Of(source).SyntaxTrees[1];
        var location =
            Location.Create(tree, new TextSpan(tree.ToString().IndexOf("=> x", StringComparison.Ordinal) + 3, 1));
        var text = await ApplyAsync(
            source, Diagnostic.Create(Rules.NumericalNotAsked, location, "x"), "Find the inverse by iteration");
        Assert.Equal(source.Replace(before, after, StringComparison.Ordinal), text);
    }

    [Fact]
    public async Task A_positive_multiplier_is_not_promised_to_be_merely_non_zero()
    {
        var source = Bijector("private readonly double _k = 2;", "torch.nn.functional.leaky_relu(x, _k)");
        var (document, actions) =
            await ActionsAsync(source, Assert.Single(Compilations.Build(source, whole: true).Diagnostics));
        Assert.NotNull(document);
        Assert.Equal(["Make it positive with Math.Exp", "Promise [Positive]"], actions.Select(a => a.Title));
    }

    [Fact]
    public void Every_id_with_a_fix_is_a_rule() =>
        Assert.Equal([], s_fixes.SelectMany(f => f.FixableDiagnosticIds).Except(Rules.All.Select(r => r.Id)));

    /// <summary>The ids that have a fix.</summary>
    internal static IEnumerable<string> Ids() => s_fixes.SelectMany(f => f.FixableDiagnosticIds);

    private static async Task<string> ApplyAsync(string source, Diagnostic diagnostic, string title)
    {
        var (document, actions) = await ActionsAsync(source, diagnostic);
        var operations = await Assert.Single(actions, a => a.Title == title).GetOperationsAsync(default);
        var changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
        var text = (await changed.GetTextAsync()).ToString();
        return text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    private static async Task<(Document Document, IReadOnlyList<CodeAction> Actions)> ActionsAsync(
        string source, Diagnostic diagnostic)
    {
        using var workspace = new AdhocWorkspace();
        var compilation = Compilations.Of(source);
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "User", "User", LanguageNames.CSharp,
            compilationOptions: compilation.Options, parseOptions: compilation.SyntaxTrees[0].Options,
            metadataReferences: compilation.References));
        foreach (var tree in compilation.SyntaxTrees)
        {
            project = project.AddDocument(tree.FilePath, await tree.GetTextAsync()).Project;
        }

        var document = project.Documents.Last();
        var actions = new List<CodeAction>();
        foreach (var fix in s_fixes.Where(f => f.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            await fix.RegisterCodeFixesAsync(
                new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), default));
        }

        return (document, actions);
    }

    private static string Bijector(string members, string map) =>
        $"[GeneratedBijector] public sealed partial class M : Bijector {{ "
        + $"{members} [Forward] private Tensor Map(Tensor x) {{ return {map}; }} }}";

    private static string Folded(string text) =>
        string.Join(' ', text.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
