namespace Bijectors.Generators.Tests;

/// <summary>Numerically poor forms are found where they stand, and the better spelling is one that compiles.</summary>
public class NumericsTests
{
    private const string Id = "BIJ0301";

    public static TheoryData<string, string, string> Refused() => new()
    {
        { Id, "log1p", Network("return [|torch.log(1 + input)|];") },
        { Id, "log1p, the other way round", Network("return [|torch.log(input + 1.0)|];") },
        { Id, "log1p of a method", Network("return [|(1 + input).log()|];") },
        { Id, "log1p without a prefix", Network("return [|log(1 + input)|];") },
        { Id, "log1p of a difference", Network("return [|torch.log(1 - input * 2)|];") },
        { Id, "expm1", Network("return [|torch.exp(input) - 1|];") },
        { Id, "expm1, negative", Network("return 2 * ([|1 - input.exp()|]);") },
        { Id, "sigmoid", Network("return [|1 / (1 + torch.exp(-input))|];") },
        { Id, "sigmoid of neg()", Network("return [|1 / (input.neg().exp() + 1)|];") },
        { Id, "sigmoid, mirrored", Network("return [|1 / (1 + torch.exp(input))|];") },
        { Id, "sigmoid as a quotient", Network("return [|input.exp() / (1 + input.exp())|];") },
        { Id, "logsigmoid", Network("return [|torch.log(torch.sigmoid(input))|];") },
        { Id, "logsigmoid of a special function", Network("return [|special.sigmoid(input).log()|];") },
        { Id, "logsigmoid of the complement", Network("return [|torch.log(1 - torch.sigmoid(input))|];") },
        { Id, "softplus is no log1p", Network("return [|torch.log(1 + torch.exp(input))|];") },
        { Id, "softplus of log1p", Network("return [|input.exp().log1p()|];") },
        { Id, "log of exp", Network("return 2 * [|torch.log(torch.exp(input + 1))|];") },
        { Id, "log of exp on numbers", Network("return input * [|Math.Log(Math.Exp(K))|];") },
        { Id, "logit", Network("return [|torch.log(input / (1 - input))|];") },
        { Id, "sinh", Network("return [|(torch.exp(input) - torch.exp(-input)) / 2|];") },
        { Id, "sinh of a half", Network("return [|0.5 * (torch.exp(input) - torch.exp(-input))|];") },
        { Id, "sinh on numbers", Network("return input * ([|(Math.Exp(K) - Math.Exp(-K)) / 2|]);") },
        { Id, "tanh", Network("return [|(input.exp() - (-input).exp()) / (input.exp() + (-input).exp())|];") },
        { Id, "log_softmax", Network("return [|torch.log(nn.functional.softmax(input, -1))|];") },
        { Id, "log_softmax of a method", Network("return [|input.softmax(-1).log()|];") },
        { Id, "log cosh", Network("return [|torch.log(torch.cosh(input))|];") },
        { Id, "abs", Network("return [|torch.sqrt(input * input)|];") },
        { Id, "abs of a square", Network("return [|input.square().sqrt()|];") },
        { Id, "abs on numbers", Network("return input * [|Math.Sqrt(K * K)|];") },
        { Id, "a condition of a forward map", Forward("b = b + [|torch.log(torch.sigmoid(a))|];") },
        { Id, "a step of a forward map", Forward("b = [|torch.log(1 + torch.exp(b))|]; b = torch.log(b);") },
        { Id, "a lambda", Network("Func<Tensor, Tensor> f = t => [|torch.log(1 + t)|]; return f(input);") },
        { Id, "a field", Network("return input * _c;",
            "private readonly double _c = [|Math.Log(Math.Exp(Two))|]; private static double Two => 2;") },
        { Id, "what a form reads", Network("return torch.log1p([|torch.exp(input) - 1|]);") },
    };

    public static TheoryData<string, string> Accepted() => new()
    {
        { "another number", Network("return torch.log(2 + input);") },
        { "numbers without log1p", Network("return input * Math.Log(1 + K);") },
        { "numbers without expm1", Network("return input * (Math.Exp(K) - 1);") },
        { "a quotient of two things", Network("return torch.log(input / (1 - context!));") },
        { "a value that is drawn twice", Network("return torch.log(torch.rand(3) / (1 - torch.rand(3)));") },
        { "a call that may change",
            Network("return torch.sqrt(Next() * Next());", "private Tensor Next() => torch.ones(3);") },
        { "another base", Network("return input * Math.Log(Math.Exp(K), 2);") },
        { "a sum of exponentials", Network("return (torch.exp(input) + torch.exp(-input)) / 2;") },
        { "sinh of two things", Network("return (torch.exp(input) - torch.exp(-context!)) / 2;") },
        { "softmax in another type",
            Network("return torch.log(nn.functional.softmax(input, -1, ScalarType.Float64));") },
        { "one's own log", Network("return log(1 + input);", "private static Tensor log(Tensor t) => t;") },
        { "in place", Network("return input.exp_() - 2;") },
        { "outside of bijectors",
            "public sealed class Free { public static Tensor Evaluate(Tensor input) => torch.log(1 + input); }" },
    };

    public static TheoryData<string, string> Spelled() => new()
    {
        { "torch.log(1 + input)", "torch.log1p(input)" },
        { "log(1 + input)", "log1p(input)" },
        { "(1 + input * 2).log()", "(input * 2).log1p()" },
        { "log(1 - input * 2)", "log1p(-(input * 2))" },
        { "torch.exp(-input) - 1", "torch.expm1(-input)" },
        { "2 * (1 - input.exp())", "-input.expm1()" },
        { "2 - (1 - torch.exp(input)).abs()", "-torch.expm1(input)" },
        { "1 / (1 + torch.exp(-(input + 1)))", "torch.sigmoid(input + 1)" },
        { "torch.log(torch.sigmoid(input))", "torch.nn.functional.logsigmoid(input)" },
        { "input.softmax(-1).log()", "torch.nn.functional.log_softmax(input, -1)" },
        { "torch.log(1 + torch.exp(input))", "Elementwise.Softplus(input)" },
        { "torch.log(torch.exp(input + 1)).abs()", "(input + 1)" },
        { "torch.log(input / (1 - input))", "Elementwise.Logit(input)" },
        { "input * Math.Sqrt(K * K)", "Math.Abs(K)" },
        { "torch.sqrt(input * input)", "torch.abs(input)" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_reported_on_the_exact_expression(string id, string what, string source) =>
        Marked.Fires(id, what, source);

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Near_misses_compile_without_a_word(string what, string source) => Marked.Silent(what, source);

    [Theory]
    [MemberData(nameof(Spelled))]
    public void The_better_form_is_spelled_as_the_author_spells(string poor, string better)
    {
        var (_, diagnostics) = Compilations.Build(Network($"return {poor};"));
        Assert.Equal(better, Assert.Single(diagnostics).Properties[Numerics.PoorFormAnalyzer.Replacement]);
    }

    [Fact]
    public void A_forward_map_gets_a_form_of_its_language()
    {
        var (_, diagnostics) = Compilations.Build(Forward("b = torch.log(torch.sigmoid(b));"));
        Assert.Equal("torch.nn.functional.logsigmoid(b)",
            Assert.Single(diagnostics, d => d.Id == Id).Properties[Numerics.PoorFormAnalyzer.Replacement]);
    }

    [Fact]
    public void Every_row_of_the_table_finds_itself()
    {
        foreach (var row in Numerics.PoorForm.All)
        {
            var formula = row.Poor.Replace("softmax(x, d)", "x.softmax(-1)", StringComparison.Ordinal)
                .Replace("sigmoid(x)", "torch.sigmoid(x)", StringComparison.Ordinal);
            var (_, diagnostics) = Compilations.Build(Network($"var x = input; return {formula};"));
            Assert.Equal([Id], diagnostics.Select(d => d.Id));
        }
    }

    internal static string Network(string body, string members = "") =>
        "public sealed class N() : Conditioner(0) { private double K => 2; public override int EventRank => 1; "
        + "public override Shape OutputShape(Shape input) => input; "
        + $"{members} public override Tensor Evaluate(Tensor input, Tensor? context) {{ {body} }} }}";

    private static string Forward(string body) =>
        "[GeneratedBijector] public sealed partial class M : Bijector { public override int EventRank => 1; "
        + $"[Forward] private static Tensor Map(Tensor x) {{ var (a, b) = Parts.Halves(x); "
        + $"{body} return Parts.Join(a, b); }} }}";
}
