namespace Bijectors.Generators.Tests;

/// <summary>Points of a batch do not see each other: known values run over the axes of the event only.</summary>
public class BatchTests
{
    public static TheoryData<string, string, string> Refused() => new()
    {
        { "BIJ0214", "a mean of everything", Halves("[|a.mean()|]") },
        { "BIJ0214", "a sum of everything", Halves("[|torch.sum(a)|]") },
        { "BIJ0214", "the largest of all", Halves("a / [|a.max()|]") },
        { "BIJ0214", "a deviation", Halves("[|a.std()|]") },
        { "BIJ0214", "a variance in another way", Halves("[|torch.var(a, unbiased: false)|]") },
        { "BIJ0214", "a norm", Halves("[|a.norm()|]") },
        { "BIJ0214", "a norm of linear algebra", Halves("[|torch.linalg.vector_norm(a)|]") },
        { "BIJ0214", "no axes", Halves("[|a.sum(new long[] { })|]") },
        { "BIJ0214", "a loss", Halves("[|torch.nn.functional.mse_loss(a, torch.zeros(1))|]") },
        { "BIJ0214", "a softmax over the batch", Halves("[|torch.nn.functional.softmax(a, 0)|]") },
        { "BIJ0214", "a softmax of the tensor's own", Halves("[|a.softmax(0)|]") },
        { "BIJ0214", "a mean over the batch", Halves("[|a.mean([0], true)|]") },
        { "BIJ0214", "a mean over the batch and the event", Halves("[|a.mean([0, -1], true)|]") },
        { "BIJ0214", "running sums", Halves("[|a.cumsum(0)|]") },
        { "BIJ0214", "sorted", Halves("[|a.sort(0)|].Values") },
        { "BIJ0214", "turned round", Halves("[|a.flip(0)|]") },
        { "BIJ0214", "rolled", Halves("[|a.roll(1, 0)|]") },
        { "BIJ0214", "rolled through everything", Halves("[|a.roll(1)|]") },
        { "BIJ0214", "an axis before the event", Halves("[|a.mean([-2], true)|]") },
        { "BIJ0214", "an axis too many", Halves("[|a.sum(-1).sum(-1)|]") },
        { "BIJ0214", "through a variable", Body("var (a, b) = Parts.Halves(x); var h = torch.tanh(a) * 2; "
            + "var m = [|h.mean()|]; b = b + m; return Parts.Join(a, b);") },
        { "BIJ0214", "behind a network",
            Halves("[|_net.Evaluate(a, null).mean()|]", "private readonly Conditioner _net = null!;") },
        { "BIJ0214", "the context", Body("return x + [|context.mean()|];")
            .Replace("Map(Tensor x)", "Map(Tensor x, Tensor context)", StringComparison.Ordinal) },
        { "BIJ0214", "an event of no axes", Body("var m = [|context.sum(-2)|]; return x + m;")
            .Replace("Map(Tensor x)", "Map(Tensor x, Tensor context)", StringComparison.Ordinal)
            .Replace("EventRank => 1", "EventRank => 0", StringComparison.Ordinal) },
        { "BIJ0214", "the first point", Halves("[|a[0]|]") },
        { "BIJ0214", "the first point of a selection", Halves("[|a.select(0, 0)|]") },
        { "BIJ0214", "one half of the batch", Halves("[|a.chunk(2)|][0]") },
        { "BIJ0214", "axes exchanged with the batch", Halves("[|a.transpose(0, -1)|].softmax(-1)") },
        { "BIJ0214", "running sums in another way", Halves("[|torch.cumsum(a, 0)|]") },
        { "BIJ0214", "the number of points", Halves("a * [|a.shape[0]|]") },
        { "BIJ0214", "the number of points in another way", Halves("a / [|a.size(0)|]") },
        { "BIJ0214", "the number of points, counted from the end", Halves("a / [|a.shape[^2]|]") },
        { "BIJ0214", "the number of points, computed with", Body("var (a, b) = Parts.Halves(x); var n = a.size(0); "
            + "var k = Math.Sqrt(n * 2 + 1); b = b + a * [|k|]; return Parts.Join(a, b);") },
        { "BIJ0214", "the number of entries", Halves("a / [|a.numel()|]") },
        { "BIJ0214", "the number of points as a tensor", Halves("torch.full(a.shape, [|a.shape[0]|])") },
        { "BIJ0214", "a choice by the number of points", Halves("_w[[|a.shape[0] > 2 ? 1 : 0|]]",
            "private readonly Tensor[] _w = [torch.ones(2), torch.zeros(2)]; public M() => RegisterComponents();") },
        { "BIJ0214", "turned over", Halves("[|a.T|]") },
        { "BIJ0214", "turned over by a call", Halves("[|a.t()|]") },
        { "BIJ0214", "matrices turned over", Halves("[|a.mT|]") },
        { "BIJ0214", "a triangle of the batch", Halves("[|a.tril()|]") },
        { "BIJ0214", "permuted with the batch", Halves("[|a.permute(1, 0)|].softmax(-1)") },
        { "BIJ0214", "moved with the batch", Halves("[|a.movedim([0], [-1])|].softmax(-1)") },
        { "BIJ0214", "swapped with the batch", Halves("[|a.swapaxes(0, 1)|].softmax(-1)") },
        { "BIJ0214", "transposed with the batch", Halves("[|a.transpose(0, 1)|].softmax(-1)") },
        { "BIJ0214", "a layer over the batch", Halves("[|_s.call(a)|]",
            "private readonly nn.Module<Tensor, Tensor> _s = nn.Softmax(0); public M() => RegisterComponents();") },
        { "BIJ0214", "a layer over the batch from the constructor", Halves("[|_s.forward(a)|]",
            "private readonly nn.Module<Tensor, Tensor> _s; public M() { "
            + "_s = nn.LogSoftmax(0); RegisterComponents(); }") },
        { "BIJ0214", "side by side", Body("var (a, b) = Parts.Halves(x); var (s, t) = (a.tanh(), [|a.mean()|]); "
            + "b = b * torch.exp(s) + t; return Parts.Join(a, b);") },
        { "BIJ0214", "as the argument of a network",
            Halves("_net.Evaluate([|a.mean([0], true)|], null)", "private readonly Conditioner _net = null!;") },
        { "BIJ0214", "as the context of a bijector", Body(
            "var (a, b) = Parts.Halves(x); b = _f.Forward(b, [|a.mean()|]); return Parts.Join(a, b);",
            "private readonly Bijector _f = null!;") },
        { "BIJ0214", "in a condition of a row", Body(
            "var (a, b) = Parts.Halves(x); b = Lift(b, [|a.max()|]); return Parts.Join(a, b);",
            "[Primitive(nameof(Lower), nameof(Slope))] private static Tensor Lift(Tensor x, Tensor k) => x + k; "
            + "private static Tensor Lower(Tensor y, Tensor k) => y - k; "
            + "private static Tensor Slope(Tensor x, Tensor k) => torch.zeros_like(x);") },
        { "BIJ0214", "in a class that says nothing of its events", Halves("[|a.mean([-1], true)|]")
            .Replace("public override int EventRank => 1;", "", StringComparison.Ordinal) },
        { "BIJ0215", "in a lambda of a method", Halves(
            "[|F(a)|]", "private static Tensor F(Tensor a) { Func<Tensor, Tensor> f = t => t.sum(); return f(a); }") },
        { "BIJ0215", "in a lambda that is handed on", Halves("[|F(a)|]", "private static Tensor F(Tensor a) => "
            + "System.Linq.Enumerable.First(System.Linq.Enumerable.Select(new[] { a }, t => t.sum()));") },
        { "BIJ0215", "in a lambda around",
            Halves("[|F(a)|]", "private static Tensor F(Tensor a) { Func<Tensor> f = () => a.sum(); return f(); }") },
        { "BIJ0215", "in a local function",
            Halves("[|F(a)|]", "private static Tensor F(Tensor a) { return G(); Tensor G() => a.sum(); }") },
        { "BIJ0215", "along fields that are given one another",
            Halves("[|a.sum(s_k, true)|]", "private static readonly int s_k = s_l, s_l = s_k;") },
        { "BIJ0215", "in a list", Halves("[|F(a)|]",
            "private static Tensor F(Tensor a) { var all = new System.Collections.Generic.List<Tensor> { a }; "
            + "all.Add(a * 2); return torch.stack(all, -1).sum(); }") },
        { "BIJ0215", "through a field of an object", Halves("[|F(a)|]", "private sealed class Q { public Tensor? T; } "
            + "private static Tensor F(Tensor a) { var q = new Q(); q.T = a; return q.T.sum(); }") },
        { "BIJ0215", "in a list that is filled", Halves("[|F(a)|]", "private static Tensor F(Tensor a) { "
            + "var all = new System.Collections.Generic.List<Tensor>(); all.Add(a); return all[0].sum(); }") },
        { "BIJ0215", "in an array that is filled", Halves("[|F(a)|]",
            "private static Tensor F(Tensor a) { var all = new Tensor[1]; all[0] = a; return all[0].sum(); }") },
        { "BIJ0215", "over a condition", Halves(
            "[|F(a, null)|]", "private static Tensor F(Tensor a, Tensor? w) { var h = w ?? a; return h.sum(); }") },
        { "BIJ0215", "by a switch", Halves("[|F(a, 1)|]", "private static Tensor F(Tensor a, int k) { "
            + "var h = k switch { 0 => a, _ => a.sin() }; return h.sum(); }") },
        { "BIJ0214", "in a loop", Body("var (a, b) = Parts.Halves(x); for (var i = 0; i < 3; i++) { "
            + "b = b + [|a.mean()|]; (a, b) = (b, a); } return Parts.Join(a, b);") },

        { "BIJ0215", "an axis from the front", Halves("[|a.mean([1], true)|]") },
        { "BIJ0215", "a normalisation along its default axis", Halves("[|torch.nn.functional.normalize(a)|]") },
        { "BIJ0215", "an event of unknown rank", Halves("[|a.cumsum(0)|]", "private readonly int _n = 1;")
            .Replace("EventRank => 1", "EventRank => _n", StringComparison.Ordinal) },
        { "BIJ0215", "a reshaped value", Halves("[|a.reshape(-1, 2).mean([0])|]") },
        { "BIJ0215", "in a network of one's own", Halves("[|_net.Evaluate(a, null)|]",
            "private readonly Own _net = new();") + "public sealed class Own : Conditioner { public Own() : base(0) { "
            + "} public override int EventRank => 1; public override Shape OutputShape(Shape input) => input; "
            + "public override Tensor Evaluate(Tensor input, Tensor? context) => input - input.mean([0], true); }" },
        { "BIJ0215", "a layer over the batch in a row of layers", Halves("[|_s.call(a)|]",
            "private readonly nn.Module<Tensor, Tensor> _s = nn.Sequential(nn.Tanh(), nn.Softmax(0)); "
            + "public M() => RegisterComponents();") },
        { "BIJ0215", "a layer that averages", Halves("[|_s.call(a, a)|]",
            "private readonly nn.Module<Tensor, Tensor, Tensor> _s = nn.MSELoss(); "
            + "public M() => RegisterComponents();") },
        { "BIJ0215", "the number of points in a method",
            Halves("[|F(a)|]", "private static Tensor F(Tensor a) { var n = a.shape[0]; return a / n; }") },
        { "BIJ0215", "permuted after a reshape", Halves("[|a.reshape(-1, 2, 1).permute(1, 0, 2)|].reshape(-1, 2)") },
        { "BIJ0215", "in a method", Halves("[|F(a)|]", "private static Tensor F(Tensor a) => a - a.mean();") },
        { "BIJ0215", "in a method of a method", Halves("[|F(a.sin())|]",
            "private static Tensor F(Tensor a) => G(a, 2) * 2; private static Tensor G(Tensor a, int k) { "
            + "var h = a * k; return h / h.norm(); }") },
        { "BIJ0215", "over the batch in a method",
            Halves("[|F(a)|]", "private static Tensor F(Tensor a) => a.softmax(0);") },
    };

    public static TheoryData<string, string> Seen() => new()
    {
        { "BIJ0214", "torch.cat([a, a], -1).sum()" },
        { "BIJ0214", "torch.stack([a, a]).sum()" },
        { "BIJ0214", "torch.cat(new[] { a, a }, 0).narrow(0, 0, 1)" },
        { "BIJ0214", "torch.vstack(new[] { a, a }).sum()" },
        { "BIJ0214", "torch.outer(a, a)" },
        { "BIJ0214", "torch.kron(a, a)" },
        { "BIJ0214", "torch.block_diag(a, a)" },
        { "BIJ0214", "torch.cartesian_prod(a, a)" },
        { "BIJ0214", "torch.einsum(\"bi,bj->ij\", a, a)" },
        { "BIJ0214", "torch.einsum(\"bi,ci->bc\", a, a)" },
        { "BIJ0214", "torch.nn.functional.batch_norm(a, null, null, null, null, true)" },
        { "BIJ0214", "torch.nn.functional.layer_norm(a, a.shape)" },
        { "BIJ0214", "torch.nn.functional.scaled_dot_product_attention(a, a, a)" },
        { "BIJ0214", "torch.take(a, torch.zeros(1, torch.int64))" },
        { "BIJ0214", "a[0, TensorIndex.Ellipsis]" },
        { "BIJ0214", "a[TensorIndex.Slice(0, 1)]" },
        { "BIJ0214", "a[TensorIndex.None, 0]" },
        { "BIJ0214", "a[TensorIndex.Ellipsis, 0].cumsum(-1)" },
        { "BIJ0214", "a.sum(-1, true).squeeze(-1).cumsum(-1)" },
        { "BIJ0214", "MatrixFunctions.Exponential(a)" },
        { "BIJ0214", "torch.matmul(_w, a)" },
        { "BIJ0214", "torch.ones(a.shape).sum()" },
        { "BIJ0214", "a.sum(0)" },
        { "BIJ0215", "torch.tensordot(a, a, 1)" },
        { "BIJ0215", "a.fliplr()" },
        { "BIJ0215", "a.repeat(2, 1)" },
        { "BIJ0215", "a.as_strided([1, 2], [1, 1])" },
        { "BIJ0215", "a.flatten(0, 1).sum([0])" },
        { "BIJ0215", "a.flatten().cumsum(-1)" },
        { "BIJ0215", "a.reshape(1, -1).sum(-1)" },
        { "BIJ0215", "a.reshape(-1).cumsum(-1)" },
        { "BIJ0215", "a.unsqueeze(0).sum([1])" },
        { "BIJ0215", "a.sum(_ax, true)" },
        { "BIJ0214", "a.repeat_interleave(2)" },
        { "BIJ0215", "torch.nn.functional.group_norm(a, 1)" },
        { "BIJ0214", "torch.nn.functional.pad(a, (0, 0, 1, 1))" },
        { "BIJ0215", "torch.ones(a.shape[0]).sum()" },
        { "BIJ0214", "torch.arange(a.shape[0])" },
        { "BIJ0215", "torch.eye(a.shape[0])" },
        { "BIJ0215", "_f(a)" },
        { "BIJ0215", "_g(a)" },
        { "BIJ0214", "new Q(a, a * 2).T.sum()" },
        { "BIJ0215", "new Q(a, a).Total" },
        { "BIJ0215", "(new Q(a, a) + new Q(a, a))" },
        { "BIJ0215", "new Q(a, a)[0]" },
        { "BIJ0214", "a * a.dim()" },
        { "BIJ0214", "a * a.ndim" },
        { "BIJ0214", "a * a.shape.Length" },
        { "BIJ0215", "a.mean([-2, -1], true)*" },
    };

    public static TheoryData<string, string> Accepted() => new()
    {
        { "the last axis", Halves(
            "a.mean([-1], true) + torch.softmax(a, -1) + a.cumsum(-1) + a.sum(-1, keepdim: true) + a.flip(-1)") },
        { "axes of an image", Halves("a.mean([-1, -2, -3], true)")
            .Replace("EventRank => 1", "EventRank => 3", StringComparison.Ordinal) },
        { "a constant rank", Halves("a.sum(-2, true)", "private const int Rank = 2;")
            .Replace("EventRank => 1", "EventRank => Rank", StringComparison.Ordinal) },
        { "a rank that is looked up", Halves("a.sum(-2, true)", "private readonly int _n = 2;")
            .Replace("EventRank => 1", "EventRank => _n", StringComparison.Ordinal) },
        { "a parameter", Halves("_w.mean() + _w.softmax(0) + torch.ones(3).sum()",
            "private readonly Tensor _w = torch.ones(2); public M() => RegisterComponents();") },
        { "a parameter in a method", Halves("F(a, _w)", "private readonly Tensor _w = torch.ones(2); "
            + "public M() => RegisterComponents(); private static Tensor F(Tensor a, Tensor w) => a * w.sum();") },
        { "the larger of two", Halves("torch.max(a, -a) + a.min(a * 2)") },
        { "a new axis", Halves("(a.unsqueeze(-1) * torch.ones(3)).sum(-1)") },
        { "an axis behind a reshape", Halves("a.reshape(-1, 2).sum(1, true).reshape(a.shape[0], 1)") },
        { "a state of other rank", Body(
            "x = Parts.Reshape(x, Shape.Vector(4), Shape.Of(2, 2)); var (a, b) = Parts.Halves(x); b = b + "
            + "a.mean([-2], true); return Parts.Reshape(Parts.Join(a, b), Shape.Of(2, 2), Shape.Vector(4));") },
        { "entries of an event",
            Halves("a.select(-1, 0).unsqueeze(-1) + a.narrow(-1, 0, 1) + a[.., 0].unsqueeze(-1) + a.chunk(2, -1)[0]") },
        { "tensors of a stack",
            Halves("torch.stack(new[] { a, a * 2 }, 0).sum([0]) + torch.stack(new[] { a, -a })[0]") },
        { "sizes of the event", Halves("a / a.shape[^1] * a.size(-1) * Math.Sqrt(a.shape[1])") },
        { "the number of points as a shape", Halves("torch.ones(a.shape[0], 1) * a + F(a)",
            "private static Tensor F(Tensor a) { var n = a.shape[0]; if (n == 0) { return a; } "
            + "return a.reshape(n, -1).view(a.shape); }") },
        { "permuted inside the event",
            Halves("a.permute(0, 2, 1).permute(0, 2, 1) + a.mT.mT + a.movedim([-1], [-2]).swapaxes(-1, -2)")
                .Replace("EventRank => 1", "EventRank => 2", StringComparison.Ordinal) },
        { "a loss of each by a layer", Halves("_s.call(a, a)",
            "private readonly nn.Module<Tensor, Tensor, Tensor> _s = nn.MSELoss(nn.Reduction.None); "
            + "public M() => RegisterComponents();") },
        { "a layer of the event", Halves("_s.call(a)",
            "private readonly nn.Module<Tensor, Tensor> _s = nn.Sequential(nn.Linear(2, 2), nn.Softmax(-1), "
            + "nn.LayerNorm(2)); public M() => RegisterComponents();") },
        { "a loss for each", Halves("torch.nn.functional.mse_loss(a, torch.zeros(1), torch.nn.Reduction.None)") },
        { "a check", Halves("F(a)", "private static Tensor F(Tensor a) => a.isnan().any().item<bool>() ? throw new "
            + "ArgumentException(\"not a number\") : a.sin();") },
        { "a network of one's own", Halves(
            "_net.Evaluate(a, null)", "private readonly Own _net = new(); public M() => RegisterComponents();") + """
                public sealed class Own : Conditioner
                {
                    private readonly nn.Module<Tensor, Tensor> _q = nn.Linear(1, 4), _k = nn.Linear(1, 4),
                        _v = nn.Linear(1, 4), _out = nn.Linear(4, 1);
                    public Own() : base(0) => RegisterComponents();
                    public override int EventRank => 1;
                    public override Shape OutputShape(Shape input) => input;
                    public override Tensor Evaluate(Tensor input, Tensor? context)
                    {
                        var h = input.unsqueeze(-1);
                        if (context is not null)
                        {
                            h = torch.cat(new[] { h, context.unsqueeze(-2).expand(h.shape) }, -1);
                        }
                        var (q, k, v) = (_q.call(h), _k.call(h), _v.call(h));
                        var scores = torch.matmul(q, k.transpose(-2, -1)) / Math.Sqrt(4);
                        var n = (int)input.shape[^1];
                        var mask = torch.ones(n, n, device: input.device).triu(1).to(torch.@bool);
                        var weights = scores.masked_fill(mask, -1e9).softmax(-1);
                        var mixed = torch.matmul(weights, v).reshape(input.shape[0], -1, 4);
                        var pieces = torch.nn.functional.gelu(mixed).chunk(2, dim: -1);
                        var gated = torch.cat([pieces[0] * torch.sigmoid(pieces[1]), pieces[0]], dim: -1);
                        var normed = torch.nn.functional.layer_norm(gated, [4]);
                        return _out.call(normed).squeeze(-1).nan_to_num().clamp(-5, 5);
                    }
                }
                """ },
        { "what goes round in circles", Halves("_f(a) + a.mean([s_k], true) * G(a)",
            "private readonly Func<Tensor, Tensor> _f; private const int K = -1; private static readonly int s_k = K; "
            + "public M() { _f = t => t.sum(-1).item<float>() > 0 ? t : _f!(t); RegisterComponents(); } "
            + "private static Tensor G(Tensor a) { if (a.dim() > 9) { return H(a); } return a; } "
            + "private static Tensor H(Tensor a) => G(a);") },
        { "a contraction by letters", Halves(
            "torch.einsum(\"bi,ij->bj\", a, _w) + torch.einsum(\"...i,ij->...j\", a, _w)",
            "private readonly Tensor _w = torch.ones(2, 2); public M() => RegisterComponents();") },
        { "functions of the event", Halves(
            "torch.nn.functional.layer_norm(a, [2]) + torch.nn.functional.linear(a, _w) + torch.matmul(a, _w) + "
            + "torch.nn.functional.pad(a, (0, 1)).narrow(-1, 0, 2) + a.repeat(1, 2).narrow(-1, 0, 2) "
            + "+ torch.bucketize(a, _w[0])",
            "private readonly Tensor _w = torch.ones(2, 2); public M() => RegisterComponents();") },
        { "convolutions of images",
            Halves("torch.nn.functional.conv2d(a, _w, padding: [1, 1]) + torch.nn.functional.avg_pool2d(a, 1)",
                "private readonly Tensor _w = torch.ones(2, 2, 3, 3); public M() => RegisterComponents();")
                .Replace("EventRank => 1", "EventRank => 3", StringComparison.Ordinal) },
        { "axes that are known", Halves(
            "a.sum(Last, true) + a.mean([_last], true) + F(a, -1) + a.sum(a.dim() - 1, true)",
            "private const int Last = -1; private readonly long _last = -1; "
            + "private static Tensor F(Tensor a, int axis) => a.cumsum(axis);") },
        { "the context's last axis", Body("return x + context.mean([-1], true);")
            .Replace("Map(Tensor x)", "Map(Tensor x, Tensor context)", StringComparison.Ordinal) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_reported_on_the_reduction(string id, string what, string source)
    {
        var (_, diagnostics) = Compilations.Build(Marked.Plain(source));
        Assert.True(diagnostics.Count == 1 && diagnostics[0].Id == id, $"{what}: {string.Join('\n', diagnostics)}");
        var between = source[(source.IndexOf("[|", StringComparison.Ordinal) + 2)..source.IndexOf(
            "|]", StringComparison.Ordinal)];
        Assert.Equal(between, diagnostics[0].Location.SourceTree!.ToString()
            .Substring(diagnostics[0].Location.SourceSpan.Start, diagnostics[0].Location.SourceSpan.Length));
    }

    [Theory]
    [MemberData(nameof(Seen))]
    public void Is_seen(string id, string value)
    {
        const string Members = "private readonly Tensor _w = torch.ones(2, 2); private readonly int _ax; "
            + "private readonly bool _two; "
            + "private readonly Func<Tensor, Tensor> _f = t => t.sum(); "
            + "private readonly Func<Tensor, Tensor> _g = torch.mean; "
            + "public M(int ax, bool two) { (_ax, _two) = (ax, two); RegisterComponents(); }";
        const string Types = "public sealed record Q(Tensor T, Tensor U) { public Tensor Total => T.sum(); "
            + "public static Tensor operator +(Q a, Q b) => a.T.sum() + b.T; public Tensor this[int i] => T[i]; }";
        var rank = value.EndsWith('*') ? "EventRank => _two ? 2 : 1" : "EventRank => 1";
        var source =
            Halves(value.TrimEnd('*'), Members).Replace("EventRank => 1", rank, StringComparison.Ordinal) + Types;
        var (_, diagnostics) = Compilations.Build(source);
        Assert.NotEmpty(diagnostics);
        Assert.All(diagnostics, d => Assert.Equal(id, d.Id));
    }

    [Theory]
    [MemberData(nameof(Accepted))]
    public void What_stays_in_the_event_compiles_without_a_word(string what, string source)
    {
        var (_, diagnostics) = Compilations.Build(source);
        Assert.True(diagnostics.Count == 0, $"{what}: {string.Join('\n', diagnostics)}");
    }

    private static string Body(string body, string members = "") =>
        $"[GeneratedBijector] public sealed partial class M : Bijector {{ public override int EventRank => 1; "
        + $"{members} [Forward] private Tensor Map(Tensor x) {{ {body} }} }}";

    private static string Halves(string condition, string members = "") =>
        Body($"var (a, b) = Parts.Halves(x); b = b + {condition}; return Parts.Join(a, b);", members);
}
