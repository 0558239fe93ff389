namespace Bijectors.Generators.Tests.Emitted;

/// <summary>
/// Types are named by their last names where that means the same, and by their whole names where something hides them.
/// </summary>
public class ShortNameTests
{
    private const string Usings = "using System; using Bijectors; using TorchSharp; using static TorchSharp.torch;\n";
    private const string Map = "var (a, b) = Parts.Halves(x); b = b * a.exp() + a; return Parts.Join(a, b);";
    private const string Whole = "var (a, b) = Bijectors.Parts.Halves(x); b = b * a.exp() + a; "
        + "return Bijectors.Parts.Join(a, b);";

    // The text with # where the short name stands.
    private const string Halves = "#Parts.Halves(x, -1)";
    private const string Check = "#CompilerServices.Checks.Size(this, x, y)";
    private const string Sum = "#LogDets.Sum(";
    private const string Rule = "override #Shape OutputShapeCore(#Shape input)";
    private const string Method = "override #Tensor ForwardCore(#Tensor x,";

    public static TheoryData<string, string, string> Hidden() => new()
    {
        { "by a field", Class(Map, "public readonly double Checks = 1;"), Check },
        { "by a property", Class(Map, "private double LogDets => 2;"), Sum },
        { "by a method", Class(Map, "private static double LogDets() => 2;"), Sum },
        { "by a nested type", Class(Whole, "private sealed class Parts { }"), Halves },
        { "by a nested type that is a tensor's namesake", Class(Map, "private sealed class Tensor { }").Replace(
            "Tensor Map(Tensor x)",
            "TorchSharp.torch.Tensor Map(TorchSharp.torch.Tensor x)",
            StringComparison.Ordinal), Method },
        { "by an event", Class(Map, "private event Action? Checks { add { } remove { } }"), Check },
        { "by a constant that is used", Class(
            Map.Replace("+ a", "+ a * Checks", StringComparison.Ordinal), "private const double Checks = 2;"), Check },
        { "by a member of a base class", "public abstract class Root : Bijector { protected double Checks => 1; } "
            + Class(Map).Replace(": Bijector", ": Root", StringComparison.Ordinal), Check },
        { "by a member of a type around it",
            "public static partial class Outer { internal static int LogDets = 1; " + Class(Map) + " }", Sum },
        { "by a member above a type around it", "public class Root { protected class Checks { } } "
            + "public partial class Outer : Root { " + Class(Map) + " }", Check },
        { "by a type around it", "public static partial class Checks { " + Class(Map) + " }", Check },
        { "by a type parameter around it", "public static partial class Outer<Checks> { " + Class(Map) + " }", Check },
        { "by its own name", Class(Map).Replace("class M", "class Checks", StringComparison.Ordinal), Check },
        { "by its own type parameter",
            Class(Map).Replace("class M", "class M<LogDets>", StringComparison.Ordinal), Sum },
        { "by a type in the namespace", Class(Map) + " public sealed class Checks { }", Check },
        { "by a local variable", Class(
            "var (a, Checks) = Parts.Halves(x); Checks = Checks * a.exp() + a; return Parts.Join(a, Checks);"), Check },
        { "by a loop variable",
            Class("for (var LogDets = 0; LogDets < 2; LogDets++) { x = x * Math.Exp(LogDets + 0.5); } return x;"),
            "#LogDets." },
        { "by the parameter", Class(Map.Replace("(x)", "(Checks)", StringComparison.Ordinal))
            .Replace("Map(Tensor x)", "Map(Tensor Checks)", StringComparison.Ordinal), Check },
        { "by text that looks like it",
            Class(Map.Replace("+ a", "+ a * \"global::Bijectors.Parts\".Length", StringComparison.Ordinal)), Halves },
        { "by an alias", "using Checks = System.Math; " + Class(Map), Check },
        { "by an alias in the namespace", "namespace Inner { using Shape = System.Math; " + Class(Map) + " }", Rule },
        { "by a namespace", Class(Map) + " namespace Checks { public class Some { } }", Check },
        { "by a type of a namespace around it",
            "public class LogDets { } namespace Inner { " + Class(Map) + " }", Sum },
    };

    [Theory]
    [MemberData(nameof(Hidden))]
    public void A_name_that_is_hidden_stays_whole(string what, string source, string text)
    {
        var file = source.StartsWith("using", StringComparison.Ordinal)
            ? Usings + source.Insert(source.IndexOf(';') + 1, " namespace User;")
            : Usings + "namespace User\n{\n" + source + "\n}";
        var compilation = Compilations.OfFiles(SameValues.Latest, file);
        var name =
            text.Contains("Tensor", StringComparison.Ordinal) ? "global::TorchSharp.torch." : "global::Bijectors.";
        Assert.Contains(text.Replace("#", name, StringComparison.Ordinal),
            string.Concat(Compilations.Build(compilation).Emitted), StringComparison.Ordinal);
        SameValues.Check(what, compilation);
    }

    [Fact]
    public void What_is_not_hidden_is_short()
    {
        var compilation = Compilations.OfFiles(SameValues.Latest, Usings + "namespace User;\n" + Class(Map));
        var emitted = Assert.Single(Compilations.Build(compilation).Emitted);
        var check = Check.Replace("CompilerServices.", "", StringComparison.Ordinal);
        Assert.All(
            [Halves, check, Sum, Rule, Method],
            t => Assert.Contains(t.Replace("#", "", StringComparison.Ordinal), emitted, StringComparison.Ordinal));
        Assert.Contains(
            "\nusing Checks = global::Bijectors.CompilerServices.Checks;\n", emitted, StringComparison.Ordinal);
        Assert.DoesNotContain("global::", WithoutDirectives(emitted), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_imported_stays_whole()
    {
        var source = Class(Whole)
            .Replace("GeneratedBijector]", "Bijectors.GeneratedBijector]", StringComparison.Ordinal)
            .Replace("[Forward]", "[Bijectors.Forward]", StringComparison.Ordinal)
            .Replace(": Bijector", ": Bijectors.Bijector", StringComparison.Ordinal)
            .Replace(" Tensor", " TorchSharp.torch.Tensor", StringComparison.Ordinal)
            .Replace("(Tensor", "(TorchSharp.torch.Tensor", StringComparison.Ordinal);
        var compilation = Compilations.OfFiles(SameValues.Latest, "namespace User;\n" + source);
        var emitted = Assert.Single(Compilations.Build(compilation).Emitted);
        Assert.Contains("global::Bijectors.LogDets.Sum(", emitted, StringComparison.Ordinal);
        Assert.Contains(" Checks.Size(this", emitted, StringComparison.Ordinal);
        SameValues.Check("not imported", compilation);
    }

    [Fact]
    public void Each_file_has_its_own()
    {
        // The same directives, and the name hidden in some of the files only.
        var hidden =
            Class(Map, "public readonly double Checks = 1;").Replace("class M", "class N", StringComparison.Ordinal);
        string[] files =
        [
            Usings + "namespace User;\n" + hidden, Usings + "namespace User;\n" + Class(Map),
            Usings + "namespace User;\nfile sealed class LogDets { }\n"
                + Class(Map).Replace("class M", "class O", StringComparison.Ordinal),
            Usings + "namespace User.Inner;\npublic sealed class Shape { }\n"
                + Class(Map).Replace("class M", "class P", StringComparison.Ordinal),
            Usings + "using LogDets = System.Math;\nnamespace User;\n"
                + Class(Map).Replace("class M", "class Q", StringComparison.Ordinal),
        ];
        foreach (var order in new[] { files, [.. files.Reverse()] })
        {
            var compilation = Compilations.OfFiles(SameValues.Latest, order);
            var emitted = Compilations.Build(compilation).Emitted
                .ToDictionary(e => e[(e.IndexOf("partial class ", StringComparison.Ordinal) + 14)..][0]);
            Assert.Contains("global::Bijectors.CompilerServices.Checks.", emitted['N'], StringComparison.Ordinal);
            Assert.DoesNotContain("global::", WithoutDirectives(emitted['M']), StringComparison.Ordinal);
            Assert.Contains("global::Bijectors.Shape ", emitted['P'], StringComparison.Ordinal);
            Assert.Contains("global::Bijectors.LogDets.", emitted['Q'], StringComparison.Ordinal);
            SameValues.Check("several files", compilation);
        }
    }

    private static string WithoutDirectives(string emitted) => string.Join(
        '\n', emitted.Split('\n').Where(line => !line.StartsWith("using ", StringComparison.Ordinal)));

    private static string Class(string body, string members = "") =>
        $"[GeneratedBijector] public sealed partial class M : Bijector {{ public override int EventRank => 1; "
        + $"{members} [Forward] private Tensor Map(Tensor x) {{ {body} }} }}";
}
