using Microsoft.CodeAnalysis.CSharp;

namespace Bijectors.Generators.Tests.Emitted;

/// <summary>Text that is copied from a body into other members and another file means there what it meant.</summary>
public class CopiedTextTests
{
    private const string Usings = "using System; using Bijectors; using TorchSharp; using static TorchSharp.torch;\n";
    private const string Rows = "[Primitive(nameof(Inv), nameof(Slope))] private static Tensor "
        + "F(Tensor x, double k) => x + k; private static Tensor Inv(Tensor y, double k) => y - k; "
        + "private static Tensor Slope(Tensor x, double k) => torch.zeros_like(x); ";

    public static TheoryData<string, string> Same() => new()
    {
        { "text with holes in it, added", Body("return x + d[\"{x}{y}{k}{l}{0}{1}{{}}\"];", Table) },
        { "text with holes in it, multiplied", Body("return x * Math.Exp(d[\"{x}\"]) / Math.Exp(d[\"{y}\"]);", Table) },
        { "text with holes in it, in powers and slopes", Scalar("torch.pow(x.sigmoid(), Math.Exp(d[\"{k}\"] / 9))",
            "public override Domain Codomain => Domain.Unit; " + Table) },
        { "text with holes in it, in a slope of a leak",
            Scalar("torch.nn.functional.leaky_relu(x - 0.5, Math.Exp(d[\"{x}\"] / 9))", Table) },
        { "text with holes in it, in a condition of a part",
            Halves("b = b * torch.exp(a * d[\"{y}\"]) + a * d[\"{x}\"]; return Parts.Join(a, b);", Table) },
        { "text with holes in it, for a row of one's own", Body("return F(x, d[\"{1}\"], d[\"{0}\"]);",
            Table + "[Primitive(nameof(Inv), nameof(Slope))] private static Tensor F(Tensor x, double a, double b) => "
            + "x + a * b; private static Tensor Inv(Tensor y, double a, double b) => y - a * b; "
            + "private static Tensor Slope(Tensor x, double a, double b) => torch.zeros_like(x);") },
        { "text with holes in it, in what a row is called on", Body("return r[\"{0}{x}\"].F(x, 2.0);",
            "private readonly System.Collections.Generic.Dictionary<string, Row> r = new() { [\"{0}{x}\"] = new() };")
            + " public sealed class Row { [Primitive(nameof(Inv), nameof(Slope))] "
            + "public Tensor F(Tensor x, double k) => x + k; public Tensor Inv(Tensor y, double k) => y - k; "
            + "public Tensor Slope(Tensor x, double k) => torch.zeros_like(x); }" },
        { "text with holes in it, in a causal map", Body(
            "return x * torch.exp(Before(x, d[\"{x}\"]).tanh()) + Before(x, d[\"{k}\"]);",
            Table + "[Causal] private static Tensor Before(Tensor x, double k) => k * (x.cumsum(-1) - x);") },
        { "text with holes in it, in a contraction", Body("return x + Bend(x, d[\"{x}\"]);", Table
            + "[Contractive(0.5)] private static Tensor Bend(Tensor x, double k) => (x + k).sin() / 2;") },
        { "text with torch in it", Body("return x + d[\"torch.exp(x)\"] + torch.ones(1);", "private static readonly "
            + "System.Collections.Generic.Dictionary<string, double> d = new() { [\"torch.exp(x)\"] = 2 };")
            .Replace("torch.ones(1)", "ones(1)", StringComparison.Ordinal) },
        { "text with torch in it, where torch is something else", Body("return x * d[\"torch.exp(x)\"] + torch;",
            "private readonly double torch = 1; [Positive] private static double Rate => 2; private sealed class D { "
            + "public double this[string s] { [return: Positive] get => s.Length; } } "
            + "[Positive] private readonly D d = new();")
            .Replace("d[\"torch.exp(x)\"]", "Math.Exp(d[\"torch.exp(x)\"] / 9)", StringComparison.Ordinal) },

        { "a row with an overload for whole numbers", Body("return F(x, n);",
            Rows + "private readonly int n = 2; private static Tensor Inv(Tensor y, int k) => y - 100 * k; "
            + "private static Tensor Slope(Tensor x, int k) => x;") },
        { "a row with an overload for a constant", Body("const int n = 2; return F(F(x, n), 3);",
            Rows + "private static Tensor Inv(Tensor y, int k) => y - 100 * k; "
            + "private static Tensor Slope(Tensor x, int k) => x;") },
        { "a row with a generic overload", Body("return F(x, n);",
            Rows + "private readonly float n = 2; private static Tensor Inv<T>(Tensor y, T k) => y * 0; "
            + "private static Tensor Slope(Tensor x, params float[] k) => x;") },
        { "a row with an overload with a default", Body("return F(x, (byte)n);", Rows
            + "private readonly int n = 2; private static Tensor Inv(Tensor y, byte k, int l = 2) => y * 0;") },
        { "a row with an overload by reference", Body("return F(x, n);", Rows
            + "private readonly double n = 2; private static Tensor Inv(Tensor y, in double k) => y * 0;") },
        { "a row with objects", Body("return G(x, n, \"a\", null);",
            "private readonly int n = 2; [Primitive(nameof(Inv), nameof(Slope))] "
            + "private static Tensor G(Tensor x, object k, object s, string? t) => x + (int)k; "
            + "private static Tensor Inv(Tensor y, object k, object s, string? t) => y - (int)k; "
            + "private static Tensor Inv(Tensor y, int k, string s, object? t) => y * 0; "
            + "private static Tensor Slope(Tensor x, object k, object s, string? t) => torch.zeros_like(x);") },
        { "a row with a tensor and a parameter", Body("return G(x, p);",
            "private readonly TorchSharp.Modules.Parameter p = new(torch.ones(1, torch.float64)); "
            + "[Primitive(nameof(Inv), nameof(Slope))] private static Tensor G(Tensor x, Tensor k) => x + k; "
            + "private static Tensor Inv(Tensor y, Tensor k) => y - k; "
            + "private static Tensor Inv(Tensor y, TorchSharp.Modules.Parameter k) => y * 0; private static Tensor "
            + "Slope(Tensor x, Tensor k) => torch.zeros_like(x); public M() => RegisterComponents();") },
        { "a row with named arguments", Body("return F(k: n, x: x);", Rows
            + "private readonly int n = 2; private static Tensor Inv(Tensor y, int k) => y * 0;") },
        { "a row with a keyword for a name", Body("return @checked(x, 2);",
            "[Primitive(nameof(@unchecked), nameof(@default))] private static Tensor @checked(Tensor x, double k) => x "
            + "+ k; private static Tensor @unchecked(Tensor y, double k) => y - k; "
            + "private static Tensor @default(Tensor x, double k) => torch.zeros_like(x);") },
        { "a row of a base class", "public abstract class Root : Bijector { "
            + Rows.Replace("private static", "protected", StringComparison.Ordinal)
            + " } [GeneratedBijector] public sealed partial class M : Root { public override int EventRank => 1; "
            + "[Forward] private Tensor Map(Tensor x) { var Inv = F(x, 2); return Inv * 2; } }" },
        { "a row of a class with a keyword for a name", Body("return @static.F(x, 2);")
            + " public static class @static { " + Rows.Replace("private", "public", StringComparison.Ordinal) + " }" },

        { "caller information that is written", Body("return x + Q(2, \"a\", 3);", Caller) },
        { "caller information of a row", Body("return F(x);",
            "[Primitive(nameof(Inv), nameof(Slope))] private static Tensor "
            + "F(Tensor x, [System.Runtime.CompilerServices.CallerMemberName] string s = \"\") => x + s.Length; "
            + "private static Tensor Inv(Tensor y, string s) => y - s.Length; "
            + "private static Tensor Slope(Tensor x, string s) => torch.zeros_like(x);") },
        { "a default that only looks like caller information", Body("return x + Q(2);",
            "private sealed class CallerMemberNameAttribute : Attribute { } "
            + "private static double Q(double k, [CallerMemberName] string s = \"ab\") => k + s.Length;") },
    };

    public static TheoryData<string, string, string> Refused() => new()
    {
        { "BIJ0101", "the caller's name", Body("return x + [|Q(1)|];", Caller) },
        { "BIJ0101", "the caller's name in a constructor", Body("return x + [|new Box()|].K;",
            "private sealed class Box([System.Runtime.CompilerServices.CallerLineNumber] int line = 0) { "
            + "public double K => line; }") },
        { "BIJ0101", "the caller's name in an indexer", Body("return x + [|_box[1]|];",
            "private readonly Box _box = new(); private sealed class Box { public double this[int i, "
            + "[System.Runtime.CompilerServices.CallerFilePath] string s = \"\"] => s.Length; }") },
        { "BIJ0101", "the argument's text", Body("var kk = 2.0; return x + Math.Exp([|Q(kk)|]);",
            "private static double Q(double k, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(k))] "
            + "string s = \"\") => k + s.Length;") },
        { "BIJ0101", "the argument's text of a tensor", Halves("b = b + [|Q(a.sin())|]; return Parts.Join(a, b);",
            "private static Tensor Q(Tensor k, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(k))] "
            + "string s = \"\") => k + s.Length;") },
        { "BIJ0101", "the caller's name in a condition", Body("if ([|Q(1)|] > 2) { x = -x; } return x;", Caller) },
        { "BIJ0101", "the caller's name in a causal function", Body("return x + [|Before(x)|];",
            "[Causal] private static Tensor Before(Tensor x, [System.Runtime.CompilerServices.CallerMemberName] string "
            + "s = \"\") => s.Length * (x.cumsum(-1) - x);") },
        { "BIJ0101", "the caller's line in an extension", Halves("b = b + [|a.Twice()|]; return Parts.Join(a, b);")
            + " public static class Ext { public static Tensor Twice(this Tensor a, "
            + "[System.Runtime.CompilerServices.CallerLineNumber] int n = 0) => a * n; }" },
        { "BIJ0005", "a row by reference",
            Body("return [|F(x, 2)|];", Rows.Replace("double k", "in double k", StringComparison.Ordinal)) },
        { "BIJ0005", "an inverse by reference", Body("return [|F(x, 2)|];",
            Rows.Replace("Inv(Tensor y, double k)", "Inv(Tensor y, in double k)", StringComparison.Ordinal)) },
        { "BIJ0005", "an inverse that cannot be called",
            Body("return [|Other.F(x, 2)|];") + " public static class Other { "
                + Rows.Replace("private static Tensor F", "public static Tensor F", StringComparison.Ordinal) + " }" },
        { "BIJ0101", "a re-indexing that only its file sees",
            Body("x = [|Hidden.Swap(x)|]; return x;") + " file static class Hidden { [Reindexing(nameof(Swap))] "
                + "public static Tensor Swap(Tensor x) => x.flip(-1); public static Shape Swap(Shape x) => x; }" },
        { "BIJ0005", "a re-indexing whose inverse cannot be called",
            Body("x = [|Other.Swap(x)|]; return x;") + " public static class Other { [Reindexing(nameof(Back))] "
                + "public static Tensor Swap(Tensor x) => x.flip(-1); public static Shape Swap(Shape x) => x; "
                + "private static Tensor Back(Tensor x) => x.flip(-1); private static Shape Back(Shape x) => x; }" },
        { "BIJ0005", "an estimator that is not there", Body("return x + [|Bend(x)|];",
            "[Contractive(0.5, Estimator = \"Foo\")] private static Tensor Bend(Tensor x) => x.sin() / 2;") },
        { "BIJ0005", "an estimator that is none", Body("return x + [|Bend(x)|];", "private string foo => \"\"; "
            + "[Contractive(0.5, Estimator = nameof(foo))] private static Tensor Bend(Tensor x) => x.sin() / 2;") },
        { "BIJ0005", "a pass that begins with other arguments",
            Body("return x + [|s.Of(x)|];", "private readonly S s = new();")
                + " [Causal(Incremental = nameof(Begin))] public sealed class S { "
                + "public Tensor Of(Tensor x) => x.cumsum(-1) - x; public P Begin(Tensor x, int k) => null!; "
                + "public abstract class P : CausalPass { public abstract Tensor Of(); } }" },
        { "BIJ0005", "a pass that cannot be begun", Body("return x + [|s.Of(x)|];", "private readonly S s = new();")
            + " [Causal(Incremental = nameof(Begin))] public sealed class S { "
            + "public Tensor Of(Tensor x) => x.cumsum(-1) - x; private P Begin(Tensor x) => null!; "
            + "public abstract class P : CausalPass { public abstract Tensor Of(); } }" },
        { "BIJ0005", "a pass that gives something else",
            Body("return x + [|s.Of(x)|];", "private readonly S s = new();") + " [Causal(Incremental = nameof(Begin))] "
                + "public sealed class S { public Tensor Of(Tensor x) => x.cumsum(-1) - x; public P Begin(Tensor x) "
                + "=> null!; public abstract class P : CausalPass { public abstract double Of(); } }" },
        { "BIJ0005", "an inverse that is hidden", "public abstract class Root : Bijector { "
            + Rows.Replace("private static", "protected", StringComparison.Ordinal)
            + " } [GeneratedBijector] public sealed partial class M : Root { "
            + "public override int EventRank => 1; private Tensor Inv(Tensor y, object k) => y; "
            + "[Forward] private Tensor Map(Tensor x) => [|F(x, 2)|]; }" },
    };

    private static string Table =>
        "private readonly System.Collections.Generic.Dictionary<string, double> d = new() { [\"{x}\"] = 2, "
        + "[\"{y}\"] = 3, [\"{k}\"] = 4, [\"{0}\"] = 5, [\"{1}\"] = 6, [\"{x}{y}{k}{l}{0}{1}{{}}\"] = 7 }; ";

    private static string Caller =>
        "private static double Q(double k, [System.Runtime.CompilerServices.CallerMemberName] string s = \"\", "
        + "[System.Runtime.CompilerServices.CallerLineNumber] int l = 0) => k + s.Length + l; ";

    [Theory]
    [MemberData(nameof(Same))]
    public void Means_the_same(string what, string source) => SameValues.Check(what, source);

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_refused_on_the_expression(string id, string what, string source) => Marked.Fires(id, what, source);

    [Fact]
    public void Aliases_and_usings_of_all_namespaces_around_are_there() =>
        SameValues.Check("directives", Compilations.OfFiles(SameValues.Latest, Usings + """
            using static System.Math;
            using Sum = System.Collections.Generic.List<(double A, double B)>;
            namespace First
            {
                using Second.Inner;
                using D = System.Collections.Generic.List<double>;
                namespace Third.@class
                {
                    using D = System.Collections.Generic.HashSet<double>;
                    using E = Tool;
                    using global::System.Text;
                    [GeneratedBijector]
                    public sealed partial class M : Bijector
                    {
                        public override int EventRank => 1;
                        [Forward]
                        private static Tensor Map(Tensor x) => x + Abs(E.K) + new D([1, 1, 1]).Count
                            + new Sum([(1, 2)])[0].B + new StringBuilder("a").Length + Number();
                        private static double Number() => global::System.Math.Sqrt(4);
                    }
                }
            }

            namespace Second.Inner { public static class Tool { public static double K => -2; } }
            """));

    [Fact]
    public void Whole_numbers_are_checked_where_the_project_checks_them()
    {
        var compilation = Compilations.Of(Body("var k = 100000; return x + k * _n;", "private readonly int _n = 2;"));
        compilation = compilation.WithOptions(compilation.Options.WithOverflowChecks(true));
        SameValues.Check("checked", compilation);
        Assert.DoesNotContain(
            "unchecked", Assert.Single(Compilations.Build(compilation).Emitted), StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_sees_torch_by_other_ways_than_a_directive_of_its_file()
    {
        const string Global = "global using TorchSharp; global using static TorchSharp.torch;";
        const string Body = "var (a, b) = Bijectors.Parts.Halves(x); b = b * a.exp().sigmoid(); b = -b.sinh(); "
            + "return Bijectors.Parts.Join(a, b);";
        const string Class = "[Bijectors.GeneratedBijector] public sealed partial class M : Bijectors.Bijector { "
            + "public override int EventRank => 1; [Bijectors.Forward] "
            + "private static TorchSharp.torch.Tensor Map(TorchSharp.torch.Tensor x) { " + Body + " } }";
        SameValues.Check("global usings", Compilations.OfFiles(SameValues.Latest, Global, Class));
        SameValues.Check("no usings", Compilations.OfFiles(SameValues.Latest, Class));
        SameValues.Check("an alias", Compilations.OfFiles(SameValues.Latest, "using torch = System.Math;" + Class));
        SameValues.Check("a class of that name", Compilations.OfFiles(SameValues.Latest,
            "using TorchSharp; namespace A { public class torch { } namespace B { " + Class + " } }"));
        SameValues.Check("types of the names of TorchSharp's", Compilations.OfFiles(SameValues.Latest,
            "using Own; namespace Own { public class Scalar { public static double K => 2; } } namespace User { "
                + Class.Replace("return", "b = b + Scalar.K; return", StringComparison.Ordinal) + " }"));
    }

    private static string Body(string body, string members = "") =>
        $"[GeneratedBijector] public sealed partial class M : Bijector {{ public override int EventRank => 1; "
        + $"{members} [Forward] private Tensor Map(Tensor x) {{ {body} }} }}";

    private static string Halves(string body, string members = "") =>
        Body("var (a, b) = Parts.Halves(x); " + body, members);

    private static string Scalar(string expression, string members) =>
        $"[GeneratedBijector] public sealed partial class M : Bijector {{ public override int EventRank => 1; "
        + $"{members} [Forward] private Tensor Map(Tensor x) => {expression}; }}";
}
