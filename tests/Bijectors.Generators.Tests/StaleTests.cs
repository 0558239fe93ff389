using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Tests;

/// <summary>
/// What was read of a class is read again exactly where it may have changed: after any edit, the halves are those of a
/// compilation that nothing is known of.
/// </summary>
public class StaleTests
{
    private const string Usings = "using System; using Bijectors; using TorchSharp; using static TorchSharp.torch;\n";

    private const string Class = Usings + """
        namespace User;
        [GeneratedBijector]
        public sealed partial class M : Root
        {
            private double _kept = 2;
            public override int EventRank => 1;
            [Forward]
            private Tensor Map(Tensor x)
            {
                var (a, b) = Parts.Halves(x);
                var k = Help.Scale(a);
                b = b * k + Help.Shift(a) + a * Help.Kept * Help.Auto * _kept + a * Help.Limit * Above(2);
                b = b + Help.Sized<double>(2) + new Help.Box(3).Size;
                return Parts.Join(a, b);
            }
        }
        """;

    private const string Help = Usings + """
        namespace User;
        public abstract class Root : Bijector
        {
            protected static double Above(double k) { return k * 2; }
        }
        public static class Help
        {
            public const double Limit = 1.5;
            internal static double Kept = 2;
            internal static double Auto { get { return 2; } }
            [return: Positive] public static Tensor Scale(Tensor a) { return torch.exp(a); }
            public static Tensor Shift(Tensor a) { return Deeper.Still(a); }
            public static int Sized<T>(T k) where T : unmanaged { return 1; }
            public sealed class Box { public Box(double k) { Size = k; } public double Size { get; } }
        }
        """;

    private const string Deeper = Usings + """
        namespace User;
        internal static class Deeper { internal static Tensor Still(Tensor a) { return a.tanh(); } }
        """;

    private const string Part = Usings + """
        namespace User;
        public sealed partial class M { public double Show() { return _kept; } }
        """;

    private const string Other = """
        namespace User;
        // a remark
        public static class Other
        {
            public static double Do(double k) { return k + 1; }
            public static double More(double k) => k;
        }
        """;

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.Latest);

    public static TheoryData<string, string, string, bool> Edits() => new()
    {
        { "a constant", "Limit = 1.5", "Limit = 2.5", false },
        { "a constant that is no longer one", "const double Limit = 1.5", "static readonly double Limit = 1.5", false },
        { "a constant that is written", "const double Limit = 1.5", "static double Limit = 1.5", true },
        { "an attribute", "[return: Positive]", "[return: NonZero]", false },
        { "a callee that draws", "return torch.exp(a);", "return torch.exp(torch.randn_like(a));", true },
        { "a callee of a callee that draws", "return a.tanh();", "return a.tanh() + torch.rand(1);", true },
        { "a method of the base class that draws", "return k * 2;", "return k * Random.Shared.Next();", true },
        { "a constructor that draws", "Size = k;", "Size = k * Random.Shared.NextDouble();", true },
        { "an accessor that draws", "get { return 2; }", "get { return Random.Shared.NextDouble(); }", true },
        { "an accessor with a field", "get { return 2; }", "get { return field; } set { field = value; }", false },
        { "a field that another file writes", "return k + 1;", "Help.Kept = k; return k + 1;", true },
        { "a field that another file writes behind an arrow", "More(double k) => k;",
            "More(double k) => Help.Kept = k;", true },
        { "a field that another part writes", "return _kept;", "return _kept++;", true },
        { "a method of the same name that is nearer", "protected static double Above",
            "protected static object Parts(object k) { return k; }\nprotected static double Above", true },
        { "an overload that is better", "public static Tensor Shift", "public static Tensor Shift(Tensor a, int k = 1) "
            + "=> a; public static Tensor Shift(TorchSharp.Modules.Parameter a) => a;\npublic static Tensor Shift",
            false },
        { "an overload that is better and draws", "public static Tensor Scale",
            "public static Tensor Sized<T>(int k) => torch.rand(1);\npublic static Tensor Scale", true },
        { "a type that shadows", "// a remark", "public static class Parts { }", true },
        { "a type that shadows torch", "// a remark", "public static class torch { public static int exp; }", false },
        { "a method that is no longer there", "internal static Tensor Still(Tensor a)",
            "internal static Tensor Stil(Tensor a)", false },
        { "a result of another type", "public static int Sized", "public static long Sized", false },
        { "a base class of its own", "public abstract class Root : Bijector", "public abstract class Root", true },
        { "a member that is declared above", "protected static double Above",
            "public override Domain Codomain => Domain.Unit;\nprotected static double Above", false },
        { "a directive in a body", "return a.tanh();",
            "\n#if NO\nreturn a.sin();\n#else\nreturn torch.rand(1);\n#endif\n", true },
        { "a symbol of directives", "namespace User;\ninternal static class Deeper { "
            + "internal static Tensor Still(Tensor a) { return a.tanh(); } }",
            "namespace User;\n#nullable disable\ninternal static class Deeper { "
                + "internal static Tensor Still(Tensor a) { return a.tanh(); } }", false },
        { "a field of a type with parameters", "public sealed class Box { public Box(double k) { Size = k; } "
            + "public double Size { get; } }", "public sealed class Box(double k) { private static int s_n; "
                + "public double Size { get { return k * s_n++; } } }", true },
    };

    public static TheoryData<string, string, string> Harmless() => new()
    {
        { "a remark", "// a remark", "// another remark" },
        { "a body", "return k + 1;", "var l = k; return l + 2;" },
        { "a body behind an arrow", "More(double k) => k;", "More(double k) => k * k;" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void After_an_edit_the_halves_are_those_of_a_new_compilation(
        string what, string old, string @new, bool isRefused)
    {
        var before = Compilation();
        var edited = Edit(before, old, @new);
        var (first, second, read) = Rerun(before, edited);
        Assert.DoesNotContain("NotSupportedException", first, StringComparison.Ordinal);
        Assert.True(read, $"{what}: not read again");
        Assert.Equal(Fresh(edited), second);
        Assert.True(
            second.Contains("NotSupportedException", StringComparison.Ordinal) == isRefused || second.Length == 0,
            $"{what}: {second}");

        // And back again, when it is the first compilation's reading that is there.
        var (_, third, _) = Rerun(edited, Edit(edited, @new, old));
        Assert.Equal(first, third);
    }

    [Theory]
    [MemberData(nameof(Harmless))]
    public void An_edit_that_nothing_depends_on_reads_nothing_again(string what, string old, string @new)
    {
        var before = Compilation();
        var edited = Edit(before, old, @new);
        var (first, second, read) = Rerun(before, edited);
        Assert.False(read, what);
        Assert.Equal(first, second);
        Assert.Equal(Fresh(edited), second);
    }

    [Fact]
    public void Edits_one_after_another_are_seen()
    {
        var compilation = Compilation();
        var driver = Driver().RunGenerators(compilation);
        foreach (var (old, @new) in ((string, string)[])
        [
            ("// a remark", "// another remark"), ("return k + 1;", "return k + 2;"),
            ("return a.tanh();", "return torch.rand(1);"), ("return k + 2;", "Help.Kept = k; return k;"),
            ("return torch.rand(1);", "return a.sin();"), ("Help.Kept = k; return k;", "return k;"),
            ("Limit = 1.5", "Limit = 3"), ("return k;", "return k * Help.Kept;"),
            ("return k * Help.Kept;", "Help.Kept += 1; return k;"),
        ])
        {
            compilation = Edit(compilation, old, @new);
            driver = driver.RunGenerators(compilation);
            Assert.Equal(Fresh(compilation), Text(driver));
        }
    }

    [Fact]
    public void Files_that_are_no_longer_there_are_let_go()
    {
        var (driver, old) = Edited();
        for (var i = 0; i < 10 && old.Count(o => o.IsAlive) > 1; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // The compiler itself may hold the one before the last.
        Assert.InRange(old.Count(o => o.IsAlive), 0, 1);
        GC.KeepAlive(driver);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static (GeneratorDriver, List<WeakReference>) Edited()
        {
            var compilation = Compilation();
            var (driver, old) = (Driver().RunGenerators(compilation), new List<WeakReference>());
            for (var i = 0; i < 8; i++)
            {
                old.Add(new(compilation.SyntaxTrees[^1]));
                compilation = Edit(compilation, $"k + {i + 1}", $"k + {i + 2}");
                driver = driver.RunGenerators(compilation);
            }

            return (driver, old);
        }
    }

    [Fact]
    public void A_new_file_is_seen()
    {
        var before = Compilation();
        foreach (var file in (string[])
        [
            "global using Parts = User.Help;", "namespace User; public static class Parts { }",
            "namespace User; public class New { }",
            "namespace User; public class New { public void Set() { Help.Kept = 3; } }",
        ])
        {
            var after = before.AddSyntaxTrees(CSharpSyntaxTree.ParseText(file, s_parse, "New.cs"));
            Assert.Equal(Fresh(after), Rerun(before, after).Second);
            Assert.Equal(Fresh(before), Rerun(after, before).Second);
        }
    }

    [Fact]
    public void Other_options_are_seen()
    {
        var before = Compilation();
        var isChecked = before.WithOptions(before.Options.WithOverflowChecks(true));
        var (_, second, read) = Rerun(before, isChecked);
        Assert.True(read);
        Assert.Equal(Fresh(isChecked), second);

        var older = new CSharpParseOptions(LanguageVersion.CSharp11);
        var old = before.RemoveAllSyntaxTrees()
            .AddSyntaxTrees(before.SyntaxTrees.Select(t => CSharpSyntaxTree.ParseText(t.GetText(), older, t.FilePath)));
        Assert.Contains("NotSupportedException", Rerun(before, old).Second, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_reference_is_seen()
    {
        var before = Compilation();
        foreach (var limit in (string[])["1.5", "2.5"])
        {
            var library = CSharpCompilation.Create(
                "Library", [CSharpSyntaxTree.ParseText(
                    $"namespace User {{ public static class More {{ public const double Limit = {limit}; }} }}",
                    s_parse)],
                before.References, new(OutputKind.DynamicallyLinkedLibrary)).ToMetadataReference();
            var with = Edit(before.AddReferences(library), "Help.Limit", "More.Limit");
            var (_, second, _) = Rerun(before.AddReferences(library), with);
            Assert.Equal(Fresh(with), second);

            var changed = with.ReplaceReference(library, CSharpCompilation.Create(
                "Library", [CSharpSyntaxTree.ParseText(
                    "namespace User { public static class More { public const string Limit = \"\"; } }", s_parse)],
                before.References, new(OutputKind.DynamicallyLinkedLibrary)).ToMetadataReference());
            var (_, third, read) = Rerun(with, changed);
            Assert.True(read);
            Assert.NotEqual(second, third);
            Assert.Equal(Fresh(changed), third);
        }
    }

    [Fact]
    public void Source_of_another_project_is_not_read()
    {
        var library = CSharpCompilation.Create(
            "Library", [CSharpSyntaxTree.ParseText(
                Usings + "namespace User; public sealed class Kept { public readonly double K = 2; public double L { "
                + "get; } = 3; public static Tensor F(Tensor a) { return a.sin(); } }", s_parse)],
            Compilation().References, new(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        Assert.True(library.Emit(image).Success);
        var before = Edit(Compilation(), "Help.Kept", "new Kept().K * new Kept().L * Kept.F(a)");
        var asSource = before.AddReferences(library.ToMetadataReference());
        var asImage = before.AddReferences(MetadataReference.CreateFromImage(image.ToArray()));
        var text = Fresh(asSource);
        Assert.DoesNotContain("NotSupportedException", text, StringComparison.Ordinal);
        Assert.Equal(Fresh(asImage), text);
    }

    private static CSharpCompilation Compilation(params string[] more) =>
        Compilations.OfFiles(s_parse, [Class, Help, Deeper, Part, Other, .. more]);

    private static CSharpCompilation Edit(CSharpCompilation compilation, string old, string @new)
    {
        var tree = Assert.Single(compilation.SyntaxTrees, t => t.ToString().Contains(old, StringComparison.Ordinal));
        return compilation.ReplaceSyntaxTree(
            tree, tree.WithChangedText(SourceText.From(tree.ToString().Replace(old, @new, StringComparison.Ordinal))));
    }

    private static GeneratorDriver Driver() => Compilations.Driver(track: true, s_parse);

    private static (string First, string Second, bool Read) Rerun(CSharpCompilation before, CSharpCompilation after)
    {
        var driver = Driver().RunGenerators(before);
        var next = driver.RunGenerators(after);
        var outputs =
            next.GetRunResult().Results[0].TrackedSteps[BijectorGenerator.ReadStep].SelectMany(s => s.Outputs);
        return (Text(driver), Text(next),
            outputs.Any(o => o.Reason is not (IncrementalStepRunReason.Unchanged or IncrementalStepRunReason.Cached)));
    }

    /// <summary>The halves of the same text, of which nothing is known.</summary>
    private static string Fresh(CSharpCompilation compilation)
    {
        var trees = compilation.SyntaxTrees.Select(
            t => CSharpSyntaxTree.ParseText(SourceText.From(t.ToString()), (CSharpParseOptions)t.Options, t.FilePath));
        return Text(Driver().RunGenerators(compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(trees)));
    }

    private static string Text(GeneratorDriver driver) =>
        string.Concat(driver.GetRunResult().GeneratedTrees.Select(t => t.ToString()));
}
