namespace Bijectors.Generators.Tests;

/// <summary>What goes wrong in bijectors and networks written by hand, and what looks like it and is right.</summary>
public class HandWrittenTests
{
    private const string Calls = "RegisterComponents();";

    public static TheoryData<string, string, string> Refused() => new()
    {
        { "BIJ0401", "a list",
            Network("internal readonly System.Collections.Generic.List<Tensor> [|_all|] = [];", Calls) },
        { "BIJ0401", "an array", Network("internal readonly TorchSharp.Modules.Parameter[] [|_all|] = [];", Calls) },
        { "BIJ0401", "a read-only list of modules", Network(
            "internal readonly System.Collections.Generic.IReadOnlyList<TorchSharp.Modules.Linear> [|_all|] = [];",
            Calls) },
        { "BIJ0401", "a dictionary", Network(
            "internal readonly System.Collections.Generic.Dictionary<string, Bijector> [|_all|] = [];", Calls) },
        { "BIJ0401", "a tuple", Network("internal readonly (Tensor A, Tensor B) [|_all|] = default;", Calls) },
        { "BIJ0401", "an immutable array in an array",
            Network("internal readonly System.Collections.Immutable.ImmutableArray<Tensor>[] [|_all|] = [];", Calls) },
        { "BIJ0401", "a list as an auto-property",
            Network("public System.Collections.Generic.List<Tensor> [|All|] { get; } = [];", Calls) },
        { "BIJ0401", "an auto-property",
            Network("public TorchSharp.Modules.Linear [|Inner|] { get; } = nn.Linear(2, 2);", Calls) },
        { "BIJ0401", "a tensor as an auto-property", Network("private Tensor? [|Mask|] { get; set; }", Calls) },
        { "BIJ0401", "no call", Network("internal readonly Tensor [|_mask|] = torch.ones(2);") },
        { "BIJ0401", "no call for two fields",
            Network("internal readonly Bijector [|_f|] = null!; internal readonly Tensor _g = torch.ones(2);") },
        { "BIJ0401", "no constructor", "public abstract class M : Bijector { "
            + "internal readonly TorchSharp.Modules.Parameter [|scale|] = new(torch.ones(2)); }" },
        { "BIJ0401", "in a generated bijector", "[GeneratedBijector] public sealed partial class M : Bijector { "
            + "internal readonly TorchSharp.Modules.Parameter [|shift|] = new(torch.ones(2)); "
            + "[Forward] private Tensor Map(Tensor x) => x + shift; }" },
        { "BIJ0401", "a captured parameter", "public abstract class M(Conditioner [|net|]) : Bijector { "
            + "protected Tensor Run(Tensor x) => net.Evaluate(x, null); }" },
        { "BIJ0401", "set after the base class has registered", "public abstract class A : Bijector { protected A() => "
            + "RegisterComponents(); } public abstract class M : A { internal readonly Tensor early = torch.ones(2); "
            + "internal readonly Tensor [|late|]; protected M() { late = torch.ones(2); RegisterComponents(); } }" },
        { "BIJ0401", "a field of a generic type",
            "public abstract class M<T> : Bijector where T : nn.Module { protected T? [|_inner|]; }" },

        { "BIJ0402", "a dropout",
            Network("internal readonly TorchSharp.Modules.Dropout [|_drop|] = nn.Dropout(0.1);", Calls) },
        { "BIJ0402", "a batch norm from the constructor", Network(
            "internal readonly TorchSharp.Modules.BatchNorm1d [|_norm|];", "_norm = nn.BatchNorm1d(2); " + Calls) },
        { "BIJ0402", "a list of dropouts", Network(
            "internal readonly TorchSharp.Modules.ModuleList<TorchSharp.Modules.Dropout2d> "
            + "[|_all|] = new(nn.Dropout2d());", Calls) },
        { "BIJ0402", "a function", Network("", evaluate: "[|nn.functional.dropout(input, 0.1)|]") },
        { "BIJ0402", "a function that trains",
            Network("", evaluate: "[|nn.functional.batch_norm(input, input, input, training: true)|]") },
        { "BIJ0402", "random slopes", Network("", evaluate: "[|input.rrelu()|]") },
        { "BIJ0402", "in a row", Network("internal readonly TorchSharp.Modules.Sequential _net = "
            + "nn.Sequential(nn.Linear(2, 2), [|nn.Dropout(0.1)|]);", Calls) },
        { "BIJ0402", "behind a wider type",
            Network("internal readonly nn.Module<Tensor, Tensor> _net;", "_net = [|nn.BatchNorm1d(2)|]; " + Calls) },
        { "BIJ0402", "an activation in place",
            Network("internal readonly TorchSharp.Modules.ReLU _relu = [|nn.ReLU(inplace: true)|];", Calls) },
        { "BIJ0402", "an activation in place, first in a row", Network(
            "internal readonly TorchSharp.Modules.Sequential _net = "
            + "nn.Sequential([|nn.ReLU(inplace: true)|], nn.Linear(2, 2));", Calls) },
        { "BIJ0402", "an activation in place behind one that is not", Network(
            "internal readonly TorchSharp.Modules.Sequential _net = nn.Sequential(nn.Identity(), [|nn.ELU(1, true)|]);",
            Calls) },
        { "BIJ0402", "an activation in place, as the constructor says", Network(
            "internal readonly nn.Module<Tensor, Tensor> _net;",
            "var all = false; _net = [|nn.Mish(!all)|]; " + Calls) },
        { "BIJ0402", "in a bijector", "[GeneratedBijector] public sealed partial class M : Bijector { "
            + "private readonly nn.Module<Tensor, Tensor> net = nn.Sequential([|nn.Tanh(inplace: true)|]); public M() "
            + "=> RegisterComponents(); public override int EventRank => 1; [Forward] private Tensor Map(Tensor x) { "
            + "var (a, b) = Parts.Halves(x); b = b + net.call(a); return Parts.Join(a, b); } }" },
        { "BIJ0402", "in a module of one's own", Network("internal readonly Own [|_net|] = new();", Calls)
            + Own("private readonly TorchSharp.Modules.Dropout _drop = nn.Dropout(0.1);") },
        { "BIJ0402", "in place in a module of one's own", Network("internal readonly Own [|_net|] = new();", Calls)
            + Own("private readonly nn.Module<Tensor, "
                + "Tensor> _all = nn.Sequential(nn.ReLU(inplace: true), nn.Linear(2, 2));") },
        { "BIJ0402", "in modules inside modules",
            Network("internal readonly TorchSharp.Modules.ModuleList<Own> [|_all|] = new();", Calls)
            + Own("private readonly Inner _inner = new();") + "public sealed class Inner : nn.Module<Tensor, Tensor> { "
            + "private readonly nn.Module<Tensor, Tensor> _norm; public Inner() : base(\"inner\") { "
            + "_norm = nn.BatchNorm1d(2); } public override Tensor forward(Tensor x) => _norm.call(x); }" },

        { "BIJ0403", "zero", Map("(x.exp(), LogDets.Zero(x))", "ForwardWithLogDetCore") },
        { "BIJ0403", "zeros", Map("(x.exp(), torch.zeros(1))", "ForwardWithLogDetCore") },
        { "BIJ0403", "zeros like the point", Map("(x.exp(), torch.zeros_like(x))", "ForwardWithLogDetCore") },
        { "BIJ0403", "full of zero", Map("(x.exp(), torch.full([1], 0.0))", "ForwardWithLogDetCore") },
        { "BIJ0403", "on both paths", Map(
            "{ if (x.dim() == 0) { return (x.exp(), LogDets.Zero(x)); } return (x.exp(), x.new_zeros([1])); }",
            "ForwardWithLogDetCore") },
        { "BIJ0403", "not implemented", Map("throw new NotImplementedException()", "ForwardWithLogDetCore") },
        { "BIJ0403", "not supported", Map("{ throw new NotSupportedException(\"no\"); }", "ForwardWithLogDetCore") },
        { "BIJ0403", "the inverse", Map("(x.log(), LogDets.Zero(x))", "InverseWithLogDetCore") },

        { "BIJ0404", "a dense network", Network("[[|Causal|]] internal readonly ResidualMlp _net = null!;", Calls) },
        { "BIJ0404", "a convolution", Network("[[|Causal(-3)|]] internal readonly ConvNet _net = null!;", Calls) },
        { "BIJ0404", "a linear layer",
            Network("[[|Causal|]] internal readonly TorchSharp.Modules.Linear _net = nn.Linear(2, 2);", Calls) },
        { "BIJ0404", "attention on a property", Network(
            "internal readonly TorchSharp.Modules.MultiheadAttention _net = nn.MultiheadAttention(2, 1); "
            + "[[|Causal(-2)|]] private TorchSharp.Modules.MultiheadAttention Net => _net;", Calls) },
        { "BIJ0404", "a row of layers", Network("[[|Causal|]] internal readonly TorchSharp.Modules.Sequential _net = "
            + "nn.Sequential(nn.Linear(2, 2), nn.Tanh());", Calls) },
        { "BIJ0404", "a row of layers from the constructor", Network(
            "[[|Causal|]] internal readonly TorchSharp.Modules.Sequential _net;",
            "_net = nn.Sequential(nn.Conv1d(2, 2, 3)); " + Calls) },
        { "BIJ0404", "a dense class", Network("internal readonly TorchSharp.Modules.Linear _net = nn.Linear(2, 2);",
            Calls, "_net.forward(input)", "[[|Causal|]] ") },
    };

    public static TheoryData<string, string> Accepted() => new()
    {
        { "a module list",
            Network("internal readonly TorchSharp.Modules.ModuleList<TorchSharp.Modules.Linear> all = new();", Calls) },
        { "an array beside a module list", Network(
            "internal readonly TorchSharp.Modules.ModuleList<TorchSharp.Modules.Linear> all = new(); "
            + "internal readonly TorchSharp.Modules.Linear[] _all = [];", Calls) },
        { "registered by name", Network("internal readonly TorchSharp.Modules.Linear[] _all = [];",
            "foreach (var f in _all) { register_module(\"f\", f); }") },
        { "an auto-property registered by name", Network(
            "public TorchSharp.Modules.Linear Inner { get; } = nn.Linear(2, 2);",
            "register_module(\"inner\", Inner);") },
        { "a property over a field", Network("internal readonly TorchSharp.Modules.Linear inner = nn.Linear(2, 2); "
            + "public TorchSharp.Modules.Linear Inner => inner;", Calls) },
        { "a list of numbers", Network("internal readonly System.Collections.Generic.List<double> _all = [];") },
        { "a function of tensors", Network("internal readonly Func<Tensor, Tensor> _f = t => t;") },
        { "static tensors", Network(
            "private static readonly Tensor[] s_all = []; private static readonly Tensor s_one = torch.ones(1);") },
        { "registered in a method", Network(
            "internal readonly Tensor mask = torch.ones(2); private void Register() => RegisterComponents();",
            "Register();") },
        { "registered in the base class", "public abstract class A : Bijector { protected A() => RegisterComponents(); "
            + "} public abstract class M : A { internal readonly Tensor mask = torch.ones(2); }" },
        { "a parameter that goes to a field", "public abstract class M(Conditioner net, double k) : Bijector { "
            + "internal readonly string _name = net.ToString() + k; public double K => k; }" },
        { "no bijector", "public sealed class Free { public Tensor[] All { "
            + "get; } = []; internal readonly TorchSharp.Modules.Dropout _drop = nn.Dropout(0.1); "
            + "public Tensor Run(Tensor x) => nn.functional.dropout(_drop.forward(x)); }" },

        { "layer norm", Network("internal readonly TorchSharp.Modules.LayerNorm _norm = nn.LayerNorm(2);", Calls) },
        { "an activation over a new result", Network("internal readonly TorchSharp.Modules.Sequential _net = "
            + "nn.Sequential(nn.Linear(2, 2), nn.ReLU(inplace: true), nn.Linear(2, 2));", Calls) },
        { "an activation over a new result, by name", Network("internal readonly TorchSharp.Modules.Sequential _net = "
            + "nn.Sequential((\"a\", nn.Linear(2, 2)), (\"b\", nn.ReLU(inplace: true)));", Calls) },
        { "an activation that is not in place", Network(
            "internal readonly TorchSharp.Modules.Sequential _net = nn.Sequential(nn.ReLU(inplace: false), nn.ELU());",
            Calls) },
        { "a module of one's own", Network("internal readonly Own _net = new();", Calls)
            + Own("private readonly TorchSharp.Modules.Linear _linear = nn.Linear(2, 2);") },
        { "dropout turned off", Network("", evaluate: "nn.functional.dropout(input, 0.1, training: false)") },
        { "batch norm with given statistics",
            Network("", evaluate: "nn.functional.batch_norm(input, input, input, training: false)") },
        { "somebody else's dropout",
            Network("internal readonly Dropout _drop = new();") + "public sealed class Dropout { }" },

        { "a claim of volume", Map("(x.neg(), LogDets.Zero(x))", "ForwardWithLogDetCore",
            "public override bool IsVolumePreserving => true;") },
        { "a claim in the base class",
            "public abstract class A : Bijector { public override bool IsVolumePreserving => true; } "
            + Map("(x.neg(), LogDets.Zero(x))", "ForwardWithLogDetCore").Replace("[|", "", StringComparison.Ordinal)
                .Replace("|]", "", StringComparison.Ordinal).Replace(": Bijector", ": A", StringComparison.Ordinal) },
        { "zero on one path", Map(
            "{ if (x.dim() == 0) { return (x, LogDets.Zero(x)); } return (x.exp(), LogDets.Sum(x, x, eventRank)); }",
            "ForwardWithLogDetCore") },
        { "a constant", Map("(x * 2, LogDets.Constant(1, x, eventRank))", "ForwardWithLogDetCore") },
        { "full of something", Map("(x * 2, torch.full([1], 2.0))", "ForwardWithLogDetCore") },
        { "a refusal of some points", Map("{ if (x.dim() == 0) { throw new NotSupportedException(); } "
            + "return (x.exp(), LogDets.Sum(x, x, eventRank)); }", "ForwardWithLogDetCore") },
        { "zero in a local function", Map(
            "{ (Tensor, Tensor) Zero() { return (x, LogDets.Zero(x)); } return Zero(); }", "ForwardWithLogDetCore") },

        { "a masked network", Network("[Causal] internal readonly Made _net = null!;", Calls) },
        { "a conditioner that may be masked", Network("[Causal] internal readonly Conditioner _net = null!;", Calls) },
        { "a row of one's own layers", Network(
            "[Causal] internal readonly TorchSharp.Modules.Sequential _net = nn.Sequential(nn.Tanh());", Calls) },
        { "a dense network without a mark", Network("internal readonly ResidualMlp _net = null!;", Calls) },
        { "a class with a mask", Network("internal readonly TorchSharp.Modules.Linear _net = nn.Linear(2, 2); "
            + "internal readonly Tensor mask = torch.ones(2);", Calls, "_net.forward(input)", "[Causal] ") },
        { "a class that shifts tokens", Network("internal readonly TorchSharp.Modules.Linear _net = nn.Linear(2, 2);",
            Calls, "_net.forward(input)", "[Causal(-2)] ") },
        { "a class that feeds entries one by one",
            Network("internal readonly TorchSharp.Modules.Linear _net = nn.Linear(1, 1);", Calls,
                "_net.forward(input.narrow(-1, 0, 1))", "[Causal] ") },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_reported_on_the_exact_place(string id, string what, string source) => Marked.Fires(id, what, source);

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Near_misses_compile_without_a_word(string what, string source) =>
        Marked.Silent(what, Marked.Plain(source));

    private static string Network(
        string members, string constructor = "", string evaluate = "input", string attributes = "") =>
        $"{attributes}public sealed class N : Conditioner {{ {members} public N() : base(0) {{ {constructor} }} "
        + "public override int EventRank => 1; "
        + "public override Shape OutputShape(Shape input) => input; "
        + $"public override Tensor Evaluate(Tensor input, Tensor? context) => {evaluate}; }}";

    private static string Own(string members) =>
        $"public sealed class Own : nn.Module<Tensor, Tensor> {{ {members} "
        + $"public Own() : base(\"own\") => RegisterComponents(); public override Tensor forward(Tensor x) => x; }}";

    private static string Map(string body, string member, string members = "")
    {
        var arrow = body.StartsWith('{') ? body : $"=> {body};";
        var declared = $"protected override (Tensor, Tensor) [|{member}|](Tensor x, Tensor? context, int eventRank)";
        return $"public abstract class M : Bijector {{ {members} {declared} {arrow} }}"
            .Replace("(Tensor, Tensor) [|Inverse", "(Tensor X, Tensor LogDet) [|Inverse", StringComparison.Ordinal)
            .Replace("(Tensor, Tensor) [|Forward", "(Tensor Y, Tensor LogDet) [|Forward", StringComparison.Ordinal);
    }
}
