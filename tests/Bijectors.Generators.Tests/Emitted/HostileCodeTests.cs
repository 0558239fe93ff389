using Microsoft.CodeAnalysis.CSharp;

namespace Bijectors.Generators.Tests.Emitted;

/// <summary>
/// Legal C# of every kind inside and around a [Forward] method: it compiles to the same values, or is refused
/// on the expression.
/// </summary>
public class HostileCodeTests
{
    public static TheoryData<string, string> Same() => new()
    {
        { "a member named field", "[GeneratedBijector] public sealed partial class M : Bijector { "
            + "private readonly Bijector field = new Shift(1.0); public override int EventRank => 0; "
            + "[Forward] private Tensor Map(Tensor x) => field.Forward(x); }" },
        { "a member named field in a loop and a branch", Body(
            "foreach (var f in field) { x = f.Forward(x); } if (field.Length > 0) { "
            + "x = this.field[0].Inverse(x); } return x;",
            "private readonly Bijector[] field = [new Shift(1.0), new Shift(2.0)];") },
        { "a loop variable named field", Body("foreach (var @field in f) { x = @field.Forward(x); } return x;",
            "private readonly Bijector[] f = [new Shift(1.0), new Shift(2.0)];") },
        { "an unsigned factor", Body("return x * k;", "[Positive] private readonly ulong k = 3;") },
        { "factors of other integers", Body("return x * k * l * m / n;",
            "[Positive] private readonly byte k = 3; [Positive] private readonly uint l = 4; "
            + "[NonZero] private readonly short m = -2; [NonZero] private readonly int n = int.MinValue;") },
        { "a decimal", Body("decimal d = 2.5m; const decimal e = 1.5m; return x * (double)k + (double)(d * e);",
            "[Positive] private readonly decimal k = 3;")
            .Replace("(double)k", "Math.Exp((double)k)", StringComparison.Ordinal) },
        { "a half", Body("return x + (double)k;", "private readonly Half k = (Half)3;") },
        { "an argument by reference that is only read",
            Body("var k = 2.0; return x + Twice(k);", "private static double Twice(in double k) => 2 * k;") },
        { "the name of the part", Body("return x + nameof(x).Length;") },
        { "names of variables", Body(
            "var (a, b) = Parts.Halves(x); var kk = a.sin(); "
            + "b = b + Named(kk, nameof(kk)) + nameof(System.Math).Length; return Parts.Join(a, b);",
            "private static Tensor Named(Tensor a, string name) => a * name.Length;") },
        { "a part named torch",
            Named("torch", "torch = torch.exp(); torch = torch + 1; torch = torch.log(); return torch;") },
        { "a part named Bijectors",
            Named("Bijectors", "Bijectors = Bijectors.exp() + 1; return Bijectors.log() * 2;") },
        { "a part named System",
            Named("System", "System = System * Math.Exp(k); return System;", "private readonly double k = 1;") },
        { "a part named Math",
            Named("Math", "Math = Math * k; return -Math;", "[Positive] private readonly double k = 2;") },
        { "a part named y", Named("y", "y = y.exp(); return y * 2;") },
        { "parts named like what is emitted", Named("x",
            "var (logDet, scope) = Parts.Halves(x); var EventRank = logDet.exp(); scope = scope * EventRank.exp(); "
            + "var OutputEventRank = scope + Math.Exp(1); return Parts.Join(logDet, OutputEventRank);") },
        { "a part named value", Named("value", "value = value * 2; return value;") },
        { "a part named global", Named("global", "global = global.exp(); return global.log() * 2;") },
        { "verbatim identifiers", Named("@class", "var (@if, @for) = Parts.Halves(@class); var @return = @if.sin(); "
            + "@for = @for * @return.exp(); return Parts.Join(@if, @for);") },
        { "contextual keywords", Named("record",
            "var (await, where) = Parts.Halves(record); var nameof1 = await.sin(); where = where + nameof1; "
            + "var var = where * 2; return Parts.Join(await, var);") },
        { "a member named torch", Body("return x.exp() * torch;", "[Positive] private readonly double torch = 2;") },
        { "a nested type named torch", Body(
            "var s = x; var (a, b) = Parts.Halves(s); b = b * a.exp().sigmoid(); return Parts.Join(a, b);",
            "private static class torch { }") },
        { "members named like what is emitted", Body(
            "return x + k + y + h + known + solve + pass + t1 + x1 + System + Bijectors + global;",
            "private readonly double k = 1, y = 2, h = 3, known = 4, solve = 5, pass = 6, t1 = 7, x1 = 8, System = 9, "
            + "Bijectors = 10, global = 11;") },
        { "a discard", Body("var (_, t) = (1.0, 2.0); return x + t + _;", "private readonly double _ = 1;")
            .Replace("var (_, t) = (1.0, 2.0); ", "var t = 2.0; ", StringComparison.Ordinal) },
        { "a method that a loop variable hides nothing of", Body(
            "for (var i = 0; i < 2; i++) { for (var j = 2; j > 0; j--) { x = x + Sum(i, j); } } return x;",
            "private static double Sum(int i, int j) => i + 10 * j;") },
        { "a nested class in generic ones", "public partial struct A<T> { public partial interface B<U> { "
            + "[GeneratedBijector] internal sealed partial class M<V> : Bijector { public override int EventRank => "
            + "1; [Forward] private static Tensor Map(Tensor x) => x + typeof(V).Name.Length; } } }" },
        { "a class with a keyword for a name", "[GeneratedBijector] public sealed partial class @event : Bijector { "
            + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); } "
            + "[GeneratedBijector] public sealed partial class @file<@in> : Bijector { "
            + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); }" },
        { "a record around it", "public partial record A { "
            + "public partial record struct B { [GeneratedBijector] internal sealed partial class M : Bijector { "
            + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); } } }" },
        { "a primary constructor",
            "[GeneratedBijector] public sealed partial class M(double k) : Bijector { public M() : this(2) { } "
                + "public override int EventRank => 1; [Forward] private Tensor Map(Tensor x) => x + k; }" },
        { "a partial method", "[GeneratedBijector] public sealed partial class M : Bijector { "
            + "public override int EventRank => 1; [Forward] private partial Tensor Map(Tensor x); } "
            + "public sealed partial class M { private partial Tensor Map(Tensor x) => x + K; "
            + "private partial double K { get; } } public sealed partial class M { private partial double K => 2; }" },
        { "no nullable context", "#nullable disable\n" + Body("string s = null; return x + Length(s);",
            "private static int Length(string s) => s == null ? 3 : s.Length;") },
        { "nullable values", Body("double? k = 2.0; object o = 3; return x + k.Value + Kind(o) + (k ?? 1.0);",
            "private static double Kind(object o) => 5; private static double Kind(int o) => 7;") },
        { "a part as an object", Body(
            "var (a, b) = Parts.Halves(x); object o = a; b = b + Kind(o); return Parts.Join(a, b);",
            "private static Tensor Kind(object o) => (Tensor)o * 2; private static Tensor Kind(Tensor o) => o * 3;") },
        { "constants of every type", Body(
            "const float f = 0.1f; const long l = 3; const string t = \"{x}\"; "
            + "const double n = double.PositiveInfinity; "
            + "return x + f * 1 + Kind(l) + Kind(b) + Kind(s) + Kind(u) + Kind(c) + 1 / n + t.Length;",
            "private const byte b = 4; private const short s = -5; private const ulong u = 6; "
            + "private const char c = 'c'; private static double Kind(long o) => 1; "
            + "private static double Kind(byte o) => 20; private static double Kind(short o) => 300; "
            + "private static double Kind(ulong o) => 4000; private static double Kind(char o) => 50000; "
            + "private static double Kind(double o) => 600000; private static double Kind(int o) => 7000000;") },
        { "whole numbers that wrap around",
            Body("var k = 100000; long l = long.MaxValue; return x + k * k * 1e-9 + (l + 1) * 1e-19;") },
        { "whole numbers that are no constants", Body(
            "var n = 2; var z = 0; long l = 1; const int c = 3; "
            + "return x + Kind(n) + Kind(z) + Kind(c) + u * n * 1e-9 + (u > n ? l + n : 3) * Kind(l);",
            "private readonly uint u = uint.MaxValue; private enum E { } private static double Kind(byte o) => 1; "
            + "private static double Kind(long o) => 2; private static double Kind(E o) => 5; "
            + "private static double Kind(ulong o) => 7;") },
        { "unchecked whole numbers", Body("var k = 2; return x + unchecked(k + int.MaxValue) * 1e-9;") },
        { "extension methods",
            Body("var (a, b) = Parts.Halves(x); b = b + a.Twice().Twice() + 3.0.Half(); return Parts.Join(a, b);")
                + " public static class Ext { public static Tensor Twice(this Tensor a) => a * 2; "
                + "public static double Half(this double a) => a / 2; }" },
        { "tuples", Body("(double s, int t) p = (2, 3); "
            + "var (q, (r, _)) = (p, (1.0, 2.0)).Item1 is var u ? (1.0, (2.0, 3.0)) : default; return x + p.s + p.t;")
            .Replace("var (q, (r, _)) = (p, (1.0, 2.0)).Item1 is var u ? (1.0, (2.0, 3.0)) : default; ", "",
                StringComparison.Ordinal) },
        { "a tuple as an argument", Body(
            "var (a, b) = Parts.Halves(x); b = b + Sum((a, 2), (First: 1, Second: a.sin())); return Parts.Join(a, b);",
            "private static Tensor Sum((Tensor A, double K) p, (int First, Tensor Second) q) => "
            + "p.A * p.K + q.First * q.Second;") },
        { "target-typed new", Body("Box k = new(2); return x + k.K + Take(new(4));",
            "private sealed class Box(double k) { public double K => k; } private static double Take(Box b) => b.K;") },
        { "collection expressions", Body(
            "double[] k = [1, 2, 3]; System.Collections.Generic.IReadOnlyList<double> s = [4, .. k]; "
            + "return x + k[^1] + s[0] + Sum([5, .. k]);",
            "private static double Sum(System.Collections.Generic.List<double> k) => k.Count;") },
        { "raw strings", Body("var s = \"\"\"\n            {x} \"quoted\" { }\n              two\n            \"\"\"; "
            + "return x + s.Length;") },
        { "interpolated strings", Body("var n = 3; var s = $\"{n:D4}{{x}}{n,6}{(n > 2 ? \"a\" : \"b\")}\"; "
            + "return x + s.Length + $@\"{n}\n\"\"{s}\".Length;") },
        { "raw interpolated strings", Body("var n = 3; var s = $$\"\"\"\n            {x} {{ n }} "
            + "{k}\n               {{n:D3}} \"\"\n            \"\"\"; return x + s.Length;") },
        { "strings that end lines in comments", Body("return x + @\"a\u2028b\u0085c\".Length;") },
        { "characters and escapes",
            Body("return x + '\\n' * 1.0 + \"\\u0041{0}\\\\\".Length + \"\"\"a\"b\"\"\".Length + \"ab\"u8.Length;")
                .Replace("'\\n' * 1.0", "(double)'\\n'", StringComparison.Ordinal) },
        { "default and typeof", Body(
            "return x + default(int) + typeof(M).Name.Length + Kind(default) + sizeof(double);",
            "private static double Kind(string? s) => s is null ? 2 : 3;") },
        { "patterns", Body("if (k is > 1 and < 5) { x = x * 2; } return x + (k is 3 or 4 ? 1.0 : 2.0);",
            "private readonly int k = 3;") },
        { "an implicit this in a causal solve",
            Body("return x * torch.exp(Before(x, k).tanh()) + nameof(x).Length;", "private readonly double k = 2; "
                + "[Causal] private static Tensor Before(Tensor x, double k) => k * (x.cumsum(-1) - x);") },
        { "a dynamic number", Body("return x + (double)k.Length;", "private readonly dynamic k = \"abc\";") },
        { "unicode in names", Body("return x + \u03b1 * \u5bf9;", "private readonly double \u03b1 = 2, \u5bf9 = 3;") },
        { "a loop over a list of tuples", Body("foreach (var p in k) { x = x * p.Scale + p.Shift; } return x;",
            "private readonly System.Collections.Generic.List<(double Scale, double Shift)> k = [(2, 1), (3, 4)];")
            .Replace("p.Scale", "Math.Exp(p.Scale)", StringComparison.Ordinal) },
        { "an indexer and a range", Body("return x + k[^1] + k[0] + l[1, 0] + d[\"{x}\"];",
            "private readonly double[] k = [1, 2]; private readonly double[,] l = { { 1, 2 }, { 3, 4 } }; "
            + "private readonly System.Collections.Generic.Dictionary<string, double> d = new() { [\"{x}\"] = 5 };") },
        { "a generic method", Body("return x + One<double>(2) + One<System.Collections.Generic.List<int>>([]);",
            "private static double One<T>(T t) => typeof(T).Name.Length;") },
        { "base access", "public abstract class Root : Bijector { protected virtual double K => 2; } "
            + "[GeneratedBijector] public sealed partial class M : Root { protected override double K => 3; "
            + "[Forward] private Tensor Map(Tensor x) => x + base.K + this.K; public override int EventRank => 1; }" },
        { "a static property of an interface",
            Body("return x + Of<Three>();", "private static double Of<T>() where T : IK => T.K;")
                + " public interface IK { static abstract double K { get; } } public sealed class Three : IK { "
                + "public static double K => 3; }" },
        { "an element of a tuple inside an expression", Body(
            "double k = 2; var p = (k, L: 3.0); var q = (x: 1, y: k, logDet: 5.0); "
            + "return x + Math.Exp(p.k) + Math.Sqrt(p.L) + (q.y + q.x) * q.logDet;") },
        { "named arguments out of order", Body(
            "var (a, b) = Parts.Halves(x); b = b + Mix(k: 2, a: a) + Mix(k: 3, a: a.sin()); return Parts.Join(a, b);",
            "private static Tensor Mix(Tensor a, double k) => a * k;") },
        { "a collection initializer", Body(
            "var (a, b) = Parts.Halves(x); b = b + torch.stack(new System.Collections.Generic.List<Tensor> { "
            + "a, a.sin() }).sum([0]) + new double[] { 1, 2 }[1]; return Parts.Join(a, b);") },
        { "generic names",
            Body("return x + scope<int>.K + y<double>();", "private static double y<T>() => typeof(T).Name.Length;")
                + " public static class scope<T> { public static double K => 2; }" },
        { "comments and directives inside", Body("return /* } */ x // here\n + /* + 1 */ k\n#if X\n + 1\n#else\n - "
            + "-k\n#endif\n#region r\n#endregion\n -(-k);", "private readonly double k = 2;") },
        { "a range of literals",
            Body("return x + 0x10 + 1_000 + .5 + 1e-3f + 0b11 + 5L + 'a' / 2 + int.MinValue * 1e-9 - -3;") },
        { "a factor that is a quotient",
            Body("return x * 2 / 3 * (1.0 / 3) / k * -2;", "[Positive] private readonly int k = 2;") },
        { "a loop of another type", Body(
            "foreach (double k in n) { x = x + k / 2; } foreach (var c in \"abc\") { x = x + (double)c; } "
            + "foreach (object o in n) { x = x + (int)o; } return x;",
            "private readonly System.Collections.Generic.List<int> n = [1, 2, 3];") },
        { "loops with variables and constants for ends", Body(
            "const int c = 1; var n = 3; long m = 2; for (var i = n; i >= c; i--) { x = x * (i + 1.5); } "
            + "for (long j = 0; j < m * 2; j++) { x = x + j; } return x;") },
        { "a class in the global namespace of keywords", "public static partial class @params<@in> { "
            + "[GeneratedBijector] public sealed partial class @base<@out> : Bijector { "
            + "[Forward] private static Tensor Map(Tensor @this) => torch.exp(@this); } }" },
        { "operators of one's own on values",
            Body("return x + (double)(u + v);", "private readonly U u = new(2), v = new(3);")
            + " public readonly record struct U(double K) { public static U operator +(U a, U b) => new(a.K + b.K); "
            + "public static explicit operator double(U u) => u.K; }" },
        { "default interface members and explicit ones",
            Body("return x + ((IK)this).K;").Replace(": Bijector", ": Bijector, IK", StringComparison.Ordinal)
                + " public interface IK { double K => 2; }" },
        { "a value in a branch and in a loop", Body(
            "var k = 2.0; if (n > 1) { var l = k * n; x = x * Math.Exp(l / 9); } else { var l = -k; x = x + l; } "
            + "for (var i = 0; i < n; i++) { const double m = 2; var l = m * i; x = x + l; } return x;",
            "private readonly int n = 2;") },
        { "exchanges of values and parts", Body(
            "var (a, b) = Parts.Halves(x); var (p, q) = (2, 3.0); (a, b) = (b * q, a + p); return Parts.Join(a, b);") },
        { "bijectors inside with keywords for names", Body(
            "x = @as.Forward(x); foreach (var @is in @in) { x = @is.Forward(x); } x = @as.Inverse(x); return x;",
            "private readonly Bijector @as = new Shift(1.0); private readonly Bijector[] @in = [new Shift(2.0)];") },
        { "a bijector given by an expression", Body(
            "x = (n > 1 ? f : g).Forward(x); x = All()[0].Forward(x); x = (f as Shift)!.Forward(x); return x;",
            "private readonly int n = 2; private readonly Bijector f = new Shift(1.0), g = new Shift(2.0); "
            + "private Bijector[] All() => [f, g];") },
        { "re-indexings with arguments of every form", Body(
            "var n = 1; x = Parts.Roll(x, n + K); x = Parts.Roll(x, shift: -n * 2); "
            + "x = Parts.Reshape(x, Shape.Vector(4), Shape.Of(2, n * 2)); x = Parts.Flip(x, -1); "
            + "return Parts.Reshape(x, to: Shape.Vector(4), from: Shape.Of([2, 2]));",
            "private const int K = 1;").Replace("EventRank => 1", "EventRank => 1", StringComparison.Ordinal) },
        { "an estimator with a keyword for a name", Body("return x + Bend(x);",
            "private readonly LogDetEstimator? @new = null; [Contractive(0.5, Estimator = nameof(@new))] "
            + "private static Tensor Bend(Tensor x) => x.sin() / 2;") },
        { "numerical maps with arguments",
            Body("var k = 2; x = Rise(x, k, [1.0, 2.0]); return x + Bend(x, nameof(x), (k, 1.0));",
                "[Monotone] private static Tensor Rise(Tensor x, double k, double[] l) => x * k + x.tanh() * l[1]; "
                + "[Contractive(0.5)] private static Tensor Bend(Tensor x, string s, (int A, double B) t) => "
                + "(x * s.Length).sin() / 2 * t.B / t.A;")
                .Replace("[GeneratedBijector]", "[GeneratedBijector(Numerical = true)]", StringComparison.Ordinal) },
        { "a causal pass of a field with a keyword for a name", Body(
            "var (@else, @try) = @do.@out(x); return x * torch.exp(@else) + @try;",
            "[Causal] private readonly Pair @do = new();") + " public sealed class Pair { "
            + "public (Tensor, Tensor) @out(Tensor x) => ((x.cumsum(-1) - x).tanh(), x.cumsum(-1) - x); }" },
        { "decimals that are constants",
            Body("return x + (double)(D * 2) + (double)M.D;", "private const decimal D = 1.5m;") },
        { "decimals", Body("const decimal d = 1.5m; decimal e = d + 1; return x + (double)(e * d);") },
        { "enum local", Body(
            "var e = DayOfWeek.Friday; const DayOfWeek f = DayOfWeek.Monday; "
            + "return x + (int)e + (double)(int)f + Kind(e);",
            "private static double Kind(DayOfWeek d) => (int)d; private static double Kind(int d) => 100;") },
        { "constants that are no numbers", Body("const bool on = true; var off = false; const string s = \"a{x}\"; "
            + "return x + (on && !off ? 1.0 : 2.0) + s.Length;") },
        { "nulls and defaults", Body(
            "string? s = null; object? o = default; return x + (s ?? \"abc\").Length + (o is null ? 1.0 : 2.0);") },
        { "division of ints", Body("int n = 7; long m = 2; return x + n / 2 + n / m + 7 / n * 1.0 + n % 4;") },
        { "shifts and bits", Body("int n = 7; return x + (n << 3) + (n ^ 5) + (~n) + (n & -n) + (n >>> 1);") },
        { "comparisons",
            Body("int n = 7; if (n > k && n != 3 || k == 2) { x = x * 2; } return x;", "private readonly int k = 2;") },
        { "float arithmetic", Body(
            "float f = 0.1f; double d = f; return x + f * 3 + d * 3 + k * f;", "private readonly float k = 1.1f;") },
        { "float factors", Body("return x * k / l;",
            "[Positive] private readonly float k = 1.1f; [Positive] private readonly long l = 3;") },
        { "uint subtraction", Body("return x + (u - 5) * 1e-9;", "private readonly uint u = 3;") },
        { "property getters", Body("return x + K + L[0] + this[2];",
            "private double K { get; } = 2; private double[] L => [1, 2]; private double this[int i] => i * 3;") },
        { "tensor indices", Body("var (a, b) = Parts.Halves(x); "
            + "b = b + a[TensorIndex.Ellipsis, TensorIndex.Slice(0, 1)]; return Parts.Join(a, b);") },
        { "scalar implicit", Body("Scalar s = 2; return x + s.ToDouble();") },
        { "tuples by names and by places", Body(
            "var p = F(); var (k, l) = p; var (m, _) = F(); return x + k * l + p.A + p.Item2 + m;",
            "private static (double A, double B) F() => (2, 3);") },
        { "nested tuples", Body("var p = ((1.0, 2.0), 3.0); return x + p.Item1.Item2 + p.Item2;") },
        { "deconstruct tuple var typed",
            Body("(double k, long l) = F(); return x + k / l;", "private static (int A, int B) F() => (7, 2);") },
        { "a tuple that is converted", Body("(double A, object B) p = F(); return x + p.A / 2 + Kind(p.B);",
            "private static (int A, int B) F() => (7, 2); private static double Kind(object o) => 1; "
            + "private static double Kind(int o) => 10;") },
        { "a conversion of one's own",
            Body("return x + Twice((double)new U(2));", "private static double Twice(double d) => 2 * d;")
            + " public readonly record struct U(double K) { public static explicit operator double(U u) => u.K; }" },
        { "context parameter", "[GeneratedBijector] public sealed partial class M : Bijector { "
            + "public override int EventRank => 1; [Forward] private Tensor Map(Tensor @new, Tensor? @ref) { "
            + "if (@ref is not null) { @new = @new + @ref; } return @new * 2; } }" },
        { "context named x", "[GeneratedBijector] public sealed partial class M : Bijector { "
            + "public override int EventRank => 1; [Forward] private Tensor Map(Tensor context, Tensor? x) { "
            + "var y = context * 3; if (x is not null) { y = y + x; } return y; } }" },
        { "functions of torch by a static directive", Body("return x + ones(1, float64) + exp(zeros(1, float64));") },
        { "a method with the name of a variable",
            Body("var Bend = 2.0; return x + M.Bend(Bend);", "private static double Bend(double d) => d;") },
        { "a member behind a local of another block", Body(
            "{ var k = 2.0; x = x + k; } { var k = 3; x = x + this.k + k; } return x + k;",
            "private readonly double k = 7;").Replace(" return x + k;", " return x;", StringComparison.Ordinal) },
        { "a formattable string",
            Body("double d = 2.5; return x + FormattableString.Invariant($\"{d:F2}{{}}{nameof(d)}\").Length;") },
        { "char arithmetic", Body("char c = k; return x + (int)k + (k - 'a');", "private readonly char k = 'c';")
            .Replace("char c = k; ", "", StringComparison.Ordinal) },
        { "a conversion that is not checked",
            Body("return x + unchecked((int)k * 1e-9);", "private readonly long k = long.MaxValue;") },
        { "unchecked statement block",
            Body("unchecked { x = x + k * k * 1e-9; } return x;", "private readonly int k = int.MaxValue;") },
        { "generic class static", "public static class G<T> { public static double K => typeof(T).Name.Length; "
            + "[Primitive(nameof(Inv), nameof(Slope))] public static Tensor F(Tensor x, T k) => x + 1; public static "
            + "Tensor Inv(Tensor x, T k) => x - 1; public static Tensor Slope(Tensor x, T k) => torch.zeros_like(x); "
            + "} " + Body("return G<string>.F(x, \"a\") + G<(int A, string? B)>.K;") },
        { "a row with values that may be null", Body("return F(x, null, 2);",
            "[Primitive(nameof(Inv), nameof(Slope))] private static Tensor F(Tensor x, Tensor? t, double? k) => x + "
            + "k!.Value; private static Tensor Inv(Tensor x, Tensor? t, double? k) => x - k!.Value; "
            + "private static Tensor Slope(Tensor x, Tensor? t, double? k) => torch.zeros_like(x);") },
        { "a property pattern",
            Body("return x + (o is string { Length: > 2 } ? 1.0 : 2.0);", "private readonly object o = \"abc\";") },
        { "casts", Body("return x + ((o as string)!.Length) + ((string)o).Length + (o is string ? 1 : 2);",
            "private readonly object o = \"abc\";") },
        { "array creations", Body(
            "return x + new[] { 1.0, 2.0 }[1] + new double[3].Length + new int[,] { { 1 } }[0, 0] + new[] { k }[0];",
            "private readonly double k = 2;") },
        { "a branch on a constant", Body("const int n = 3; if (n > 2) { x = -x; } return x;") },
        { "tensors in tuples", Body("var (a, b) = Parts.Halves(x); var p = (a.sin(), K: a.cos()); var s = p.K; "
            + "b = b * torch.exp(p.Item1) + s + p.K; return Parts.Join(a, b);") },
        { "a list pattern", Body("return x + (k is [1, ..] ? 1.0 : 2.0);", "private readonly double[] k = [1, 2];") },
        { "variables named like parameters of emitted code",
            Body("var eventRank = 2.0; var batchRank = 3; var scope = eventRank * batchRank; return x + scope;") },
        { "casts of this",
            Body("return x + ((M)this).k + ((Bijector)this).EventRank;", "private readonly double k = 2;") },
        { "a generic class of the same name", Body("return x + M.K + M<int>.K;", "private static double K => 2;")
            + " public static class M<T> { public static double K => 3; }" },
        { "tensors that are known",
            Body("Tensor t = torch.ones(1, torch.float64); var torch2 = t + 1; return x + torch2;") },
        { "parameters with default", Body("return x + Q() + Q(2) + Q(l: 5);", "private static double Q(double k = 1.5, "
            + "int l = 2, string? s = null, DayOfWeek d = DayOfWeek.Friday, decimal m = 2.5m) => k + l + (int)d;") },
        { "arguments for an array", Body("return x + Q(1, 2, 3) + Q() + Q([4.0]) + R(1, \"a\");",
            "private static double Q(params double[] k) => k.Length; "
            + "private static double R(params object[] o) => o.Length;") },
        { "arguments for a span", Body(
            "return x + Q(1, 2, 3);", "private static double Q(params System.ReadOnlySpan<double> k) => k.Length;") },
        { "loop variables named torch and EventRank", Body(
            "foreach (var torch in k) { var (a, b) = Parts.Halves(x); b = b * a.exp().sigmoid() + torch; "
            + "x = Parts.Join(a, b); } for (var OutputEventRank = 0; OutputEventRank < 2; OutputEventRank++) { "
            + "x = x * exp(Before(x).tanh()) + OutputEventRank; } return x;",
            "private readonly double[] k = [1, 2]; "
            + "[Causal] private static Tensor Before(Tensor x) => x.cumsum(-1) - x;") },
        { "variables named _", Body(
            "var _ = -x; _ = _ * 2; var (a, b) = Parts.Halves(_); (_, b) = (a, b + 1); return Parts.Join(_, b);") },
        { "bijectors of variables, tuples and loops", Body(
            "var f = k[0]; var (g, h) = (k[1], Pair()); var n = 2; var on = n > 1; x = f.Forward(x); if (on) { "
            + "x = g.Forward(x); } else { x = h.F.Inverse(x); } for (var i = 0; i < n; i++) { "
            + "x = k[n - 1 - i].Forward(x); x = h.Item2.Inverse(x); } return x;",
            "private readonly Bijector[] k = [new Shift(1.0), new Shift(2.0)]; "
            + "private (Bijector F, Bijector G) Pair() => (k[1], k[0]);") },
        { "defaults of references", Body(
            "object o = default!; string? s = default; System.Collections.Generic.List<int>? l = null!; "
            + "return x + (o is null ? 1.0 : 2.0) + (s ?? \"ab\").Length + (l is null ? 3.0 : 4.0);") },
        { "a formattable string in a variable", Body("var k = 2.5; FormattableString s = $\"{k}{{0}}\"; "
            + "IFormattable t = $\"{k}\"; return x + s.Format.Length + s.ArgumentCount + t.ToString()!.Length;") },
        { "code behind the return",
            Body("var k = 2.0; return x + k;\n#pragma warning disable CS8321\ndouble Twice(double l) => 2 * l;") },
    };

    public static TheoryData<string, string, string> Refused() => new()
    {
        { "BIJ0101", "a local function behind the return", Body("var (a, b) = Parts.Halves(x); b = b + [|Twice(a)|]; "
            + "return Parts.Join(a, b); Tensor Twice(Tensor t) => t * 2;") },
        { "BIJ0101", "a local function of a number",
            Body("return x + Math.Exp([|Twice()|]); static double Twice() => 2;") },
        { "BIJ0005", "a local function as a row",
            Body("return [|F(x)|]; [Primitive(\"G\", \"G\")] static Tensor F(Tensor x) => x;") },
        { "BIJ0101", "'in'",
            Body("var k = 2.0; return x + Twice([|in k|]);", "private static double Twice(in double k) => 2 * k;") },
        { "BIJ0101", "'out'",
            Body("return x + Twice([|out _|]);", "private static double Twice(out double k) => k = 2;") },
        { "BIJ0101", "'ref readonly'", Body("var k = 2.0; return x + Twice([|ref k|]);",
            "private static double Twice(ref readonly double k) => 2 * k;") },
        { "BIJ0101", "checked arithmetic", Body("return x + checked([|_k * _k|]);", "private readonly int _k = 3;") },
        { "BIJ0101", "a type of the file as an argument",
            Body("return x + [|Name<Hidden>()|];", "private static double Name<T>() => typeof(T).Name.Length;")
                + " file sealed class Hidden { }" },
        { "BIJ0101", "a type of the file in typeof",
            Body("return x + [|typeof(Hidden)|].Name.Length;") + " file sealed class Hidden { }" },
        { "BIJ0101", "a type of the file in is",
            Body("return x + ([|_o is Hidden|] ? 1.0 : 2.0);", "private readonly object _o = 1;")
                + " file sealed class Hidden { }" },
        { "BIJ0005", "a row in a type of the file", Body("return [|Hidden.F(x)|];")
            + " file static class Hidden { [Primitive(\"G\", \"G\")] public static Tensor F(Tensor x) => x; "
            + "public static Tensor G(Tensor x) => x; }" },
        { "BIJ0101", "an unsigned variable", Body("ulong k = [|3|]; return x * k;") },
        { "BIJ0101", "a loop over what is a collection twice",
            Body("foreach (var k in [|_k|]) { x = x + k; } return x;", "private readonly Two _k = new();")
            + " public sealed class Two : System.Collections.Generic.IEnumerable<int>, "
            + "System.Collections.Generic.IEnumerable<double> { public System.Collections.Generic.IEnumerator<int> "
            + "GetEnumerator() => null!; System.Collections.Generic.IEnumerator<double> "
            + "System.Collections.Generic.IEnumerable<double>.GetEnumerator() => null!; "
            + "System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => null!; }" },
        { "BIJ0101", "a loop over a collection that counts otherwise",
            Body("foreach (var k in [|_k|]) { x = x + k; } return x;", "private readonly One _k = new();")
                + " public sealed class One : System.Collections.Generic.IEnumerable<int> { "
                + "public System.Collections.Generic.IEnumerator<double> GetEnumerator() => null!; "
                + "System.Collections.Generic.IEnumerator<int> "
                + "System.Collections.Generic.IEnumerable<int>.GetEnumerator() => null!; "
                + "System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => null!; }" },
        { "BIJ0101", "an anonymous object", Body("var k = 2.0; return x + Math.Exp(new { [|k|] }.k);") },
        { "BIJ0101", "'with'", Body("return x + (_k with { [|K = 3|] }).K;", "private readonly R _k = new(2);")
            + " public sealed record R(double K);" },
        { "BIJ0101", "a switch expression",
            Body("return x + Math.Exp([|_k switch { > 1 => 1.0, _ => 2.0 }|]);", "private readonly int _k = 3;") },
        { "BIJ0101", "'?.'", Body("return x + ([|_s?.Length|] ?? 2);", "private readonly string? _s = null;") },
        { "BIJ0101", "stackalloc", Body("System.Span<double> k = [|stackalloc double[2]|]; return x + k[0];") },
        { "BIJ0101", "a constant that no whole number is", Body("var z = 1e20; return x + [|(int)z|] * 1e-9;") },
    };

    [Theory]
    [MemberData(nameof(Same))]
    public void Compiles_to_the_same_values(string what, string source) => SameValues.Check(what, source);

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_refused_on_the_expression(string id, string what, string source) => Marked.Fires(id, what, source);

    private static string Body(string body, string members = "") => Named("x", body, members);

    private static string Named(string part, string body, string members = "") =>
        $"[GeneratedBijector] public sealed partial class M : Bijector {{ public override int EventRank => 1; "
        + $"{members} [Forward] private Tensor Map(Tensor {part}) {{ {body} }} }}";
}
