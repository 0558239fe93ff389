using Bijectors.RandomPrograms.Run;
using Bijectors.Testing;
using Microsoft.CodeAnalysis;
using static TorchSharp.torch;

namespace Bijectors.Generators.Tests;

/// <summary>
/// Maps that take the entries of a part together, declared as in their papers: each obeys all laws, or is refused
/// on the expression.
/// </summary>
public sealed class JointProgramTests
{
    private const string Vector = "public override int EventRank => 1;";
    private const string Rows = "public override int EventRank => 2;";
    private const string LowerUnit = "torch.matmul(x, torch.tril(w, -1) + torch.eye(4))";

    private const string Places = "torch.arange(x.size(-1), dtype: x.dtype, device: x.device)";
    private const string Behind = "torch.arange(x.size(-1), 0, -1, x.dtype, x.device)";

    private const string Causal = "[Causal] private static Tensor Before(Tensor x) => torch.cumsum(x, -1) - x;";

    private const string Small = "var (q, _) = torch.linalg.qr(w); "
        + "var r1 = torch.triu(r, 1) + torch.diag_embed(0.99 * torch.tanh(s)); "
        + "var r2 = torch.triu(p, 1) + torch.diag_embed(torch.tanh(t));";

    private static readonly string s_small =
        Free("w", 4, 2) + Free("r", 2, 2) + Free("p", 2, 2) + Free("s", 2) + Free("t", 2) + Vector;

    private static readonly string s_planes = Free("u", 4) + Free("w", 4) + Free("b", 1) + Free("c") + Vector;

    // The name, what the class declares beside the map, the body of the map, and the shape of a point.
    private static readonly (string Name, string Members, string Body, Shape Shape)[] s_right =
    [
        ("LowerTriangular", Free("w", 4, 4) + Vector, $"return {LowerUnit};", Shape.Vector(4)),
        ("UpperTriangular", Free("w", 4, 4) + Free("s", 4) + Vector,
            "return torch.matmul(x, torch.triu(w, 1) + torch.diag_embed(torch.exp(s)));", Shape.Vector(4)),
        ("Lu", Free("w", 4, 4) + Free("s", 4) + Vector,
            "var l = torch.tril(w, -1) + torch.eye(4); var u = torch.triu(w, 1) + torch.diag_embed(torch.exp(s)); "
                + "return torch.matmul(x, torch.matmul(l, u));", Shape.Vector(4)),
        ("LuOfLayers", Free("w", 4, 4) + Free("t", 4) + Vector,
            "return torch.nn.functional.linear(x, torch.tril(w, -1) + torch.eye(4)) + t;", Shape.Vector(4)),
        ("OfRows", Free("w", 3, 3) + Free("s", 3) + Rows,
            "return torch.matmul(torch.tril(w, -1) + torch.diag_embed(torch.exp(s)), x);", Shape.Of(3, 2)),
        ("OfEveryRow", Free("w", 2, 2) + Free("s", 2) + Rows,
            "return x.matmul(torch.tril(w, -1) + torch.diag_embed(torch.exp(s)));", Shape.Of(3, 2)),
        ("Transposed", Free("w", 4, 4) + Vector, "var l = torch.tril(w, -1) + torch.eye(4); x = torch.matmul(x, l); "
            + "return torch.matmul(torch.sinh(x), l.T);", Shape.Vector(4)),
        ("Householder", Free("v", 4) + Vector,
            "return torch.matmul(x, torch.eye(4) - 2 * torch.outer(v, v) / torch.dot(v, v));", Shape.Vector(4)),
        ("Cayley", Free("w", 4, 4) + Vector,
            "var a = w - w.T; var i = torch.eye(4); return torch.matmul(x, torch.linalg.solve(i + a, i - a));",
            Shape.Vector(4)),
        ("CayleyByInverse", Free("w", 3, 3) + Vector,
            "var a = 0.5 * (w - w.t()); var i = torch.eye(3); "
                + "return torch.matmul(x, torch.matmul(i - a, torch.linalg.inv(i + a)));", Shape.Vector(3)),
        ("Rotation", Free("w", 3, 3) + Vector,
            "return torch.matmul(x, MatrixFunctions.Exponential(w - w.transpose(0, 1)));", Shape.Vector(3)),
        ("Exponential", Free("w", 3, 3) + Vector,
            "return torch.matmul(x, MatrixFunctions.Exponential(w));", Shape.Vector(3)),
        ("Qr", Free("w", 3, 3) + Vector,
            "var (q, r) = torch.linalg.qr(w); return torch.matmul(x, q);", Shape.Vector(3)),
        ("MarkedOrthogonal", Free("w", 1) + "[Orthogonal] "
            + "private Tensor Swap() => torch.tensor(new float[] { 0, 1, 1, 0 }).reshape(2, 2).to(w.dtype);" + Vector,
            "return torch.matmul(x, Swap()) + w;", Shape.Vector(2)),
        ("MarkedTriangular", Free("w", 2, 2) + "[Triangular(Upper = true)] private Tensor Weight() => torch.triu(w, 1) "
            + "+ torch.diag(torch.tensor(new float[] { 2, -3 }));" + Vector,
            "return torch.matmul(x, Weight());", Shape.Vector(2)),
        ("Masked", Free("w", 4, 4) + Free("s", 4) + "[Triangular(UnitDiagonal = true)] private readonly Tensor mask = "
            + "torch.ones(4, 4).tril().DetachFromDisposeScope();" + Vector,
            "return torch.matmul(x, mask * torch.tril(w, -1) + torch.diag_embed(torch.exp(s)));", Shape.Vector(4)),
        ("CumulativeSum", Vector, "return torch.cumsum(x, -1);", Shape.Vector(5)),
        ("CumulativeSumOfRows", Rows, "return x.cumsum(-2);", Shape.Of(3, 2)),
        ("CumulativeProduct", Vector, "return torch.cumprod(torch.exp(x), -1);", Shape.Vector(4)),
        ("CumulativeProductOfRows", Rows, "return torch.cumprod(torch.exp(x), -2);", Shape.Of(3, 2)),
        ("CircularShift", Free("s", 3) + Vector, "return torch.remainder(torch.sigmoid(x) + s, 1);", Shape.Vector(3)),
        ("OnTheCircle", Free("s", 3) + Vector, "return torch.remainder(x + 3 - s, 6) - 3;", Shape.Vector(3)),
        ("PlanarOfRows", s_planes.Replace(Free("c"), "", StringComparison.Ordinal),
            "return x + LowRank.Constrained(u, w) * torch.tanh((x * w).sum(-1, keepdim: true) + b);", Shape.Vector(4)),
        ("PlanarOfVectors", s_planes, "return x + LowRank.Constrained(u, w) * "
            + "torch.tanh(torch.matmul(x, w) + c).unsqueeze(-1) + b;", Shape.Vector(4)),
        ("PlanarTheOtherWay", s_planes, "var v = LowRank.Constrained(u, w); "
            + "return torch.nn.functional.softplus(x.matmul(w).unsqueeze(-1) - b - c) * v + x;", Shape.Vector(4)),
        ("PlanarOfEveryRow", s_planes.Replace(Free("c"), "", StringComparison.Ordinal),
            "x = Parts.Reshape(x, Shape.Of(8), Shape.Of(2, 4)); "
                + "x = x + LowRank.Constrained(u, w) * torch.asinh((x * w).sum(-1, keepdim: true) + b); "
                + "return Parts.Reshape(x, Shape.Of(2, 4), Shape.Of(8));", Shape.Vector(8)),
        ("HouseholderOfVectors", Free("v", 4) + Vector,
            "return x - 2 * torch.matmul(x, v).unsqueeze(-1) * v / torch.dot(v, v);", Shape.Vector(4)),
        ("Sylvester", Free("w", 4, 2) + Free("r", 2, 2) + Free("p", 2, 2) + Free("b", 2) + Free("s", 2) + Vector,
            "var (q, _) = torch.linalg.qr(w); var r1 = torch.triu(r, 1) + torch.diag_embed(torch.exp(s)); "
            + "var r2 = torch.triu(p, 1) + torch.diag_embed(torch.exp(-s));"
            + "return x + torch.matmul(torch.tanh(torch.matmul(x, torch.matmul(q, r2.T)) + b), "
            + "torch.matmul(r1.T, q.T));", Shape.Vector(4)),
        ("SylvesterOfSmallDiagonals", s_small,
            $"{Small} return x + torch.matmul(torch.tanh(torch.matmul(x, torch.matmul(q, r2.T))), "
                + "torch.matmul(r1.T, q.T));", Shape.Vector(4)),
        ("SylvesterSubtracted", s_small,
            $"{Small} return x - torch.matmul(torch.tanh(torch.matmul(x, torch.matmul(q, r2.T))), "
                + "torch.matmul(r1.T, q.T));", Shape.Vector(4)),
        ("SylvesterOfOneSidedDiagonals", s_small,
            "var (q, _) = torch.linalg.qr(w); "
                + "var r1 = torch.triu(r, 1) + torch.diag_embed(torch.nn.functional.softplus(s) - 0.499); "
                + "var r2 = torch.diag_embed(2 * torch.sigmoid(t)) + torch.triu(p, 1); "
                + "return x + torch.matmul(torch.tanh(torch.matmul(x, torch.matmul(q, r2.T))), "
                + "torch.matmul(r1.T, q.T));", Shape.Vector(4)),
        ("PlanarOfItsOwnShape", s_planes.Replace(Free("c"), "", StringComparison.Ordinal)
            + "private Tensor Of(Tensor a, long[] points) => a.expand(points);",
            "var d = Of(w, x.shape); "
                + "return x + LowRank.Constrained(u, d) * torch.tanh((x * d).sum(-1, keepdim: true) + b);",
            Shape.Vector(4)),
        ("SylvesterInSteps", Free("w", 4, 3) + Free("r", 3, 3) + Vector,
            "var (q, _) = torch.linalg.qr(w); var u = torch.triu(r, 1) + torch.eye(3); "
                + "return x + x.matmul(q).matmul(u).matmul(q.T);", Shape.Vector(4)),
        ("Radial", Free("c", 4) + Free("a", 1) + Free("k", 1) + Vector,
            "var alpha = torch.exp(a); var beta = torch.nn.functional.softplus(k) - alpha; var d = x - c; "
                + "return x + beta * d / (alpha + torch.norm(d, -1, true));", Shape.Vector(4)),
        ("RadialAroundZero", Free("a", 1) + Free("k", 1) + Vector,
            "return x + torch.exp(k) * x / (x.norm(-1, keepdim: true) + torch.exp(a));", Shape.Vector(3)),
        ("Haar", Vector, "var (a, b) = Parts.Halves(x); (a, b) = ((a + b) / Math.Sqrt(2), (a - b) / Math.Sqrt(2)); "
            + "return Parts.Join(a, b);", Shape.Vector(4)),
        ("HaarByNewNames", Vector, "var (a, b) = Parts.Halves(x); var (low, high) = (0.5 * (a + b), a - b); "
            + "return Parts.Join(low, high);", Shape.Vector(4)),
        ("Turn", Free("t", 2) + Vector,
            "var (a, b) = Parts.Halves(x); (a, b) = (torch.cos(t) * a - torch.sin(t) * b, torch.sin(t) * a + "
                + "torch.cos(t) * b); return Parts.Join(a, b);", Shape.Vector(4)),
        ("Stretch", Free("s", 2) + Vector,
            "var (a, b) = Parts.Halves(x); var e = torch.exp(s); (a, b) = (e * a + b, -a + e * b); "
                + "return Parts.Join(a, b);", Shape.Vector(4)),
        ("BoundedMixture", Free("s", 2) + Vector,
            "var (a, b) = Parts.Halves(x); var k = 0.9 * torch.tanh(s); (a, b) = (a + k * b, k * a + b); "
                + "return Parts.Join(a, b);", Shape.Vector(4)),
        ("BothAtOnce", Vector,
            "var (a, b) = Parts.Halves(x); (a, b) = (torch.sinh(a), b + torch.tanh(a).sum(-1, keepdim: true)); "
                + "return Parts.Join(a, b);", Shape.Vector(4)),
        ("EachMapsTheOther", Vector,
            "var (a, b) = Parts.Halves(x); (a, b) = (b * torch.exp(torch.tanh(a).sum(-1, keepdim: true)), a * 2); "
                + "return Parts.Join(b, a);", Shape.Vector(4)),
        ("ExchangedByWhatIsKnown", Vector,
            "var (a, b) = Parts.Halves(x); var s = torch.tanh(b).sum(-1, keepdim: true); "
                + "(b, a) = (b * 2, a * torch.exp(s)); return Parts.Join(a, b);", Shape.Vector(4)),
        ("MixtureByAThirdInline", Vector,
            "var (a, b, c) = Parts.Thirds(x); (a, b) = (torch.cos(c) * a - torch.sin(c) * b, torch.sin(c) * a + "
                + "torch.cos(c) * b); return Parts.Join(a, b, c);", Shape.Vector(6)),
        ("TransposedExponential", Free("w", 3, 3) + Vector,
            "return torch.matmul(x, MatrixFunctions.Exponential(w).T);", Shape.Vector(3)),
        ("TransposedProduct", Free("w", 3, 3) + Vector,
            "var l = torch.tril(w, -1) + torch.eye(3); var u = torch.triu(w, 1) + torch.eye(3); "
                + "return torch.nn.functional.linear(x, torch.matmul(l, u));", Shape.Vector(3)),
        ("HouseholderBySums", Free("v", 4) + Vector, "return torch.matmul(x, torch.eye(4, device: "
            + "v.device) - 2 * torch.outer(v, v) / (v * v).sum());", Shape.Vector(4)),
        ("PlanarOfColumns", Free("u", 4) + Free("w", 4, 1) + Free("b", 1) + Vector,
            "return x + LowRank.Constrained(u, w.squeeze(-1)) * torch.tanh(torch.matmul(x, w) + b);", Shape.Vector(4)),
        ("CausalOnPositive", Vector + "[Causal] private static Tensor Before(Tensor x) { var l = torch.log(x); "
            + "return torch.cumsum(l, -1) - l; }",
            "return torch.log(x) + torch.tanh(Before(x));", Shape.Vector(3)),
        ("CausalOnAStatedDomain", Vector + "[Causal] private static Tensor Before(Tensor x) { var l = torch.log(x); "
            + "return torch.cumsum(l, -1) - l; }"
            + "public override Domain Domain => Domain.Positive; public override Domain Codomain => Domain.Positive;",
            "return x * torch.exp(torch.tanh(Before(x)));", Shape.Vector(3)),
        ("ElementwiseOfAField", Free("k", 4)
            + Vector + "[Causal] private static Tensor Before(Tensor x) => torch.tanh(torch.cumsum(x, -1) - x); "
            + "[Elementwise] private static Tensor E(Tensor a, Tensor k) => k * a;",
            "return x + E(Before(x), k);", Shape.Vector(4)),
        ("MaskedInline", "[Mask] private readonly Tensor m = "
            + "torch.tensor(new float[] { 1, 0, 1, 0 }).DetachFromDisposeScope();" + Vector,
            "return m * x + (1 - m) * (x + torch.sin(m * x).sum(-1, keepdim: true));", Shape.Vector(4)),
        ("ErfInPieces", Vector, "return torch.where(x < 0, torch.erf(x), x);", Shape.Vector(3)),
        ("NamedMinus", "private readonly double t = 0.3;" + Vector, "return -(torch.sigmoid(x) - t);", Shape.Vector(3)),
        ("OrderMadeHere", Vector, "return Parts.Permute(torch.sinh(x), torch.arange(3, -1, -1));", Shape.Vector(4)),
        ("ByWhatIsKnownBefore", Vector,
            "var (a, b) = Parts.Halves(x); var s = torch.tanh(a).sum(-1, keepdim: true); "
                + "(a, b) = (2 * a, b * torch.exp(s)); return Parts.Join(a, b);", Shape.Vector(4)),
        ("MixtureByAThird", Vector,
            "var (a, b, c) = Parts.Thirds(x); var s = torch.exp(torch.tanh(c)); (a, b) = (a + s * b, -s * a + b); "
                + "c = 2 * c; return Parts.Join(a, b, c);", Shape.Vector(6)),
        ("StickOfLogits", Vector, "return Stick.Pieces(x);", Shape.Vector(3)),
        ("EvenStick", Vector, $"return Stick.Pieces(x - torch.log({Behind}));", Shape.Vector(4)),
        ("StickOfPositive", Vector, "return Stick.Pieces(torch.log(x));", Shape.Vector(3)),
        ("StickBehindACoupling", Vector,
            "var (a, b) = Parts.Halves(x); b = b + torch.tanh(a); x = Parts.Join(b, a); return Stick.Pieces(2 * x);",
            Shape.Vector(4)),
        ("StickBehindAMatrix", Free("w", 4, 4) + Vector, $"x = {LowerUnit}; var left = {Behind}; "
            + "return Stick.Pieces(x - torch.log(left));", Shape.Vector(4)),
        ("StickBehindALoop", Vector, "for (var i = 0; i < 2; i++) { x = torch.asinh(x) + 0.5; } "
            + "return Stick.Pieces(x);", Shape.Vector(3)),
        ("StickBehindALoopWithPlaces", Vector,
            $"for (var i = 0; i < 2; i++) {{ x = 0.8 * x + {Places}; }} return Stick.Pieces(x);", Shape.Vector(3)),
        ("StickBehindCausalMaps", Causal + Vector, "x = x * torch.exp(torch.tanh(Before(x))); "
            + $"return Stick.Pieces(x + {Places});", Shape.Vector(3)),
        ("Places", Vector, $"return x + {Places};", Shape.Vector(4)),
        ("PlacesOfLaterStates", Vector, $"var i = {Places}; x = torch.sinh(x - i); x = x * torch.exp(-0.2 * i); "
            + "return i - x;", Shape.Vector(4)),
        ("PlacesOfAnEarlierState", Vector, $"var y = torch.sinh(x); return y + {Places};", Shape.Vector(4)),
        ("PlacesOfRows", Rows, "return x + torch.arange(x.size(-2), dtype: x.dtype, device: x.device).unsqueeze(-1);",
            Shape.Of(3, 2)),
        ("PlacesOfAHalf", Vector, "var (a, b) = Parts.Halves(x); "
            + "b = torch.sinh(b) + torch.arange(b.shape[^1], dtype: b.dtype); a = a + torch.tanh(b); "
            + "return Parts.Join(a, b);", Shape.Vector(4)),
        ("PlacesBehindAMove", Vector, $"x = Parts.Flip(torch.sinh(x)); return x + {Places};", Shape.Vector(4)),
        ("PlacesInALoop", Vector, $"for (var i = 0; i < 3; i++) {{ x = 0.8 * x + 0.5 * {Places}; }} return x;",
            Shape.Vector(4)),
        ("PlacesInABranch", "private readonly bool flag = true;" + Vector,
            $"if (flag) {{ x = torch.sinh(x); x = x + {Places}; }} return 2 * x;", Shape.Vector(4)),
        ("PlacesInPieces", Vector, $"return torch.where(x < 0, x * torch.exp(0.1 * {Places}), torch.sinh(x));",
            Shape.Vector(4)),
        ("PlacesBeforeCausalMaps", Causal + Vector,
            $"x = x + {Places}; x = x + torch.tanh(Before(x)); return x * torch.exp(0.1 * {Places});",
            Shape.Vector(3)),
        ("TurnByPlaces", Vector,
            "var (a, b) = Parts.Halves(x); var t = torch.arange(a.size(-1), dtype: a.dtype); "
                + "(a, b) = (torch.cos(t) * a - torch.sin(t) * b, torch.sin(t) * a + torch.cos(t) * b); "
                + "return Parts.Join(a, b);", Shape.Vector(4)),
        ("ShiftByPlaces", Vector, $"return torch.remainder(torch.sigmoid(x) + 0.1 * {Places}, 1);", Shape.Vector(4)),
        ("ScaleBySize", Vector, "return x / Math.Exp(0.1 * x.size(-1));", Shape.Vector(4)),
        ("OwnRowOfSize", Vector + "[Primitive(nameof(Smaller), nameof(Slope))] "
            + "private static Tensor Larger(Tensor x, long n) => n * x; "
            + "private static Tensor Smaller(Tensor y, long n) => y / n; "
            + "private static Tensor Slope(Tensor x, long n) => torch.full_like(x, Math.Log(n));",
            "return Larger(x, x.size(-1));", Shape.Vector(4)),
        ("PiecesAsWeights", Vector, "var (a, b) = Parts.Halves(x); var w = Stick.Pieces(a); "
            + "b = b + (w * w).sum(-1, keepdim: true); return Parts.Join(a, b);", Shape.Vector(4)),
        ("PlacesOfABranchOutside", "private readonly bool flag = true;" + Vector,
            $"var i = {Places}; if (flag) {{ x = torch.sinh(x); x = x + i; }} return 2 * x;", Shape.Vector(4)),
        ("LikeThePart", Vector, "return x + torch.full(x.size(-1), 0.5, dtype: x.dtype, device: x.device);",
            Shape.Vector(4)),
        ("BothAtOnceTheOtherWay", Vector,
            "var (a, b) = Parts.Halves(x); (a, b) = (a * torch.exp(torch.tanh(b).sum(-1, keepdim: true)), "
                + "torch.sinh(b)); return Parts.Join(b, a);", Shape.Vector(4)),
    ];

    // ... between [| and |] what is refused, and by which rule.
    private static readonly (string Rule, string Name, string Members, string Body)[] s_refused =
    [
        ("BIJ0204", "AnyMatrix", Free("w", 4, 4) + Vector, "return torch.matmul(x, [|w|]);"),
        ("BIJ0204", "StrictlyLower", Free("w", 4, 4) + Vector, "return torch.matmul(x, [|torch.tril(w, -1)|]);"),
        ("BIJ0216", "UnknownDiagonal", Free("w", 4, 4) + Vector, "return torch.matmul(x, [|torch.tril(w)|]);"),
        ("BIJ0216", "FreeDiagonal", Free("w", 4, 4) + Free("s", 4) + Vector,
            "return torch.matmul(x, [|torch.tril(w, -1) + torch.diag_embed(s)|]);"),
        ("BIJ0204", "OnBothSides", Free("w", 4, 4) + Vector,
            "return torch.matmul(x, [|torch.tril(w, -1) + torch.triu(w, 1) + torch.eye(4)|]);"),
        ("BIJ0204", "DiagonalOfEither", Free("w", 4, 4) + Free("s", 4) + Vector,
            "return torch.matmul(x, [|torch.tril(w, -1) + torch.diag(torch.exp(s))|]);"),
        ("BIJ0204", "NotSkew", Free("w", 4, 4) + Free("v", 4, 4) + Vector,
            "return torch.matmul(x, [|torch.linalg.solve(torch.eye(4) + (w - v.T), torch.eye(4) - (w - v.T))|]);"),
        ("BIJ0204", "CayleyOfTwo", Free("w", 4, 4) + Free("v", 4, 4) + Vector,
            "return torch.matmul(x, [|torch.linalg.solve(torch.eye(4) + (w - w.T), torch.eye(4) - (v - v.T))|]);"),
        ("BIJ0204", "CayleyOfOneSign", Free("w", 4, 4) + Vector,
            "return torch.matmul(x, [|torch.linalg.solve(torch.eye(4) + (w - w.T), torch.eye(4) + (w - w.T))|]);"),
        ("BIJ0204", "ThriceAProjection", Free("v", 4) + Vector,
            "return torch.matmul(x, [|torch.eye(4) - 3 * torch.outer(v, v) / torch.dot(v, v)|]);"),
        ("BIJ0204", "ProjectionOfTwo", Free("v", 4) + Free("u", 4) + Vector,
            "return torch.matmul(x, [|torch.eye(4) - 2 * torch.outer(v, u) / torch.dot(v, v)|]);"),
        ("BIJ0204", "ExponentialOfTorch", Free("w", 4, 4) + Vector,
            "return torch.matmul(x, [|torch.matrix_exp(w - w.T)|]);"),
        ("BIJ0204", "TwoMixedWays", Free("w", 4, 4) + Vector,
            "return torch.matmul(x, [|torch.matmul(w, torch.tril(w, -1) + torch.eye(4))|]);"),
        ("BIJ0204", "OverTheBatch", "public override int EventRank => 1;" + Free("w", 4, 4),
            "return [|torch.matmul(torch.tril(w, -1) + torch.eye(4), x)|];"),
        ("BIJ0204", "SumOverTheBatch", Vector, "return [|torch.cumsum(x, -2)|];"),
        ("BIJ0204", "SumFromTheFront", Vector, "return [|torch.cumsum(x, 1)|];"),
        ("BIJ0201", "OfItself", Vector, "return torch.matmul(x, [|x|]);"),
        ("BIJ0204", "RemainderAlone", Vector, "return [|torch.remainder(x, 1)|];"),
        ("BIJ0204", "RemainderOfNothing", Vector, "return [|torch.remainder(x + 1, 0)|];"),
        ("BIJ0206", "RemainderOfAll", Free("s", 4) + Vector,
            "x = torch.sinh(x) * torch.exp(s); return torch.remainder(x + 1, 1);"),
        ("BIJ0216", "FreePlane", s_planes, "return [|x + u * torch.tanh((x * w).sum(-1, keepdim: true) + b)|];"),
        ("BIJ0216", "ConstrainedByAnother", s_planes,
            "return [|x + LowRank.Constrained(u, u) * torch.tanh((x * w).sum(-1, keepdim: true) + b)|];"),
        ("BIJ0201", "PlaneWithoutItsAxis", s_planes, "return x + [|LowRank.Constrained(u, w) * "
            + "torch.tanh(torch.matmul(x, w).unsqueeze(-1).unsqueeze(-1) + b)|];"),
        ("BIJ0201", "PlaneOfASteepFunction", s_planes,
            "return x + [|LowRank.Constrained(u, w) * torch.sinh((x * w).sum(-1, keepdim: true) + b)|];"),
        ("BIJ0202", "PlaneOfAnotherState", s_planes, "var s = torch.tanh((x * w).sum(-1, keepdim: true)); "
            + "x = 2 * x; return x + [|u * s|];"),
        ("BIJ0201", "SumOverAnotherAxis", s_planes,
            "return x + [|u * torch.tanh((x * w).sum(0, keepdim: true) + b)|];"),
        ("BIJ0201", "TwoRidges", s_planes, "return x + [|u * torch.tanh((x * w).sum(-1, keepdim: true)) * "
            + "torch.tanh((x * u).sum(-1, keepdim: true))|];"),
        ("BIJ0216", "SylvesterOfLargeDiagonals", s_small, "var (q, _) = torch.linalg.qr(w); "
            + "var r1 = torch.triu(r, 1) + torch.diag_embed(1.1 * torch.tanh(s)); "
            + "var r2 = torch.triu(p, 1) + torch.diag_embed(torch.tanh(t)); "
            + "return [|x + torch.matmul(torch.tanh(torch.matmul(x, torch.matmul(q, r2.T))), "
            + "torch.matmul(r1.T, q.T))|];"),
        ("BIJ0216", "SylvesterOfSubtractedPositives", s_small, "var (q, _) = torch.linalg.qr(w); "
            + "var r1 = torch.triu(r, 1) + torch.diag_embed(torch.exp(s)); "
            + "return [|x - torch.matmul(torch.tanh(torch.matmul(x, q)), torch.matmul(r1.T, q.T))|];"),
        ("BIJ0216", "SylvesterOfASteepFunction", s_small, $"{Small} "
            + "return [|x + torch.matmul(torch.erf(torch.matmul(x, torch.matmul(q, r2.T))), "
            + "torch.matmul(r1.T, q.T))|];"),
        ("BIJ0216", "SylvesterOfAnInvertedDiagonal", s_small, "var (q, _) = torch.linalg.qr(w); "
            + "var r1 = torch.triu(r, 1) + torch.diag_embed(0.9 * torch.tanh(s)); "
            + "var r2 = torch.linalg.inv(torch.triu(p, 1) + torch.diag_embed(0.9 * torch.tanh(t))); "
            + "return [|x + torch.matmul(torch.tanh(torch.matmul(x, torch.matmul(q, r2.T))), "
            + "torch.matmul(r1.T, q.T))|];"),
        ("BIJ0201", "SylvesterOfTwoFrames", Free("w", 4, 2) + Free("v", 4, 2) + Vector,
            "var (q, _) = torch.linalg.qr(w); var (p, _) = torch.linalg.qr(v); "
                + "return x + [|torch.matmul(torch.tanh(torch.matmul(x, q)), p.T)|];"),
        ("BIJ0201", "SylvesterOfAnyMatrix", Free("w", 4, 2) + Free("r", 2, 2) + Vector,
            "var (q, _) = torch.linalg.qr(w); "
                + "return x + [|torch.matmul(torch.tanh(torch.matmul(x, torch.matmul(q, r))), q.T)|];"),
        ("BIJ0201", "RadialOfAnotherNorm", Free("c", 4) + Free("a", 1) + Vector,
            "return x + [|0.5 * (x - c) / (torch.exp(a) + x.norm(-1, true))|];"),
        ("BIJ0201", "RadialOfAnotherPower", Free("a", 1) + Vector,
            "return x + [|0.5 * x / (torch.exp(a) + x.norm(-1, true, 1))|];"),
        ("BIJ0216", "FreeRadial", Free("a", 1) + Free("k", 1) + Vector,
            "return [|x + k * x / (torch.exp(a) + x.norm(-1, true))|];"),
        ("BIJ0204", "Singular", Vector,
            "var (a, b) = Parts.Halves(x); (a, b) = [|(a + b, 2 * a + 2 * b)|]; return Parts.Join(a, b);"),
        ("BIJ0204", "SingularByRounding", Vector, "var (a, b) = Parts.Halves(x); "
            + "(a, b) = [|(0.1 * a + 0.3 * b, 0.2 * a + 0.6 * b)|]; return Parts.Join(a, b);"),
        ("BIJ0204", "FreeMixture", Free("s", 2) + Vector,
            "var (a, b) = Parts.Halves(x); (a, b) = [|(a + s * b, s * a + b)|]; return Parts.Join(a, b);"),
        ("BIJ0204", "TurnByTwoAngles", Free("t", 2) + Free("s", 2) + Vector,
            "var (a, b) = Parts.Halves(x); (a, b) = [|(torch.cos(t) * a - torch.sin(s) * b, torch.sin(s) * a + "
                + "torch.cos(t) * b)|]; return Parts.Join(a, b);"),
        ("BIJ0204", "MatrixOfAPart", Vector, "var (a, b) = Parts.Halves(x); "
            + "a = torch.matmul(a, [|torch.diag_embed(torch.exp(b))|]); return Parts.Join(a, b);"),
        ("BIJ0101", "AComparison", Vector,
            "var (a, b) = Parts.Halves(x); b = b + ([|a.sum(-1, keepdim: true) > 0|]); return Parts.Join(a, b);"),
        ("BIJ0004", "ACodomainOfAnotherKind", Vector + "private static new double [|Codomain|](int k) => k;",
            "return torch.sigmoid(x);"),
        ("BIJ0216", "SteepPlane", s_planes,
            "return [|x + LowRank.Constrained(u, w) * torch.erf((x * w).sum(-1, keepdim: true) + b)|];"),
        ("BIJ0202", "MixtureByAnOldState", Vector,
            "var (a, b, c) = Parts.Thirds(x); var s = torch.exp(torch.tanh(c)); c = 2 * c; "
                + "(a, b) = [|(a + s * b, -s * a + b)|]; return Parts.Join(a, b, c);"),
        ("BIJ0201", "MixtureByItself", Vector,
            "var (a, b) = Parts.Halves(x); var s = torch.exp(a); (a, b) = ([|a + s * b|], -s * a + b); "
                + "return Parts.Join(a, b);"),
        ("BIJ0201", "NotLinear", Vector,
            "var (a, b) = Parts.Halves(x); (a, b) = ([|a + torch.tanh(b)|], a - b); return Parts.Join(a, b);"),
        ("BIJ0204", "SurfaceMapped", Vector, "return torch.log([|Stick.Pieces(x)|]);"),
        ("BIJ0204", "SurfaceMoved", Vector, "x = [|Stick.Pieces(x)|]; return Parts.Flip(x);"),
        ("BIJ0204", "SurfaceTwice", Vector, "return Stick.Pieces([|Stick.Pieces(x)|]);"),
        ("BIJ0204", "SurfaceInALoop", Vector,
            "for (var i = 0; i < 2; i++) { x = [|Stick.Pieces(x)|]; } return x;"),
        ("BIJ0204", "SurfaceInABranch", "private readonly bool flag = true;" + Vector,
            "if (flag) { x = [|Stick.Pieces(x)|]; } return x;"),
        ("BIJ0204", "SurfaceOfAHalf", Vector,
            "var (a, b) = Parts.Halves(x); a = [|Stick.Pieces(a)|]; return Parts.Join(a, b);"),
        ("BIJ0203", "SurfaceAndALostHalf", Vector,
            "var (a, b) = Parts.Halves(x); a = Stick.Pieces(a); return [|a|];"),
        ("BIJ0101", "SurfaceAsAPiece", Vector, "return torch.where(x < 0, [|Stick.Pieces(x)|], x);"),
        ("BIJ0204", "SurfaceOfRows", Rows, "return [|Stick.Pieces(x)|];"),
        ("BIJ0204", "SurfaceOfNumbers", "", "return [|Stick.Pieces(x)|];"),
        ("BIJ0204", "SurfaceOfAnUnknownRank",
            "private static int Rank() => 1; public override int EventRank => Rank();", "return [|Stick.Pieces(x)|];"),
        ("BIJ0204", "SurfaceBehindAReshape", Vector,
            "x = Parts.Reshape(x, Shape.Of(4), Shape.Of(2, 2)); return [|Stick.Pieces(x)|];"),
        ("BIJ0207", "SurfaceInPart", Vector, "return Stick.Pieces(torch.sigmoid(x));"),
        ("BIJ0201", "PlacesAndNumbers", Vector, $"return x + [|torch.tanh(x).sum(-1, keepdim: true) * {Places}|];"),
        ("BIJ0201", "PlacesAndCausal", Causal + Vector, $"return x + [|torch.tanh(Before(x)) * {Places}|];"),
        ("BIJ0201", "OwnCausalRowAndSize", Causal + Vector + "[Primitive(nameof(Back), nameof(Slope))] "
            + "private static Tensor Shift(Tensor x, [Elementwise] Tensor k, long n) => x + k / n; "
            + "private static Tensor Back(Tensor y, [Elementwise] Tensor k, long n) => y - k / n; "
            + "private static Tensor Slope(Tensor x, [Elementwise] Tensor k, long n) => torch.zeros_like(x);",
            "var n = x.size(-1); return Shift(x, Before(x), [|n|]);"),
        ("BIJ0201", "ContractionAndSize", Vector + "[Contractive(0.5)] "
            + "private static Tensor Bend(Tensor x, long n) => torch.sin(x) / (2 + n);",
            "var n = x.size(-1); x = 2 * x; return x + [|Bend(x, n)|];"),
        ("BIJ0204", "Softmax", Vector, "return [|torch.softmax(x, -1)|];"),
        ("BIJ0202", "CausalAcrossPlaces", Causal + Vector,
            $"var b = torch.tanh(Before(x)); x = x + {Places}; return x + [|b|];"),
        ("BIJ0201", "PlacesUnderAMask",
            "[Mask] private readonly Tensor m = torch.ones(4).DetachFromDisposeScope();" + Vector,
            $"return m * x + (1 - m) * (x + [|{Places}|]);"),
        ("BIJ0202", "PlacesOfWhatWasSplit", Vector,
            $"var (a, b) = Parts.Halves(x); b = b + [|{Places}|]; return Parts.Join(a, b);"),
        ("BIJ0202", "PlacesOfWhatWasMoved", Vector,
            "var y = Parts.Reshape(x, Shape.Of(4), Shape.Of(4)); "
                + "return y + [|torch.arange(x.size(-1), dtype: y.dtype)|];"),
        ("BIJ0202", "PlacesFromOutsideALoop", Vector,
            $"var i = {Places}; for (var k = 0; k < 2; k++) {{ x = x + [|i|]; }} return x;"),
        ("BIJ0208", "MovedBySize", Vector, "return Parts.Roll(x, [|x.size(-1)|]);"),
        ("BIJ0209", "LoopedBySize", Vector, "for (var i = 0L; i < [|x.size(-1)|]; i++) { x = x + 1; } return x;"),
        ("BIJ0214", "SizeOfTheBatch", Vector, "return x + [|x.size(0)|];"),
        ("BIJ0214", "ShapeOfTheBatch", Vector, "return x + [|x.shape[0]|];"),
        ("BIJ0214", "NumberOfPoints", Vector, "return x + [|x.numel()|];"),
        ("BIJ0214", "NumberOfDimensions", Vector, "return x * torch.exp([|x.dim()|] * torch.ones(1));"),
        ("BIJ0214", "AxisBeforeTheEvent", Vector, "return x + [|x.shape[^2]|];"),
        ("BIJ0201", "EachFromTheOther", Vector, "var (a, b) = Parts.Halves(x); "
            + "(a, b) = ([|a * torch.exp(b)|], b * torch.exp(a)); return Parts.Join(a, b);"),
    ];

    // ... and what is said when a point is mapped: what is known of a matrix is lost where it is broadcast.
    private static readonly (string Name, string Members, string Body, Shape Shape, string Says)[] s_stopped =
    [
        ("TooLarge", Free("w", 4, 4) + Vector, $"return {LowerUnit};", Shape.Vector(5),
            "expected matrices of shape (5, 5) along dimension -1, got (4, 4)"),
        ("BroadcastIdentity", Free("w", 4, 4) + Vector, "return torch.matmul(x, torch.tril(w, -1) + torch.eye(1));",
            Shape.Vector(4), "got (1, 1)"),
        ("BroadcastColumn", Free("w", 4, 1) + Vector, "return torch.matmul(x, torch.tril(w, -1) + torch.eye(4));",
            Shape.Vector(4), "got (4, 1)"),
        ("BroadcastReflection",
            Free("v", 4) + Vector, "return torch.matmul(x, torch.eye(1) - 2 * torch.outer(v, v) / torch.dot(v, v));",
            Shape.Vector(4), "got (1, 1)"),
        ("ManyMatrices", Free("v", 2, 4) + Vector, "return torch.matmul(x, torch.diag_embed(torch.exp(v)));",
            Shape.Vector(4), "got (2, 4, 4)"),
        ("BroadcastTriangle", Free("w", 4, 2) + Free("r", 2, 2) + Vector,
            "var (q, _) = torch.linalg.qr(w); return x + torch.matmul(torch.tanh(torch.matmul(x, torch.matmul(q, "
                + "torch.tril(r, -1) + torch.eye(1)))), q.T);",
            Shape.Vector(4), "expected triangular matrices of shape (2, 2), got (1, 1)"),
        ("ManyShifts", s_planes + Free("k", 4),
            "return x + LowRank.Constrained(u, w) * torch.tanh((x * w).sum(-1, keepdim: true) + k);", Shape.Vector(4),
            "expected one b for each vector of (2, 4), got (4)"),
        ("CouplingOfOddSizes", Vector, "var (a, b) = Parts.Halves(x); a = a * torch.exp(b); return Parts.Join(a, b);",
            Shape.Vector(5), "expected a part that one of shape (2) maps number by number, got (3)"),
        ("OfItsOwnDtype", Vector, "return torch.matmul(x, 2 * torch.eye(4));", Shape.Vector(5), "expected matrices"),
        ("UnequalParts", Vector, "var (a, b) = Parts.Halves(x); (a, b) = (a + b, a - b); return Parts.Join(a, b);",
            Shape.Vector(5), "expected parts of one shape"),
    ];

    private static readonly Lazy<Build> s_build = new(() => Build.Of(
        [.. s_right.Select(p => (p.Name, Written.Source(p.Name, p.Members, p.Body))),
            .. s_stopped.Select(p => (p.Name, Written.Source(p.Name, p.Members, p.Body)))]));

    private static readonly Lazy<Loaded> s_loaded = new(() => new Loaded(s_build.Value.Assembly()));

    public static TheoryData<string> Right => [.. s_right.Select(p => p.Name)];

    public static TheoryData<string> Refused => [.. s_refused.Select(p => p.Name)];

    public static TheoryData<string> Stopped => [.. s_stopped.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Right))]
    public void Obeys_all_laws_and_is_the_method(string name)
    {
        Assert.Empty(s_build.Value.Of(name));
        // Squared as often as it takes, an exponential adds up more roundings than one step.
        var roundings = name is "Rotation" or "Exponential" ? 32 : 4;
        var subject = new LawCase(
            _ => s_loaded.Value.Make(name), s_right.Single(p => p.Name == name).Shape, roundings: roundings);
        BijectorLaws.Check(subject);
        new SameAsBody().Check(subject);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_refused_on_the_expression(string name)
    {
        var (rule, _, members, body) = s_refused.Single(p => p.Name == name);
        var method = (members + body).Contains("[|", StringComparison.Ordinal) ? "Map" : "[|Map|]";
        Marked.Fires(rule, name, $$"""
            [GeneratedBijector]
            public sealed partial class M : Bijector
            {
                {{members}}
                public M() => RegisterComponents();
                [Forward]
                private Tensor {{method}}(Tensor x) { {{body}} }
            }
            """);
    }

    [Theory]
    [MemberData(nameof(Stopped))]
    public void Is_stopped_where_its_shape_undoes_what_is_known(string name)
    {
        Assert.Empty(s_build.Value.Of(name));
        var (_, _, _, shape, says) = s_stopped.Single(p => p.Name == name);
        using var f = s_loaded.Value.Make(name);
        Assert.Contains(says, Assert.Throws<ShapeException>(() => f.Forward(zeros([2, .. shape.ToArray()]))).Message);
        Assert.Contains(says, Assert.Throws<ShapeException>(() => f.Inverse(zeros([2, .. shape.ToArray()]))).Message);
    }

    [Fact]
    public void An_operand_of_another_dtype_does_not_decide_on_the_log_det()
    {
        var build = Build.Of([
            ("OfAnotherDtype", Written.Source("OfAnotherDtype", Vector, "return x * torch.exp(torch.tensor(0.3f));"))]);
        Assert.Empty(build.Of("OfAnotherDtype"));
        using var loaded = new Loaded(build.Assembly());
        using var f = loaded.Make("OfAnotherDtype");
        Assert.Equal(ScalarType.Float64, f.ForwardWithLogDet(zeros(4, dtype: ScalarType.Float64)).LogDet.dtype);
    }

    [Fact]
    public void A_matrix_of_another_dtype_is_refused()
    {
        using var f = s_loaded.Value.Make("LowerTriangular");
        Assert.Throws<ArgumentException>(() => f.Forward(zeros(4, dtype: ScalarType.Float64)));
        using var g = s_loaded.Value.Make("OfItsOwnDtype");
        Assert.Contains("expected a matrix of Float64",
            Assert.Throws<ArgumentException>(() => g.Forward(zeros(4, dtype: ScalarType.Float64))).Message);
    }

    [Fact]
    public void A_plane_that_folds_space_is_refused()
    {
        var build = Build.Of([("Folds", Written.Source("Folds", s_planes, "\n#pragma warning disable BIJ0216\nreturn x "
            + "+ -9 * w * torch.tanh((x * w).sum(-1, keepdim: true) + b);"))]);
        Assert.Empty(build.Of("Folds"));
        using var loaded = new Loaded(build.Assembly());
        using var f = loaded.Make("Folds");
        Assert.Contains(
            "expected u.w greater than -1, else", Assert.Throws<ArgumentException>(() => f.Forward(zeros(4))).Message);
    }

    private static string Free(string name, params int[] sizes) =>
        $"private readonly TorchSharp.Modules.Parameter {name} = new((0.7 * torch.linspace(-1, 1.3, "
        + $"{sizes.Aggregate(1, (a, b) => a * b)})).reshape({string.Join(", ", sizes)}).DetachFromDisposeScope());\n";
}
