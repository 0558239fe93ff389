using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Tests;

/// <summary>
/// Every diagnostic fires on the exact expression between [| and |], and a near miss of each compiles without a word.
/// </summary>
public class DiagnosticTests
{
    private const string Vector = "public override int EventRank => 1;";

    public static TheoryData<string, string, string> Refused() => new()
    {
        { "BIJ0001", "not partial", "[GeneratedBijector] public sealed class [|M|] : Bijector { "
            + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); }" },
        { "BIJ0001", "not sealed", "[GeneratedBijector] public partial class [|M|] : Bijector { "
            + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); }" },
        { "BIJ0001", "not a bijector", "[GeneratedBijector] public sealed partial class [|M|] { "
            + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); }" },
        { "BIJ0002", "no forward", "[GeneratedBijector] public sealed partial class [|M|] : Bijector { }" },
        { "BIJ0002", "two forwards", "[GeneratedBijector] public sealed partial class [|M|] : Bijector { "
            + "[Forward] private static Tensor A(Tensor x) => torch.exp(x); "
            + "[Forward] private static Tensor B(Tensor x) => torch.exp(x); }" },
        { "BIJ0003", "wrong signature", "[GeneratedBijector] public sealed partial class M : Bijector { "
            + "[Forward] private static Tensor [|Map|](Tensor x, double k) => torch.exp(x); }" },
        { "BIJ0004", "written by hand too", "[GeneratedBijector] public sealed partial class M : Bijector { "
            + "[Forward] private static Tensor Map(Tensor x) => torch.exp(x); "
            + "protected override Tensor [|InverseCore|](Tensor y, Tensor? context) => y.log(); }" },
        { "BIJ0005", "a primitive without its inverse", Body("return [|Grow(x)|];",
            "[Primitive(\"Shrink\", \"Slope\")] private static Tensor Grow(Tensor x) => 2 * x; "
            + "private static Tensor Slope(Tensor x) => x * 0;") },
        { "BIJ0005", "an inverse with other parameters", Body("return [|Grow(x, 2)|];",
            "[Primitive(nameof(Shrink), nameof(Slope))] private static Tensor Grow(Tensor x, double k) => k * x; "
            + "private static Tensor Shrink(Tensor y) => y / 2; "
            + "private static Tensor Slope(Tensor x, double k) => x * 0;") },
        { "BIJ0005", "a value with its log-slope that is one tensor", Body("return [|Grow(x)|];",
            "[Primitive(nameof(Shrink), nameof(Slope), WithLogSlope = nameof(Slope))] "
            + "private static Tensor Grow(Tensor x) => 2 * x; private static Tensor Shrink(Tensor y) => y / 2; "
            + "private static Tensor Slope(Tensor x) => x * 0;") },
        { "BIJ0005", "an inverse with its log-slope that is not there", Body("return [|Grow(x)|];",
            "[Primitive(nameof(Shrink), nameof(Slope), InverseWithLogSlope = \"Both\")] "
            + "private static Tensor Grow(Tensor x) => 2 * x; private static Tensor Shrink(Tensor y) => y / 2; "
            + "private static Tensor Slope(Tensor x) => x * 0;") },
        { "BIJ0005", "a value with its log-slope from other parameters", Body("return [|Grow(x, 2)|];",
            "[Primitive(nameof(Shrink), nameof(Slope), WithLogSlope = nameof(Both))] private static "
            + "Tensor Grow(Tensor x, double k) => k * x; private static Tensor Shrink(Tensor y, double k) => y / k; "
            + "private static Tensor Slope(Tensor x, double k) => x * 0; "
            + "private static (Tensor, Tensor) Both(Tensor x) => (x, x);") },
        { "BIJ0005", "an empty domain", Body("return [|Grow(x)|];", "[Primitive(nameof(Grow), nameof(Grow), Low = 1, "
            + "High = 0)] private static Tensor Grow(Tensor x) => 2 - x;") },
        { "BIJ0005", "a pass that is none", Body("return x + [|_sum.Of(x)|];", "private readonly Summing _sum = new();")
            + "[Causal(Incremental = nameof(Begin))] public sealed class Summing { "
            + "public Tensor Of(Tensor x) => x.cumsum(-1) - x; public Tensor Begin(Tensor x) => x; }" },
        { "BIJ0101", "a loop with a condition alone",
            Body("[|while (_n > 0) { x = -x; }|] return x;", "private readonly int _n = 1;") },
        { "BIJ0101", "steps of two", Body("[|for (var i = 0; i < 4; i += 2) { x = -x; }|] return x;") },
        { "BIJ0101", "a return in a branch",
            Body("if (_n > 0) { [|return -x;|] } return x;", "private readonly int _n = 1;") },
        { "BIJ0101", "a break", Body("for (var i = 0; i < 3; i++) { x = -x; if (_n > 0) { [|break;|] } } return x;",
            "private readonly int _n = 1;") },
        { "BIJ0101", "a value that changes from pass to pass",
            Body("var k = 1.0; for (var i = 0; i < 3; i++) { [|k = k + 1|]; x = x + k; } return x;") },
        { "BIJ0101", "an if on a tensor", Body("if ([|(_rows > 0).any().item<bool>()|]) { x = -x; } return x;",
            "private readonly Tensor _rows = torch.ones(2, 3);") },
        { "BIJ0101", "a division by a constant that is zero", Body("int z = 0; var k = [|5 / z|]; return x + k;") },
        { "BIJ0101", "a remainder of a computed zero",
            Body("int z = 2; int w = z; return x + (double)(3 + [|5 % (z - w)|]);") },
        { "BIJ0101", "a compound assignment", Body("[|x *= 2;|] return x;") },
        { "BIJ0101", "in place", Body("return [|x.mul_(2)|];") },
        { "BIJ0101", "in place in a condition", Halves("b = b + [|a.add_(1)|]; return Parts.Join(a, b);") },
        { "BIJ0101", "an unknown function", Body("return [|torch.digamma(x)|];") },
        { "BIJ0101", "division by a part", Body("return [|2 / x|];") },
        { "BIJ0101", "a lambda",
            Halves("b = b + _net.Evaluate(new Func<Tensor, Tensor>([|t => t|])(a)); return Parts.Join(a, b);") },
        { "BIJ0203", "one of two parts picked", Body("return [|Parts.Halves(x).First|];") },
        { "BIJ0101", "an optional argument", Body("return [|torch.nn.functional.softplus(x, 2, 10)|];") },
        { "BIJ0101", "random numbers", Body("return x + [|Random.Shared.NextDouble()|];") },
        { "BIJ0101", "an increment", Halves("a = a + [|_k++|]; return Parts.Join(a, b);", "private double _k;") },
        { "BIJ0101", "an increment in an argument",
            Halves("a = a + Math.Max([|_k++|], 0); return Parts.Join(a, b);", "private double _k;") },
        { "BIJ0101", "a condition in an argument", Halves(
            "b = b + _net.Evaluate([|_n > 0 ? a : a * 2|]); return Parts.Join(a, b);",
            "private readonly int _n = 1;") },
        { "BIJ0203", "an operator of one's own", Body("return [|x + new Odd()|];")
            + "public sealed class Odd { public static Tensor operator +(Tensor a, Odd b) => a * 3; }" },
        { "BIJ0101", "no tuple", Halves(
            "[|var (s, t)|] = new System.Collections.Generic.KeyValuePair<Tensor, Tensor>(a, a); "
            + "b = b + s; return Parts.Join(a, b);") },
        { "BIJ0101", "noise", Halves("b = b + [|torch.randn_like(a)|]; return Parts.Join(a, b);") },
        { "BIJ0101", "a ref argument", Halves("var n = 1.0; b = b + Helper([|ref n|]); return Parts.Join(a, b);",
            "private static double Helper(ref double n) => n++;") },
        { "BIJ0102", "two candidates", Halves("var c = [|a * torch.exp(b)|]; return c;") },
        { "BIJ0201", "a gate of itself", Body("return x * [|torch.sigmoid(x)|];") },
        { "BIJ0201", "twice itself", Body("return x + [|x|];") },
        { "BIJ0201", "through a network", Halves("b = b * [|_net.Rate(b)|]; return Parts.Join(a, b);") },
        { "BIJ0201", "through a local", Halves("var s = torch.exp(b); b = b * [|s|]; return Parts.Join(a, b);") },
        { "BIJ0202", "a stale condition",
            Halves("var s = torch.exp(a); a = a + 1; b = b * [|s|]; return Parts.Join(a, b);") },
        { "BIJ0202", "a part that was taken apart", Halves("b = b + _net.Evaluate([|x|]); return Parts.Join(a, b);") },
        { "BIJ0203", "a lost part", Halves("return [|-b|];") },
        { "BIJ0203", "a part joined twice", Halves("return Parts.Join(a, [|a|]);") },
        { "BIJ0102", "oryx: one sum twice", Halves("return Parts.Join([|a + b|], a + b);") },
        { "BIJ0203", "oryx: a constant", Body("return [|torch.ones(2)|];") },
        { "BIJ0203", "oryx: a constant beside a part", Halves("return Parts.Join(a, [|torch.ones(2)|]);") },
        { "BIJ0203", "something else returned", Halves("return [|_net.Evaluate(a)|];") },
        { "BIJ0203", "a part overwritten", Halves("b = [|_net.Evaluate(a)|]; return Parts.Join(a, b);") },
        { "BIJ0204", "relu", Body("return [|torch.nn.functional.relu(x)|];") },
        { "BIJ0204", "a sum", Body("return [|x.sum()|];") },
        { "BIJ0204", "a leaky relu that turns", Body("return torch.nn.functional.leaky_relu(x, [|-0.5|]);") },
        { "BIJ0204", "times zero", Body("return x * [|0|];") },
        { "BIJ0216", "a triangular matrix that may have a zero on its diagonal",
            Body("return torch.matmul(x, [|torch.tril(_w)|]);", "private readonly Tensor _w = torch.eye(2);") },
        { "BIJ0204", "a matrix product",
            Body("return torch.matmul(x, [|_w|]);", "private readonly Tensor _w = torch.eye(2);") },
        { "BIJ0204", "causal along the batch", Body("return x + [|Before(x)|];",
            "[Causal(-2)] private static Tensor Before(Tensor x) => torch.cumsum(x, -2) - x;") },
        { "BIJ0204", "causal along an axis counted from the front", Body("return x + [|Before(x)|];",
            "[Causal(1)] private static Tensor Before(Tensor x) => torch.cumsum(x, 1) - x;") },
        { "BIJ0204", "causal where there is no event", Body("return x * torch.exp([|Before(x)|]);",
            "[Causal] private static Tensor Before(Tensor x) => torch.cumsum(x, -1) - x;")
            .Replace("EventRank => 1", "EventRank => 0", StringComparison.Ordinal)
            .Replace("torch.exp([|Before(x)|])", "[|torch.exp(Before(x))|]", StringComparison.Ordinal) },
        { "BIJ0205", "an unmarked field", Body("return x * [|_k|];", "private readonly double _k = 2;") },
        { "BIJ0205", "a tanh scale", Halves("b = b * [|torch.tanh(a)|]; return Parts.Join(a, b);") },
        { "BIJ0205", "a difference of positives", Halves("b = b * ([|torch.exp(a) - 2|]); return Parts.Join(a, b);") },
        { "BIJ0205", "a softplus turned over",
            Halves("b = b * [|torch.nn.functional.softplus(a, -1)|]; return Parts.Join(a, b);") },
        { "BIJ0205", "a rounded quotient", Halves(
            "b = b / [|torch.div(torch.exp(a), torch.exp(a + 1), RoundingMode.floor)|]; return Parts.Join(a, b);") },
        { "BIJ0205", "a tanh that may reach its end",
            Halves("b = b * ([|1 + torch.tanh(a)|]); return Parts.Join(a, b);") },
        { "BIJ0205", "a tanh that rounding takes to zero",
            Halves("b = b * ([|0.50000001 + 0.5 * torch.tanh(a)|]); return Parts.Join(a, b);") },
        { "BIJ0205", "a sigmoid from one", Halves("b = b * ([|1 - torch.sigmoid(a)|]); return Parts.Join(a, b);") },
        { "BIJ0205", "clamped from above",
            Halves("b = b * ([|torch.clamp(torch.exp(a), max: 2) - 1|]); return Parts.Join(a, b);") },
        { "BIJ0205", "clamped too near", Halves("b = b * [|torch.clamp(a, 1e-50, 2)|]; return Parts.Join(a, b);") },
        { "BIJ0205", "relu", Halves("b = b * [|torch.nn.functional.relu(a)|]; return Parts.Join(a, b);") },
        { "BIJ0205", "whole numbers that wrap around",
            Body("return x * ([|_n * _n + 1|]);", "private readonly int _n = 1;") },
        { "BIJ0205", "a stated interval around zero",
            Body("return x * [|_k|];", "[Within(-1, 1)] private readonly double _k = 0.5;") },
        { "BIJ0205", "a stated end that float32 lacks",
            Body("return x * ([|0.7 - _k|]);", "[Within(0, 0.7)] private readonly double _k = 0.5;") },
        { "BIJ0205", "a stated interval of whole numbers up to its end",
            Body("return x * ([|3.0 - _n|]);", "[Within(0, 4)] private readonly long _n = 1;") },
        { "BIJ0005", "a stated interval that is none",
            Body("return x * [|_k|];", "[Positive, Within(2, 1)] private readonly double _k = 0.5;") },
        { "BIJ0206", "log of the negative", Scalar("[|Map|]", "torch.log(torch.tanh(x) - 1)") },
        { "BIJ0206", "log of an unknown shift",
            Scalar("[|Map|]", "torch.log(torch.exp(x) + _k)", "private readonly double _k = 2;") },
        { "BIJ0206", "log of a half", Halves("b = torch.log(b); return Parts.Join(a, b);")
            .Replace("Tensor Map", "Tensor [|Map|]", StringComparison.Ordinal) },
        { "BIJ0207", "an unknown codomain",
            Scalar("[|Map|]", "torch.exp(x) + _k", "private readonly Tensor _k = torch.ones(1);") },
        { "BIJ0207", "a function of an end that is a field",
            Scalar("[|Map|]", "torch.tanh(torch.exp(x) + _k)", "private readonly double _k = 2;") },
        { "BIJ0207", "an end that a factor of unknown direction moves",
            Scalar("[|Map|]", "torch.exp(x) * _k + 1", "[NonZero] private readonly double _k = 2;") },
        { "BIJ0207",
            "an end that the context moves", "[GeneratedBijector] public sealed partial class M : Bijector { [Forward] "
                + "private static Tensor [|Map|](Tensor x, Tensor context) => torch.exp(x) + context.numel(); }" },
        { "BIJ0207", "an end that a loop moves", Scalar("[|Map|]", "x").Replace("=> x;",
            "{ x = torch.exp(x); for (var i = 0; i < 3; i++) { x = x + i; } return x; }", StringComparison.Ordinal) },
        { "BIJ0206", "log of a function without numbers", Scalar("[|Map|]", "torch.log(torch.erf(x) - 0.5)") },
        { "BIJ0207", "a stated domain", "[GeneratedBijector] public sealed partial class M : Bijector { "
            + "public override Domain Domain => Domain.Positive; "
            + "[Forward] private Tensor [|Map|](Tensor x) => torch.exp(x); }" },
        { "BIJ0208", "a roll by the context",
            "[GeneratedBijector] public sealed partial class M : Bijector { public override int EventRank => 1; "
                + "[Forward] private Tensor Map(Tensor x, Tensor? context) => Parts.Roll(x, [|context!.dim()|]); }" },
        { "BIJ0208", "a roll by the input", Halves("b = Parts.Roll(b, [|a.dim()|]); return Parts.Join(a, b);") },
        { "BIJ0005", "a re-indexing without its inverse", Body("x = [|Swap(x)|]; return x;",
            "[Reindexing(\"Back\")] private static Tensor Swap(Tensor x) => x.flip(-1);") },
        { "BIJ0005", "an estimator of another class",
            Body("return x + [|_g.Of(x)|];", "private readonly Pull _g = new();")
                + "public sealed class Pull { public LogDetEstimator? Est; [Contractive(0.5, Estimator = nameof(Est))] "
                + "public Tensor Of(Tensor x) => x.sin() / 2; }" },
        { "BIJ0005", "a generic row", Body("return [|Grow<double>(x, 1)|];",
            "[Primitive(nameof(Shrink), nameof(Slope))] private static Tensor Grow<T>(Tensor x, T k) => x; "
            + "private static Tensor Shrink<T>(Tensor y, T k) => y; "
            + "private static Tensor Slope<T>(Tensor x, T k) => x * 0;") },
        { "BIJ0101", "a type of the file", Halves("b = b + [|Hidden.Of(a)|]; return Parts.Join(a, b);")
            + " file static class Hidden { public static Tensor Of(Tensor a) => a.sin(); }" },
        { "BIJ0101", "an operand in place",
            Halves("b = b + [|torch.nn.functional.relu(a, inplace: true)|]; return Parts.Join(a, b);") },
        { "BIJ0101", "an initialisation in place",
            Halves("b = b + [|torch.nn.init.zeros_(a)|]; return Parts.Join(a, b);") },
        { "BIJ0101", "a method as a value", Body("Func<double> r = [|Random.Shared.NextDouble|]; return x + r();") },
        { "BIJ0101", "an array without its type", Body("double[] k = [|{ 1, 2 }|]; return x + k[0];") },
        { "BIJ0101", "a number that wraps around", Body("uint u = [|1|]; return x + (u - 2);") },
        { "BIJ0101", "a variable of a pattern",
            Body("if (_f is [|{ } f|]) { x = f.Forward(x); } return x;", "private readonly Bijector? _f = null;") },
        { "BIJ0101", "a loop that the context decides on",
            Contextual("for (var i = 0; i < ([|context is null ? 1 : 2|]); i++) { x = x * 3; } return x;") },
        { "BIJ0101", "a loop over a table", Body("foreach (var k in [|_k|]) { x = x + k; } return x;",
            "private readonly double[,] _k = new double[2, 2];") },
        { "BIJ0202", "a part handed to two variables", Body(
            "var (v, d) = Parts.Halves(x); Tensor e; if (_n > 0) { e = -v; v = d; } else { e = v * 2; v = d; } "
            + "return Parts.Join(v, e, [|d|]);", "private readonly int _n = 1;") },
        { "BIJ0203", "a part handed on from pass to pass", Body(
            "var (v, d) = Parts.Halves(x); var (e, f) = Parts.Halves(d); for (var i = 0; i < 2; i++) [|{ "
            + "e = Parts.Join(v, e); v = f; }|] return Parts.Join(v, e, f);") },
        { "BIJ0206", "a domain that exchanges lose in a later pass", Halves(
            "a = torch.exp(a); b = torch.exp(b); for (var i = 0; i < _n; i++) { (a, b) = (b, a - 1); } "
            + "a = torch.log(a); return Parts.Join(a, b);",
            "private readonly int _n = 3;").Replace("Tensor Map", "Tensor [|Map|]", StringComparison.Ordinal) },
        { "BIJ0209", "an if on the input", Body("if ([|x.dim() > 1|]) { x = -x; } return x;") },
        { "BIJ0209", "a loop over a long of the input",
            Body("for (var i = 0; i < [|x|].dim(); i++) { x = -x; } return x;") },
        { "BIJ0204", "a power of zero", Scalar("Map", "torch.pow(x, [|0|])") },
        { "BIJ0209", "a loop over the input",
            Body("for (var i = 0; i < [|(int)x.dim()|]; i++) { x = -x; } return x;") },
        { "BIJ0208", "a move that the context decides on",
            Contextual("if ([|context is null|]) { x = Parts.Flip(x); } return x;") },
        { "BIJ0208", "an exchange that the context decides on", Contextual(
            "var (a, b) = Parts.Halves(x); if ([|context is null|]) { (a, b) = (b, a); } return Parts.Join(a, b);") },
        { "BIJ0203", "a part that one branch loses",
            Halves("[|if (_n > 0) { b = Parts.Join(a, b); }|] return b;", "private readonly int _n = 1;") },
        { "BIJ0203", "a part that a loop maps and does not assign",
            Halves("for (var i = 0; i < 3; i++) [|{ var c = -b; b = c * 2; var d = -a; }|] return b;") },
        { "BIJ0203", "two variables for one part", Halves("var c = a; (a, c) = (b, [|b|]); return a;") },
        { "BIJ0202", "a condition from an earlier pass", Halves("var s = torch.exp(b); for (var i = 0; i < 3; i++) { "
            + "a = a * [|s|]; b = b + a; } return Parts.Join(a, b);") },
        { "BIJ0201", "through a function that mixes what is causal", Body(
            "return x + [|_made.Evaluate(x, null).flip(-1)|];",
            "[Causal] private readonly Conditioner _made = null!;") },
        { "BIJ0201", "causal in its first argument only", Body("return x + [|_made.Evaluate(torch.ones(1), x)|];",
            "[Causal] private readonly Conditioner _made = null!;") },
        { "BIJ0201", "a causal function with the part added", Body(
            "x = x + ([|_made.Evaluate(x, null) + x|]); return x;",
            "[Causal] private readonly Conditioner _made = null!;") },
        { "BIJ0201", "a contraction as a factor", Body("return x * [|torch.exp(Bend(x))|];",
            "[Contractive(0.5)] private static Tensor Bend(Tensor x) => x.sin() / 2;") },
        { "BIJ0201", "twice a contraction", Body(
            "return x + [|2 * Bend(x)|];", "[Contractive(0.5)] private static Tensor Bend(Tensor x) => x.sin() / 2;") },
        { "BIJ0202", "a causal function of what stood there before", Body(
            "var s = _made.Evaluate(x, null); x = x + s; x = Parts.Flip(x); return x + [|s|];",
            "[Causal] private readonly Conditioner _made = null!;") },
        { "BIJ0202", "two causal functions across each other", Body(
            "var s = _made.Evaluate(x, null); x = x + s; x = x + _made.Evaluate(x, null); return x + [|s|];",
            "[Causal] private readonly Conditioner _made = null!;") },
        { "BIJ0206", "a logarithm in a loop", Scalar("[|Map|]", "x").Replace(
            "=> x;",
            "{ x = torch.exp(x); for (var i = 0; i < 3; i++) { x = torch.log(x); } return x; }",
            StringComparison.Ordinal) },
        { "BIJ0210", "a constant of one",
            Body("return x + [|Bend(x)|];", "[Contractive(1)] private static Tensor Bend(Tensor x) => x.sin();") },
        { "BIJ0210", "a negative constant", Body(
            "return x + [|Bend(x)|];", "[Contractive(-0.5)] private static Tensor Bend(Tensor x) => x.sin() / 2;") },
        { "BIJ0211", "a monotone map",
            Body("return [|Rise(x)|];", "[Monotone] private static Tensor Rise(Tensor x) => x + x.tanh();") },
    };

    public static TheoryData<string, string> Accepted() => new()
    {
        { "a loop", Body("for (var i = 0; i < 3; i++) { x = -x + i; } return x;") },
        { "a loop downwards",
            Body("for (var i = _n; i >= 0; i--) { x = -x + i; } return x;", "private readonly int _n = 3;") },
        { "a loop over bijectors", Body("foreach (var f in _layers) { x = f.Forward(x); } return x;",
            "private readonly TorchSharp.Modules.ModuleList<Bijector> _layers = new();") },
        { "an if on a field",
            Body("if (_n > 0) { x = -x; } else { x = x + 1; } return x;", "private readonly int _n = 1;") },
        { "an if on the context", Contextual(
            "if (context is not null && _n > 0) { x = x * torch.exp(context.tanh()); } return x;",
            "private readonly int _n = 1;") },
        { "an exchange in one way", Halves(
            "if (_n > 1) { (a, b) = (b, a); b = b + 1; } else { a = a * 2; } return Parts.Join(a, b);",
            "private readonly int _n = 1;") },
        { "a map before an exchange", Halves(
            "if (_n > 1) { b = b * 2; (a, b) = (b, a); } else { b = b - 1; } return Parts.Join(a, b);",
            "private readonly int _n = 1;") },
        { "loops and branches on the context", Contextual(
            "x = x + 1; if (context is not null) { for (var i = 0; i < 3; i++) { x = x - 1; if (_n > 1) { "
            + "x = x * 2; } } } return x;", "private readonly int _n = 1;") },
        { "a map inside a move", Halves("b = Parts.Roll(b * (torch.nn.functional.softplus(a.sin()) + 0.25), 1); "
            + "a = a + 1; return Parts.Join(a, b);") },
        { "a quotient of numbers", Body("return x * (_k / Math.Exp(_l));",
            "[Positive] private readonly double _k = 2; private readonly double _l = 3;") },
        { "a literal power", Scalar("Map", "torch.sqrt(x.pow(3.0))") },
        { "a tuple by its elements", Body(
            "var s = _made.ScaleAndShift(x, null); x = x * torch.exp(s.LogScale); x = x + s.Shift; return x;",
            "private readonly Made _made = null!;") },
        { "the name of a part", Halves("b = b + Named(a, nameof(b)); return Parts.Join(a, b);",
            "private static Tensor Named(Tensor a, string name) => a * name.Length;") },
        { "values side by side", Halves("var (s, t) = (torch.tanh(a), _net.Evaluate(a)); var (p, q) = (2.0, 3.0); "
            + "b = b * torch.exp(s) + t * (p / q); return Parts.Join(a, b);") },
        { "a state that stays beside one that does not", Body("var (a, b) = Parts.Halves(x); a = torch.exp(a); "
            + "for (var i = 0; i < 3; i++) { a = a * 2; b = b - 1; } a = torch.log(a); return Parts.Join(a, b);") },
        { "keywords as names", Body(
            "foreach (var @in in _k) { x = x + @in; } for (var @for = 1; @for < 3; @for++) { x = x * @for; } return x;",
            "private readonly double[] _k = [1];") },
        { "fields behind locals of one block",
            Body("{ var s = 2.0; x = x * s; } return x + this.s;", "private readonly double s = 1;") },
        { "members that attributes name",
            Body("var t = 2.0; return t * (x + Bend(x));", "private readonly LogDetEstimator? t1 = null; "
                + "[Contractive(0.5, Estimator = nameof(t1))] private static Tensor Bend(Tensor x) => x.sin() / 2;") },
        { "a default of an enumeration", Body("return Grow(x);",
            "private enum Way { Up, Down } [Primitive(nameof(Shrink), nameof(Slope))] "
            + "private static Tensor Grow(Tensor x, Way way = Way.Down, bool twice = true) => 2 * x; "
            + "private static Tensor Shrink(Tensor y, Way way, bool twice) => y / 2; "
            + "private static Tensor Slope(Tensor x, Way way, bool twice) => x * 0;") },
        { "an exchange", Halves(
            "for (var i = 0; i < 3; i++) { b = b + _net.Evaluate(a); (a, b) = (b, a); } return Parts.Join(a, b);") },
        { "a masked autoregressive map", Body(
            "var (s, t) = _made.ScaleAndShift(x, null); return (x - t) * torch.exp(-s);",
            "private readonly Made _made = null!;") },
        { "a causal function in two statements", Body(
            "var s = torch.tanh(_made.Evaluate(x, null)); x = x - s; x = x * torch.exp(s); return x;",
            "[Causal] private readonly Conditioner _made = null!;") },
        { "a causal method", Body("return x + Before(x, 2);",
            "[Causal] private static Tensor Before(Tensor x, double k) => k * (x.cumsum(-1) - x);") },
        { "a residual map",
            Body("return x + Bend(x);", "[Contractive(0.5)] private static Tensor Bend(Tensor x) => x.sin() / 2;") },
        { "a monotone map that is asked for",
            Body("return Rise(x);", "[Monotone] private static Tensor Rise(Tensor x) => x + x.tanh();")
                .Replace("[GeneratedBijector]", "[GeneratedBijector(Numerical = true)]", StringComparison.Ordinal) },
        { "a row of one's own", Body("return Grow(x, 3);",
            "[Primitive(nameof(Shrink), nameof(Slope))] private static Tensor Grow(Tensor x, double k) => k * x; "
            + "private static Tensor Shrink(Tensor y, double k) => y / k; "
            + "private static Tensor Slope(Tensor x, double k) => torch.full_like(x, Math.Log(k));") },

        { "a constant factor", Body("x = x * 2; return x;") },
        { "a part renamed", Halves("var c = -b; return Parts.Join(a, c);") },
        { "a condition on another part", Halves("b = b * torch.sigmoid(a); return Parts.Join(a, b);") },
        { "a gate written the other way round",
            Halves("b = torch.exp(_net.Evaluate(a)) * b; return Parts.Join(a, b);") },
        { "a fresh condition after the map",
            Halves("a = a + 1; var s = torch.exp(a); b = b * s; return Parts.Join(a, b);") },
        { "everything in the return",
            Halves("var (s, t) = _net.ScaleAndShift(a, null); return Parts.Join(a, b * torch.exp(s) + t);") },
        { "a mark on a return value", Halves("b = b * _net.Rate(a); return Parts.Join(a, b);") },
        { "a positive field", Body("return x * _k;", "[Positive] private readonly double _k = 2;") },
        { "products and quotients of positives",
            Halves("b = b / (0.5 + torch.nn.functional.softplus(a) * torch.exp(a)); return Parts.Join(a, b);") },
        { "a tanh that stays away from its end", Halves("b = b * (1.5 + torch.tanh(a)); return Parts.Join(a, b);") },
        { "a bounded scale through a local", Halves(
            "var s = 0.5 * torch.tanh(a); var k = 1 + s; b = b * k / (2 - torch.exp(s)); return Parts.Join(a, b);") },
        { "a negative scale", Halves("b = b * (torch.sin(a) - 1.5); return Parts.Join(a, b);") },
        { "clamped values", Halves("b = b * torch.clamp(a, 0.1, 2) * a.clamp(min: 0.1) * (torch.clamp(a, max: 2) - 3) "
            + "* torch.maximum(a, torch.exp(a) + 1); return Parts.Join(a, b);") },
        { "a square and a size plus something", Halves("b = b * (a * a + 1e-3) * (torch.abs(a) + 1) / "
            + "(torch.nn.functional.relu(a) + 1); return Parts.Join(a, b);") },
        { "numbers by functions of numbers", Body(
            "return x * (Math.Sqrt(2) - 1) * (Math.Log(3) - 1) * (Math.Tanh(_k) + 1.5) * Math.Max(_k, 0.5);",
            "private readonly double _k = 2;") },
        { "stated intervals",
            Body("return x * _k * (2 - _k) * Rate;", "[Within(0, 2)] private readonly double _k = 0.5; "
                + "[Within(double.NegativeInfinity, -1)] private static double Rate => -2;") },
        { "a power of a leaky slope from an interval", Body("return torch.nn.functional.leaky_relu(x, Slope(2));",
            "[return: Within(0.1, 1)] private static double Slope(double k) => k / (1 + k);") },
        { "a stated interval as a number", Body(
            "var k = _k; double l = k - 1; return x * l * (5 - k);", "[Within(2, 5)] private readonly float _k = 3;") },
        { "a stated interval of whole numbers",
            Body("return x * _n * (3.5 - _n);", "[Within(0, 4)] private readonly long _n = 1;") },
        { "one of two positives",
            Halves("b = b * torch.where(a > 0, 2 + torch.sin(a), 1.5 + torch.tanh(a)); return Parts.Join(a, b);") },
        { "log of a shifted exponential", Scalar("Map", "torch.log(torch.exp(x) + 2)") },
        { "a domain that shrinks", Scalar("Map", "torch.logit(0.05 + 0.9 * x)") },
        { "ends of numbers of the class", Scalar("Map", "2 * ((torch.exp(x) + _k) / Width - Math.Sqrt(_k))",
            "private readonly double _k = 2; [Positive] private float Width => 3;") },
        { "a stated codomain", Scalar("Map", "torch.exp(x) + _k", "private readonly double _k = 2; "
            + "public override Domain Codomain => Domain.Interval(_k, double.PositiveInfinity);") },
        { "a roll by a field",
            Halves("b = Parts.Roll(b, _n); return Parts.Join(a, b);", "private readonly int _n = 1;") },
        { "another bijector", Halves("b = _f.Forward(b); a = _f.Inverse(a); return Parts.Join(a, b);",
            "private readonly Bijector _f = null!;") },
        { "several halves",
            Halves("var (c, d) = Parts.Halves(b); c = c + a.sum(-1, true); return Parts.Join(a, Parts.Join(c, d));") },
        { "names of one's own", Halves(
            "var scope = torch.exp(a); var logDet = b * scope; var y = logDet + scope; return Parts.Join(a, y);") },
        { "members with the names of emitted parameters",
            Body("return x * Math.Exp(y + eventRank) + logDet + scope.numel() + context;", "private readonly double y "
                + "= 1, eventRank = 2, logDet = 3, context = 4; private readonly Tensor scope = torch.ones(1);") },
        { "numbers", Body("var k = 2.0; var l = k * 3; x = x * l - k; return x;") },
        { "code behind the return", Body("return x;") },
        { "a network on something that is no part", Body("return x + _c.Evaluate(_template, null);",
            "private readonly Conditioner _c = null!; private readonly Tensor _template = torch.ones(1);") },
        { "facts in a base class", "public abstract class Unit : Bijector { public override int EventRank => 1; "
            + "public override Domain Domain => Domain.Unit; public override Domain Codomain => Domain.Unit; } "
            + "[GeneratedBijector] public sealed partial class M : Unit { "
            + "[Forward] private static Tensor Map(Tensor x) => 1 - x; }" },
        { "a context that is never null", "[GeneratedBijector] public sealed partial class M : Bijector { [Forward] "
            + "private static Tensor Map(Tensor x, Tensor context) => x * torch.exp(context.tanh()) + context; }" },
        { "one shape rule by hand",
            Halves("return Parts.Join(a, b);", "protected override Shape InputShapeCore(Shape output) => output;") },
        { "a string over two lines", Halves("b = b + Helper(a, @\"one\ntwo\"); return Parts.Join(a, b);",
            "private static Tensor Helper(Tensor a, string s) => a * s.Length;") },
        { "a nested class", "public partial class Outer<T> { [GeneratedBijector] internal sealed partial class M : "
            + "Bijector { [Forward] private static Tensor Map(Tensor x) => torch.exp(x); } }" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_reported_on_the_exact_expression(string id, string what, string source)
    {
        var start = source.IndexOf("[|", StringComparison.Ordinal);
        var end = source.IndexOf("|]", StringComparison.Ordinal) - 2;
        var (_, diagnostics) = Compilations.Build(
            source.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal));

        // Without the generated half C# adds that members are missing.
        var diagnostic = Assert.Single(diagnostics, d => id != "BIJ0001" || d.Id != "CS0534");
        Assert.True(diagnostic.Id == id, $"{what}: {diagnostic}");
        var prefix = diagnostic.Location.SourceTree?.ToString().IndexOf('\n', StringComparison.Ordinal) + 1
            ?? Compilations.Of("").SyntaxTrees[1].ToString().IndexOf('\n', StringComparison.Ordinal) + 1;
        Assert.Equal(source[(start + 2)..(end + 2)], source.Remove(
            start, 2)[(diagnostic.Location.SourceSpan.Start - prefix)..(diagnostic.Location.SourceSpan.End - prefix)]);
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Near_misses_compile_without_a_word(string what, string source)
    {
        var (emitted, diagnostics) = Compilations.Build(source);
        Assert.True(diagnostics.Count == 0, $"{what}: {string.Join('\n', diagnostics)}\n{string.Join('\n', emitted)}");
        Assert.Single(emitted);
    }

    [Theory]
    [InlineData("return 2 * x + torch.sinh(x);",
        "put it into a method marked [Monotone] and ask for [GeneratedBijector(Numerical = true)]")]
    [InlineData(
        "var (a, b) = Parts.Halves(x); b = b + 1; return torch.cat(new[] { a, b }, -1);", "write Parts.Join(a, b)")]
    [InlineData("return torch.where(x.abs() > 1, x, x * 0.1);",
        "put it into a method marked [Primitive] that names its inverse")]
    [InlineData("return Own(x);", "only where it is marked [Primitive], [Monotone] or [Reindexing]")]
    [InlineData("return _n > 0 ? x : -x;", "write 'if' and 'else' that assign to the part in both")]
    [InlineData("return _n switch { 1 => x, _ => -x };", "write 'if' and 'else' that assign to the part in both")]
    [InlineData(
        "switch (_n) { case 1: x = -x; break; } return x;", "write 'if' and 'else' that assign to the part in both")]
    [InlineData("if (_n > 0) { return x; } return -x;",
        "write 'if' and 'else' that assign to one variable, and return that at the end of the body")]
    [InlineData("using var h = x * 2; return h + 1;", "leave 'using' out")]
    [InlineData("return x.logcumsumexp(-1);", "increasing numbers only")]
    public void A_message_says_what_to_write(string body, string expected)
    {
        var (_, diagnostics) = Compilations.Build(
            Body(body, "private readonly int _n = 1; private static Tensor Own(Tensor x) => x * 2;"));
        Assert.Contains(diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error), d => d.GetMessage(
            System.Globalization.CultureInfo.InvariantCulture).Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_has_a_case()
    {
        var tested = Refused().Concat(NumericsTests.Refused()).Concat(HandWrittenTests.Refused())
            .Concat(PurityTests.Refused()).Concat(BatchTests.Refused()).Select(row => (string)row[0]).ToHashSet();

        // What the language version and failures of the compiler give is in LanguageVersionTests and IsolationTests.
        Assert.Equal(["BIJ0006", "BIJ0007"], Diagnostics.Rules.All.Select(r => r.Id).Where(id => !tested.Contains(id)));
    }

    [Fact]
    public void A_refused_bijector_throws_if_its_error_is_suppressed()
    {
        var (emitted, _) = Compilations.Build(Body("return torch.nn.functional.relu(x);"));
        Assert.Contains(
            "throw new global::System.NotSupportedException", Assert.Single(emitted), StringComparison.Ordinal);
    }

    [Fact]
    public void A_warning_can_be_silenced_where_it_stands()
    {
        var (_, diagnostics) = Compilations.Build(Body(
            "\n#pragma warning disable BIJ0205\nx = x * _k;\n#pragma warning restore BIJ0205\nreturn x;",
            "private readonly double _k = 2;"));
        Assert.Empty(diagnostics);
    }

    private static string Body(string body, string members = "") =>
        $"[GeneratedBijector] public sealed partial class M : Bijector {{ "
        + $"{Vector} {members} [Forward] private Tensor Map(Tensor x) {{ {body} }} }}";

    private static string Halves(string body, string members = "") =>
        Body("var (a, b) = Parts.Halves(x); " + body,
            (body.Contains("_net", StringComparison.Ordinal) ? "private readonly Net _net = new(); " : "") + members);

    private static string Contextual(string body, string members = "") =>
        Body(body, members).Replace("Map(Tensor x)", "Map(Tensor x, Tensor? context)", StringComparison.Ordinal);

    private static string Scalar(string name, string expression, string members = "") =>
        $"[GeneratedBijector] public sealed partial class M : Bijector {{ "
        + $"{members} [Forward] private Tensor {name}(Tensor x) => {expression}; }}";
}
