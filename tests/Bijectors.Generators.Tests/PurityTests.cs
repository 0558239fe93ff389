using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Tests;

/// <summary>
/// What a map takes for known is the same in both directions: what it calls is read, and what cannot be
/// read is asked about.
/// </summary>
public class PurityTests
{
    private const string Odd = "public sealed class Odd : System.Collections.Generic.IComparer<int> { "
        + "public int Compare(int a, int b) => Random.Shared.Next(3) - 1; }";
    private const string OddList = "public sealed class Odd { public int Length => Random.Shared.Next(3); "
        + "public double this[int i] => 1; public double Slice(int from, int count) => 2; }";
    private const string Noise = "private static Tensor F(Tensor a) => ";

    public static TheoryData<string, string, string> Refused() => new()
    {
        { "BIJ0212", "noise", Halves("[|F(a)|]", Noise + "torch.randn_like(a);") },
        { "BIJ0212", "noise two calls away", Halves("[|F(a)|]", Noise
            + "G(a) * 2; private static Tensor G(Tensor a) { var h = a.tanh(); return h + torch.rand(1); }") },
        { "BIJ0212", "noise beside a call of itself", Halves(
            "[|F(a)|]", "private static Tensor F(Tensor a, int n = 3) => n > 0 ? F(a, n - 1) : torch.bernoulli(a);") },
        { "BIJ0212", "a dropout", Halves("[|F(a)|]", Noise + "torch.nn.functional.dropout(a, 0.1);") },
        { "BIJ0212", "weights that are drawn", Halves("[|F(a)|]", Noise + "torch.nn.Linear(2, 2).forward(a);") },
        { "BIJ0212", "a layer that is drawn",
            Apply("[|Fresh()|]", "private static Bijector Fresh() => new PluLinear(4, new Generator());") },
        { "BIJ0212", "a random shift",
            Apply("[|Fresh()|]", "private static Bijector Fresh() => new Shift(Random.Shared.NextDouble());") },
        { "BIJ0212", "noise that is marked",
            Halves("[|F(a)|]", "[System.Diagnostics.Contracts.Pure] " + Noise + "torch.randn_like(a);") },
        { "BIJ0212", "a property", Halves("a * [|K|]", "private static double K => new Random(1).NextDouble();") },
        { "BIJ0212", "an identifier", Halves("[|F(a)|]", Noise + "a * Guid.NewGuid().GetHashCode();") },
        { "BIJ0212", "secret numbers",
            Halves("[|F(a)|]", Noise + "a * System.Security.Cryptography.RandomNumberGenerator.GetInt32(2);") },
        { "BIJ0212", "in place", Halves("[|F(a)|]", Noise + "a.add_(1);") },
        { "BIJ0212", "in place through a variable",
            Halves("[|F(a)|]", "private static Tensor F(Tensor a) { var h = a; h.mul_(2); return h; }") },
        { "BIJ0212", "in place in a view",
            Halves("[|F(a)|]", "private static Tensor F(Tensor a) { var h = a.view(-1); return h.zero_(); }") },
        { "BIJ0212", "in place by an argument",
            Halves("[|F(a)|]", Noise + "torch.nn.functional.relu(a, inplace: true);") },
        { "BIJ0212", "an entry",
            Halves("[|F(a)|]", "private static Tensor F(Tensor a) { a[0] = torch.zeros(1); return a; }") },
        { "BIJ0212", "an out argument",
            Halves("[|F(a)|]", "private static Tensor F(Tensor a) => torch.amax(a, new long[] { -1 }, false, a);") },
        { "BIJ0212", "a parameter in place", Halves(
            "[|F(a)|]", "private readonly Tensor _w = torch.ones(2); private Tensor F(Tensor a) => a + _w.add_(1);") },
        { "BIJ0212", "the clock", Halves("[|F(a)|]", Noise + "a * DateTime.UtcNow.Ticks;") },
        { "BIJ0212", "ticks", Halves("[|F(a)|]", Noise + "a * Environment.TickCount64;") },
        { "BIJ0212", "a stopwatch", Halves("[|F(a)|]", Noise + "a * System.Diagnostics.Stopwatch.GetTimestamp();") },
        { "BIJ0212", "the console",
            Halves("[|F(a)|]", "private static Tensor F(Tensor a) { Console.WriteLine(a.dim()); return a.sin(); }") },
        { "BIJ0212", "a file", Halves("[|F(a)|]", Noise + "a * System.IO.File.ReadAllBytes(\"k\").Length;") },
        { "BIJ0212", "the environment",
            Halves("[|F(a)|]", Noise + "a * (Environment.GetEnvironmentVariable(\"K\") ?? \"\").Length;") },
        { "BIJ0212", "the thread",
            Halves("[|F(a)|]", Noise + "a * System.Threading.Thread.CurrentThread.ManagedThreadId;") },
        { "BIJ0212", "a counter", Halves("a * [|Next|]", "private int _n; private double Next => ++_n;") },
        { "BIJ0212", "a counter that is kept elsewhere",
            Halves("[|F(a)|]", Noise + "a * Counter.Next();", "public static class Counter { private static int s_n; "
                + "public static int Next() { s_n += 1; return s_n; } }") },
        { "BIJ0212", "a property that is set", Halves(
            "[|F(a)|]", "private double K { get; set; } private Tensor F(Tensor a) { K = K + 1; return a * K; }") },
        { "BIJ0212", "an exchange", Halves("[|F(a)|]",
            "private double _k = 1, _l = 2; private Tensor F(Tensor a) { (_k, _l) = (_l, _k); return a * 2; }") },
        { "BIJ0212", "an entry of an array", Halves("[|F(a)|]",
            "private readonly double[] _k = new double[1]; private Tensor F(Tensor a) { _k[0]++; return a * 2; }") },
        { "BIJ0212", "a list that grows", Halves("[|F(a)|]",
            "private readonly System.Collections.Generic.List<int> _k = new(); private Tensor F(Tensor a) { "
            + "_k.Add(1); return a * 2; }") },
        { "BIJ0212", "a reference", Halves("[|F(a)|]",
            "private double _k = 1; private Tensor F(Tensor a) { ref var k = ref _k; k = 3; return a * 2; }") },
        { "BIJ0212", "a field handed out", Halves("[|F(a)|]",
            "private double _k = 1; private static void Up(ref double k) => k++; private Tensor F(Tensor a) { "
            + "Up(ref _k); return a * 2; }") },
        { "BIJ0212", "a static that may be written", Halves("a * [|K|]", "public static double K = 2;") },
        { "BIJ0212", "a static that may be written, in a method",
            Halves("[|F(a)|]", "public static double K = 2; " + Noise + "a * K;") },
        { "BIJ0212", "a static that a method writes",
            Halves("a * [|s_k|]", "private static double s_k = 2; public static void Set() => s_k = 3;") },
        { "BIJ0212", "a static of another class that a third one writes", Halves("a * [|Kept.K|]", "",
            "internal static class Kept { internal static double K = 2; } internal static class Other { "
            + "internal static void Set() => Kept.K = 3; }") },
        { "BIJ0212", "a static that a constructor of objects writes",
            Halves("a * [|s_k|]", "private static double s_k = 2; public M() { s_k++; }") },
        { "BIJ0212", "a static of each thread",
            Halves("a * [|s_k|]", "[ThreadStatic] private static double s_k = 2;") },
        { "BIJ0212", "a comparer", Halves(
            "[|F(a)|]",
            Noise
            + "a * System.Linq.Enumerable.First(System.Linq.Enumerable.OrderBy(new[] { 1, 2 }, k => k, new Odd()));",
            Odd) },
        { "BIJ0212", "a comparer in a field", Halves("[|F(a)|]",
            "private readonly System.Collections.Generic.IComparer<int> _c = new Odd(); private Tensor F(Tensor a) => "
            + "a * System.Linq.Enumerable.First(System.Linq.Enumerable.OrderBy(new[] { 1, 2 }, k => k, _c));", Odd) },
        { "BIJ0212", "a comparer of keys", Halves(
            "[|F(a)|]",
            Noise + "a * new System.Collections.Generic.HashSet<int>(new[] { 1, 2 }, new Odd()).Count;",
            "public sealed class Odd : System.Collections.Generic.IEqualityComparer<int> { public bool "
            + "Equals(int a, int b) => Random.Shared.Next(2) == 0; public int GetHashCode(int a) => 0; }") },
        { "BIJ0212", "elements that compare themselves", Halves(
            "[|F(a)|]",
            Noise
            + "a * System.Linq.Enumerable.Count(System.Linq.Enumerable.Distinct(new[] { new Odd(), new Odd() }));",
            "public sealed class Odd { public override bool Equals(object? other) => Random.Shared.Next(2) == 0; "
            + "public override int GetHashCode() => 0; }") },
        { "BIJ0212", "an initialiser that draws", Halves("[|F(a)|]", Noise + "a * new Drawn().K;",
            "public sealed class Drawn { public double K { get; } = Random.Shared.NextDouble(); }") },
        { "BIJ0212", "a constructor that counts", Halves("a * ([|new Drawn(1)|]).K", "", "public sealed class Drawn { "
            + "private static int s_n; public Drawn(int k) { s_n++; } public double K => 2; }") },
        { "BIJ0212", "an operator",
            Halves("[|F(a)|]", Noise + "a * (new Odd() + new Odd());", "public sealed class Odd { "
                + "public static double operator +(Odd a, Odd b) => Random.Shared.NextDouble(); }") },
        { "BIJ0212", "a conversion", Halves("[|F(a)|]", Noise + "a * (double)new Odd();", "public sealed class Odd { "
            + "public static explicit operator double(Odd a) => Random.Shared.NextDouble(); }") },
        { "BIJ0212", "a function in a field",
            Halves("[|_f(a)|]", "private readonly Func<Tensor, Tensor> _f = t => torch.rand_like(t);") },
        { "BIJ0212", "a function from the constructor",
            Halves("[|_f(a)|]", "private readonly Func<Tensor, Tensor> _f; public M() { _f = t => t.add_(1); }") },
        { "BIJ0212", "a function that counts", Halves(
            "[|_f(a)|]", "private readonly Func<Tensor, Tensor> _f; public M() { var n = 0; _f = t => t * ++n; }") },
        { "BIJ0212", "a method in a field", Halves("[|_f(a)|]", "private readonly Func<Tensor, Tensor> _f = Draw; "
            + "private static Tensor Draw(Tensor a) => torch.rand_like(a);") },
        { "BIJ0212", "a lambda in a method", Halves("[|F(a)|]",
            "private static Tensor F(Tensor a) => a * System.Linq.Enumerable.Sum(System.Linq.Enumerable.Select(new[] { "
            + "1.0 }, k => k * Random.Shared.NextDouble()));") },
        { "BIJ0212", "a local function", Halves("[|F(a)|]",
            "private static Tensor F(Tensor a) { double K() => Random.Shared.NextDouble(); return a * K(); }") },
        { "BIJ0212", "behind an interface", Halves("[|_k.Of(a)|]", "private readonly IK _k = new Drawn();",
            "public interface IK { Tensor Of(Tensor a); } public sealed class Drawn : IK { "
            + "public Tensor Of(Tensor a) => torch.rand_like(a); }") },
        { "BIJ0212", "in a class below", Halves("[|_k.Of(a)|]", "private readonly K _k = new();",
            "public class K { public virtual Tensor Of(Tensor a) => a.sin(); } public sealed class Drawn : K { "
            + "public override Tensor Of(Tensor a) => torch.rand_like(a); }") },
        { "BIJ0212", "a network of one's own", Halves("[|_net.Evaluate(a, null)|]",
            "private readonly Drawn _net = new();", Network("Drawn", "torch.rand_like(input)")) },
        { "BIJ0212", "a network of one's own behind its base class", Halves("[|_net.Evaluate(a, null)|]",
            "private readonly Conditioner _net = new Drawn();", Network("Drawn", "input.mul_(2)")) },
        { "BIJ0212", "a module of one's own", Halves("[|_net.forward(a)|]", "private readonly Drawn _net = new();",
            "public sealed class Drawn : nn.Module<Tensor, Tensor> { public Drawn() : base(\"drawn\") { } "
            + "public override Tensor forward(Tensor x) => torch.randn_like(x); }") },
        { "BIJ0212", "a module of one's own in a row", Halves(
            "[|_net.call(a)|]",
            "private readonly nn.Module<Tensor, Tensor> _net = nn.Sequential(new Drawn());",
            "public sealed class Drawn : nn.Module<Tensor, Tensor> { public Drawn() : base(\"drawn\") { } "
            + "public override Tensor forward(Tensor x) => x.neg_(); }") },
        { "BIJ0212", "a row of the table", Apply(
            "[|Grow(x)|]",
            "[Primitive(nameof(Shrink), nameof(Slope))] private static Tensor Grow(Tensor x) => x * 2 + torch.rand(1); "
            + "private static Tensor Shrink(Tensor y) => y / 2; private static Tensor Slope(Tensor x) => x * 0;",
            forward: "") },
        { "BIJ0212", "the inverse of a row of the table", Apply(
            "[|Grow(x)|]",
            "[Primitive(nameof(Shrink), nameof(Slope))] private static Tensor Grow(Tensor x) => x * 2; private static "
            + "Tensor Shrink(Tensor y) => y / 2 + torch.rand(1); private static Tensor Slope(Tensor x) => x * 0;",
            forward: "") },
        { "BIJ0212", "the constructor of a base class", Halves("a * ([|new Below()|]).K", "",
            "public class Above { private static int s_n; public double K { get; } public Above() { K = s_n++; } } "
            + "public sealed class Below : Above { }") },
        { "BIJ0212", "an event", Halves("[|F(a)|]",
            "public event Func<double>? Asked; private Tensor F(Tensor a) => a * (Asked?.Invoke() ?? 1);") },
        { "BIJ0212", "what is made text of", Halves("[|F(a)|]", Noise + "a * $\"{new Odd()}\".Length;",
            "public sealed class Odd { private static int s_n; "
            + "public override string ToString() => new('x', s_n++); }") },
        { "BIJ0212", "a collection of one's own", Body(
            "foreach (var k in [|_ks|]) { x = x + k; } return x;",
            "private readonly Drawn _ks = new();",
            "public sealed class Drawn : System.Collections.Generic.IEnumerable<double> { "
            + "public System.Collections.Generic.IEnumerator<double> GetEnumerator() { "
            + "yield return Random.Shared.NextDouble(); } "
            + "System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator(); }") },
        { "BIJ0212", "a network that the constructor chooses", Halves(
            "[|_net.Evaluate(a, null)|]",
            "private readonly Conditioner _net; public M(int kind) => _net = kind switch { "
            + "0 => new Smooth(), _ => new Drawn() };",
            Network("Smooth", "input.tanh()") + Network("Drawn", "torch.rand_like(input)")) },
        { "BIJ0212", "a pair that is taken apart", Halves(
            "[|F(a)|]",
            "private static Tensor F(Tensor a) { var (k, l) = new Odd(); return a * k * l; }",
            "public sealed class Odd { public void Deconstruct(out double k, out double l) { "
            + "k = Random.Shared.NextDouble(); l = 1; } }") },
        { "BIJ0212", "a pair in a pattern", Halves("[|F(a)|]", Noise + "new Odd() is (> 0.5, _) ? a : -a;",
            "public sealed class Odd { public void Deconstruct(out double k, out double l) { "
            + "k = Random.Shared.NextDouble(); l = 1; } }") },
        { "BIJ0212", "a list pattern", Halves("[|F(a)|]", Noise + "new Odd() is [1, ..] ? a : -a;", OddList) },
        { "BIJ0212", "an index from the end", Halves("[|F(a)|]", Noise + "a * new Odd()[^1];", OddList) },
        { "BIJ0212", "a range of one's own", Halves("[|F(a)|]", Noise + "a * new Odd()[1..];", OddList) },
        { "BIJ0212", "pairs that are compared", Halves("[|F(a)|]", Noise + "(new Odd(), 1) == (new Odd(), 1) ? a : -a;",
            "public sealed class Odd { public override bool Equals(object? other) => other is Odd; public override int "
            + "GetHashCode() => 0; public static bool operator ==(Odd a, Odd b) => Random.Shared.Next(2) == 0; "
            + "public static bool operator !=(Odd a, Odd b) => !(a == b); }") },
        { "BIJ0212", "a conversion of foreach", Halves(
            "[|F(a)|]",
            "private static Tensor F(Tensor a) { foreach (double k in new[] { new Odd() }) { a = a * k; } return a; }",
            "public sealed class Odd { "
            + "public static explicit operator double(Odd a) => Random.Shared.NextDouble(); }") },
        { "BIJ0212", "a copy of a record", Halves("[|F(a)|]", Noise + "a * (new Odd(3) with { K = 2 }).L;",
            "public sealed record Odd(double K) { public double L { get; init; } private Odd(Odd other) { K = other.K; "
            + "L = Random.Shared.NextDouble(); } }") },
        { "BIJ0212", "records that are compared", Halves(
            "[|F(a)|]",
            Noise + "new Kept(new Odd()) == new Kept(new Odd()) ? a : -a;",
            "public sealed record Kept(Odd O); public sealed class Odd { public override bool Equals(object? other) => "
            + "Random.Shared.Next(2) == 0; public override int GetHashCode() => 0; }") },
        { "BIJ0213", "an object of a type that is handed in", Halves(
            "[|F<Drawn>(a)|]",
            "private static Tensor F<T>(Tensor a) where T : Drawn, new() => a * new T().K;",
            "public class Drawn { public double K => 2; }") },
        { "BIJ0212", "a sequence that draws", Halves("[|F(a)|]",
            "private readonly System.Collections.Generic.IEnumerable<double> _ks = "
            + "System.Linq.Enumerable.Select(new[] { 1.0 }, k => k * Random.Shared.NextDouble()); "
            + "private Tensor F(Tensor a) => a * System.Linq.Enumerable.Sum(_ks);") },
        { "BIJ0212", "an iterator that draws", Halves("[|F(a)|]",
            "private readonly System.Collections.Generic.IEnumerable<double> _ks = Draw(); private static "
            + "System.Collections.Generic.IEnumerable<double> Draw() { yield return Random.Shared.NextDouble(); } "
            + "private Tensor F(Tensor a) => a * System.Linq.Enumerable.Sum(_ks);") },
        { "BIJ0212", "an enumerator that is kept", Halves("[|F(a)|]",
            "private readonly System.Collections.Generic.IEnumerator<double> _k = new "
            + "System.Collections.Generic.List<double> { 1 }.GetEnumerator(); private Tensor F(Tensor a) { "
            + "_k.MoveNext(); return a * 2; }") },
        { "BIJ0212", "whether gradients are taken", Halves("[|F(a)|]", Noise + "torch.is_grad_enabled() ? a : -a;") },
        { "BIJ0212", "whether a part takes gradients", Halves("[|F(a)|]", Noise + "a.requires_grad ? a : -a;") },
        { "BIJ0212", "whether a part is a leaf", Halves("[|F(a)|]", Noise + "a.is_leaf ? a : -a;") },
        { "BIJ0212", "how a part is kept", Halves("[|F(a)|]", Noise + "a.is_contiguous() ? a : -a;") },
        { "BIJ0212", "strides", Halves("[|F(a)|]", Noise + "a * a.stride()[0];") },
        { "BIJ0212", "which object it is", Halves("[|F(a)|]", Noise + "a * new object().GetHashCode();") },
        { "BIJ0212", "which tensor it is", Halves("[|F(a)|]", Noise + "a * a.GetHashCode();") },
        { "BIJ0212", "an attention with chance", Halves("[|F(a)|]",
            Noise + "torch.nn.functional.scaled_dot_product_attention(a.unsqueeze(-1), a.unsqueeze(-1), "
            + "a.unsqueeze(-1), p: 0.5).squeeze(-1);") },
        { "BIJ0212", "a part that is disposed",
            Halves("[|F(a)|]", "private static Tensor F(Tensor a) { var h = a.sin(); a.Dispose(); return h; }") },
        { "BIJ0212", "gradients that are switched off", Halves(
            "[|F(a)|]", "private static Tensor F(Tensor a) { using var _ = torch.no_grad(); return a.sin(); }") },
        { "BIJ0212", "a default that may change",
            Halves("[|F(a)|]", Noise + "torch.get_default_dtype() == torch.float32 ? a : -a;") },
        { "BIJ0212", "text of the culture", Halves("[|F(a)|]", Noise + "a * 1.5.ToString().Length;") },
        { "BIJ0212", "a number of the culture", Halves("[|F(a)|]", Noise + "a * double.Parse(\"1.5\");") },
        { "BIJ0213", "what is decided while it runs", Halves("[|F(a)|]",
            "private static Tensor F(Tensor a) { dynamic k = 2.0; return a * (double)k.CompareTo(1.0); }") },
        { "BIJ0212", "an array that is written through a variable", Halves("a * [|_k|][0]",
            "private readonly double[] _k = new double[1]; public void Set() { var q = _k; q[0] = 5; }") },
        { "BIJ0212", "an array that is filled", Halves(
            "a * [|_k|][0]", "private readonly double[] _k = new double[1]; public void Set() => Array.Fill(_k, 5);") },
        { "BIJ0212", "an array that is filled through a span", Halves("a * [|_k|][0]",
            "private readonly double[] _k = new double[1]; public void Set() => _k.AsSpan().Fill(5);") },
        { "BIJ0213", "a list that anyone fills", Halves("[|F(a)|]",
            "public System.Collections.Generic.List<double> Ks { get; } = new(); "
            + "private Tensor F(Tensor a) => a * Ks.Count;") },
        { "BIJ0212", "an if", Body(
            "if ([|Heads()|]) { x = -x; } return x;", "private static bool Heads() => Random.Shared.Next(2) == 0;") },
        { "BIJ0212", "a loop", Body("for (var i = 0; i < [|Count()|]; i++) { x = -x; } return x;",
            "private static int Count() => Random.Shared.Next(2);") },

        { "BIJ0101", "a drawn coin in the body", Body(
            "if ([|System.Security.Cryptography.RandomNumberGenerator.GetInt32(2)|] == 0) { x = -x; } return x;") },
        { "BIJ0101", "ticks in the body", Body("return x + [|Environment.TickCount64|];") },
        { "BIJ0101", "a stopwatch in the body", Body("return x + [|System.Diagnostics.Stopwatch.GetTimestamp()|];") },
        { "BIJ0101", "the time in the body", Body("return x + [|DateTime.Now|].Ticks;") },

        { "BIJ0212", "a field that a method writes",
            Halves("a * [|_k|]", "private double _k = 2; public void Set(double k) => _k = k;") },
        { "BIJ0212", "a field that a method hands out", Halves("a * [|_k|]",
            "private double _k = 2; public void Set() => System.Threading.Interlocked.Exchange(ref _k, 3);") },
        { "BIJ0212", "a field that a method counts up",
            Halves("a * [|_k|]", "private int _k = 2; public void Up() { _k++; }") },
        { "BIJ0212", "a field that a lambda of the constructor writes", Halves(
            "a * [|_k|]", "private double _k = 2; public readonly Action Set; public M() { Set = () => _k = 3; }") },
        { "BIJ0212", "a field that another class writes", Halves("a * [|K|]", "internal double K = 2;",
            "internal static class Other { public static void Set(M m) { m.K = 3; } }") },
        { "BIJ0212", "a public field", Halves("a * [|K|]", "public double K = 2;") },
        { "BIJ0212", "a property that anyone sets", Halves("a * [|K|]", "public double K { get; set; } = 2;") },
        { "BIJ0212", "a property with a setter of its own",
            Halves("a * [|K|]", "public double K { get; private set; } = 2; public void Set() => K = 3;") },
        { "BIJ0212", "a field that is written, in a method", Halves("[|F(a)|]",
            "private double _k = 2; public void Set(double k) => _k = k; private Tensor F(Tensor a) => a * _k;") },
        { "BIJ0212", "an array whose entries are written", Halves(
            "a * [|_k|][0]", "private readonly double[] _k = new double[1]; public void Set(double k) => _k[0] = k;") },
        { "BIJ0212", "a list that is filled later", Halves("a * [|_k|].Count",
            "private readonly System.Collections.Generic.List<int> _k = new(); public void Set() => _k.Add(1);") },
        { "BIJ0212", "options that anyone sets", Halves("a * [|_o.K|]", "private readonly Options _o = new();",
            "public sealed class Options { public double K { get; set; } = 1; }") },
        { "BIJ0212", "a network that is exchanged", Body(
            "var (a, b) = Parts.Halves(x); b = b + [|_net|].Evaluate(a, null); return Parts.Join(a, b);",
            "private Conditioner _net = null!; public void Set(Conditioner net) => _net = net;") },

        { "BIJ0213", "a function that is handed in", Halves(
            "[|_f(a)|]", "private readonly Func<Tensor, Tensor> _f; public M(Func<Tensor, Tensor> f) => _f = f;") },
        { "BIJ0213", "a comparer that is handed in", Halves("[|F(a)|]",
            "private readonly System.Collections.Generic.IComparer<int> _c; "
            + "public M(System.Collections.Generic.IComparer<int> c) => _c = c; private Tensor F(Tensor a) => a * "
            + "System.Linq.Enumerable.First(System.Linq.Enumerable.OrderBy(new[] { 1, 2 }, k => k, _c));") },
        { "BIJ0213", "another assembly",
            Halves("[|F(a)|]", Noise + "a * Xunit.Record.Exception(() => { })!.HResult;") },
        { "BIJ0213", "another assembly in the body",
            Halves("a * [|System.Diagnostics.Activity.DefaultIdFormat|].GetHashCode()") },
        { "BIJ0213", "a method that nothing implements",
            Halves("[|_k.Of(a)|]", "private readonly IK _k = null!;", "public interface IK { Tensor Of(Tensor a); }") },
        { "BIJ0213", "a method of another language", Halves("[|F(a)|]",
            "[System.Runtime.InteropServices.DllImport(\"k\")] private static extern double K(); "
            + "private static Tensor F(Tensor a) => a * K();") },
    };

    public static TheoryData<string, string> Accepted() => new()
    {
        { "a method", Halves("F(a)", Noise + "a.tanh() * Math.PI;") },
        { "a method that calls itself",
            Halves("F(a, 3)", "private static Tensor F(Tensor a, int n) => n == 0 ? a : F(a.sin(), n - 1);") },
        { "variables of a method", Halves("F(a)", "private static Tensor F(Tensor a) { var k = 0.0; "
            + "for (var i = 0; i < 3; i++) { k += i; } var h = a * k; h = h + 1; return h; }") },
        { "a new tensor in place", Halves("F(a)", "private static Tensor F(Tensor a) { var m = torch.zeros_like(a); "
            + "m.fill_(2); m[0] = torch.ones(1); return a.clone().mul_(m); }") },
        { "a new array", Halves("F(a)",
            "private static Tensor F(Tensor a) { var k = new double[3]; "
            + "k[0] = 2; var l = new System.Collections.Generic.List<double>(); l.Add(k[0]); Array.Fill(k, 1.0); "
            + "return a * k[0] * l[0]; }") },
        { "memory of its own", Halves("F(a)",
            "private readonly double[] _k = [2, 1]; private Tensor F(Tensor a) { "
            + "Span<double> k = stackalloc double[2]; k[0] = 2; var l = (double[])_k.Clone(); Array.Sort(l); "
            + "var h = a.clone(); h = h.add_(1); h[0] = 2; return h * k[0] * l[0]; }") },
        { "scopes", Halves("F(a)", "private static Tensor F(Tensor a) { using var scope = torch.NewDisposeScope(); "
            + "using var h = a * 2; return h.sin().MoveToOuterDisposeScope(); }") },
        { "a check", Halves("F(a)", "private static Tensor F(Tensor a) { ArgumentNullException.ThrowIfNull(a); "
            + "return a.shape[^1] > 0 ? a.sin() : throw new ArgumentException(\"empty\", nameof(a)); }") },
        { "numbers and text", Halves("F(a)",
            "private static Tensor F(Tensor a) { var k = System.Linq.Enumerable.Range(0, 3); var s = \"abc\"; "
            + "return a * System.Linq.Enumerable.Sum(k, i => i * 2) * s.Length * MathF.Sqrt(2) * new "
            + "System.Numerics.Vector2(1, 2).Length(); }") },
        { "a row of modules", Halves("_net.call(a)",
            "private readonly nn.Module<Tensor, Tensor> _net = nn.Sequential(nn.Linear(2, 2), nn.Tanh()); "
            + "public M() => RegisterComponents();") },
        { "a network of one's own", Halves(
            "_net.Evaluate(a, null)",
            "private readonly Smooth _net = new(); public M() => RegisterComponents();",
            Network("Smooth", "input.tanh()")) },
        { "a function in a field", Halves("_f(a)", "private readonly Func<Tensor, Tensor> _f = t => t.sin() * 2;") },
        { "a function that is promised to be pure", Halves("_f(a)", "private readonly Func<Tensor, Tensor> _f; "
            + "public M([System.Diagnostics.Contracts.Pure] Func<Tensor, Tensor> f) => _f = f;") },
        { "a promise", Halves("F(a)",
            "private readonly Func<Tensor, Tensor> _f; public M(Func<Tensor, Tensor> f) => _f = f; "
            + "[System.Diagnostics.Contracts.Pure] private Tensor F(Tensor a) => _f(a);") },
        { "an object with state of its own", Halves("F(a)", Noise + "a * new Sum(3).Value;",
            "public sealed class Sum { private double _k; public Sum(int n) { for (var i = 0; i < n; i++) { _k += i; } "
            + "} public double Value => _k; }") },
        { "a record", Halves(
            "F(a)", Noise + "a * (new Options(3) with { K = 2 }).K;", "public sealed record Options(double K);") },
        { "a field that is not readonly", Halves("a * _k", "private double _k = 2; public M() { _k = 3; }") },
        { "a field of the same name elsewhere", Halves("a * _k", "private double _k = 2;",
            "public sealed class Other { private double _k; public void Set() => _k = 3; public double K => _k; }") },
        { "a property of the constructor", Halves("a * K", "public double K { get; init; } = 2;") },
        { "a property that is set in the constructor",
            Halves("a * K", "public double K { get; private set; } public M(double k) { K = k; }") },
        { "a captured parameter", "[GeneratedBijector] public sealed partial class M(double k) : Bijector { "
            + "[Forward] private Tensor Map(Tensor x) => x + k; }" },
        { "a parameter that training changes", Halves("a * _w", "private readonly Tensor _w = torch.ones(2); "
            + "public M() => RegisterComponents(); public void Reset() { _w.zero_(); _w[0] = torch.ones(1); }") },
        { "constants and enumerations",
            Halves("a * K * (int)DayOfWeek.Friday * double.Epsilon", "private const double K = 2;") },
        { "an interface", Halves("_k.Of(a)", "private readonly IK _k = new Sine();", "public interface IK { "
            + "Tensor Of(Tensor a); } public sealed class Sine : IK { public Tensor Of(Tensor a) => a.sin(); }") },
        { "a static that nobody writes", Halves(
            "a * s_k * s_l", "private static double s_k = 2; private static double s_l; static M() { s_l = 3; }") },
        { "comparers", Halves("F(a)",
            Noise + "a * System.Linq.Enumerable.First(System.Linq.Enumerable.OrderBy(new[] { "
            + "1, 2 }, k => k, new Even())) * System.Linq.Enumerable.Count(System.Linq.Enumerable.Distinct(new[] { "
            + "\"a\" }, StringComparer.Ordinal)) * System.Linq.Enumerable.First(System.Linq.Enumerable.OrderBy(new[] "
            + "{ 1, 2 }, k => k, System.Collections.Generic.Comparer<int>.Create((k, l) => k - l)));",
            "public sealed class Even : System.Collections.Generic.IComparer<int> { "
            + "public int Compare(int a, int b) => a % 2 - b % 2; }") },
        { "elements that compare themselves", Halves(
            "F(a)",
            Noise
            + "a * System.Linq.Enumerable.Count(System.Linq.Enumerable.Distinct(new[] { new Kind(1), new Kind(2) }));",
            "public sealed record Kind(int K);") },
        { "pairs, patterns and indices of one's own", Halves(
            "F(a)",
            "private static Tensor F(Tensor a) { var (k, l) = new Pair(1, 2); return new Pair(1, 2) is (1, _) && "
            + "(new Pair(1, 2), 1) == (new Pair(1, 2), 1) ? a * k * new Pair(k, l)[^1] : a; }",
            "public sealed record Pair(double K, double L) { public int Length => 2; "
            + "public double this[int i] => i == 0 ? K : L; }") },
        { "a sequence", Halves("F(a)",
            "private readonly System.Collections.Generic.IEnumerable<double> _ks = System.Linq.Enumerable.Select(new[] "
            + "{ 1.0 }, k => k * 2); private Tensor F(Tensor a) => a * System.Linq.Enumerable.Sum(_ks);") },
        { "a shown list", Halves("F(a)", "public System.Collections.Generic.IReadOnlyList<double> Ks { get; } "
            + "= [1, 2]; private Tensor F(Tensor a) => a * Ks[0];") },
        { "a list that is read through a variable", Halves("F(a)",
            "private readonly double[] _ks = [1, 2]; private Tensor F(Tensor a) { var ks = _ks; var sum = 0.0; "
            + "for (var i = 0; i < ks.Length; i++) { sum += ks[i]; } return a * sum; }") },
        { "tensors of its own that are disposed", Halves(
            "F(a)", "private static Tensor F(Tensor a) { var h = a * 2; var g = h.sin(); h.Dispose(); return g; }") },
        { "text without a culture", Halves("F(a)", Noise
            + "a * 1.5.ToString(System.Globalization.CultureInfo.InvariantCulture).Length * 3.ToString().Length;") },
        { "a field that is named only", Halves("a * nameof(_k).Length",
            "private double _k = 2; public void Set(double k) => _k = k; public double K => _k;") },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_reported_on_the_call(string id, string what, string source)
    {
        var (_, diagnostics) = Compilations.Build(Marked.Plain(source));
        var found = Assert.Single(diagnostics, d => d.Id != "BIJ0402");
        Assert.True(found.Id == id, $"{what}: {found}");
        Assert.Equal(Between(source), found.Location.SourceTree!.ToString()
            .Substring(found.Location.SourceSpan.Start, found.Location.SourceSpan.Length));
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void What_is_pure_compiles_without_a_word(string what, string source)
    {
        var (_, diagnostics) = Compilations.Build(source);
        Assert.True(diagnostics.Count == 0, $"{what}: {string.Join('\n', diagnostics)}");
    }

    [Fact]
    public void Says_what_is_wrong_and_where()
    {
        var (_, diagnostics) = Compilations.Build(
            Halves("F(a)", Noise + "G(a);\nprivate static Tensor G(Tensor a) => a + torch.rand(1);"));
        var message = Assert.Single(diagnostics).GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains(
            "'torch.rand(1)' (User1.cs, line 3) gives another value at every call", message, StringComparison.Ordinal);
        Assert.Contains("in the constructor", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_impure_map_throws_if_its_error_is_suppressed()
    {
        var (emitted, _) = Compilations.Build(Halves("F(a)", Noise + "torch.rand_like(a);"));
        Assert.Contains(
            "throw new global::System.NotSupportedException", Assert.Single(emitted), StringComparison.Ordinal);
    }

    private static string Between(string source) =>
        source[(source.IndexOf("[|", StringComparison.Ordinal) + 2)..source.IndexOf("|]", StringComparison.Ordinal)];

    private static string Body(string body, string members = "", string types = "") =>
        $"[GeneratedBijector] public sealed partial class M : Bijector {{ public override int EventRank => 1; "
        + $"{members} [Forward] private Tensor Map(Tensor x) {{ {body} }} }} {types}";

    private static string Halves(string condition, string members = "", string types = "") =>
        Body($"var (a, b) = Parts.Halves(x); b = b + {condition}; return Parts.Join(a, b);", members, types);

    private static string Apply(string call, string members, string forward = ".Forward(x)") =>
        Body($"return {call}{forward};", members);

    private static string Network(string name, string evaluate) =>
        $"public sealed class {name} : Conditioner {{ public {name}() : base(0) {{ }} "
        + "public override int EventRank => 1; "
        + "public override Shape OutputShape(Shape input) => input; "
        + $"public override Tensor Evaluate(Tensor input, Tensor? context) => {evaluate}; }}";
}
