namespace Bijectors.Generators.Emit;

/// <summary>
/// The remark that shows a reader what was derived: the map, its inverse and its log-slope, step by step.
/// </summary>
internal static class Remarks
{
    public static IEnumerable<string> Of(ForwardModel model)
    {
        yield return "/// <remarks>";
        yield return "/// Derived from the [Forward] method: each step maps <c>x</c> to <c>y</c>, "
            + "the inverse undoes the last first, log-slopes add up:";
        yield return "/// <list type=\"bullet\">";
        foreach (var line in Items(model, model.Steps))
        {
            yield return line;
        }

        yield return "/// </list>";
        yield return "/// </remarks>";
    }

    private static IEnumerable<string> Items(ForwardModel model, IEnumerable<Step> steps) =>
        steps.SelectMany(step => step switch
        {
            RepeatStep repeat => Items(model, repeat.Body.Steps)
                .Prepend(
                    "/// <item>in each pass of <c>"
                    + Escape(Headers.Of(repeat.Header, backwards: false, v => Expressions.Named(model, v)))
                    + "</c>, backwards in the inverse:<list type=\"bullet\">")
                .Append("/// </list></item>"),
            BranchStep branch => Items(model, branch.Then.Steps)
                .Prepend(
                    $"/// <item>if <c>{Escape(Expressions.Named(model, branch.Condition))}</c>:<list type=\"bullet\">")
                .Append("/// </list></item>")
                .Concat(branch.Else.Steps.Count == 0 ? [] : Items(model, branch.Else.Steps)
                    .Prepend("/// <item>else:<list type=\"bullet\">").Append("/// </list></item>")),
            PiecewiseStep pieces => Piece(model, pieces.Below)
                .Prepend(
                    $"/// <item>{model.PartNames[pieces.Output]} where "
                    + $"<c>x {(pieces.CutIsBelow ? "&lt;=" : "&lt;")} {Numbers.Literal(pieces.Cut)}</c>, "
                    + $"and <c>y {(pieces.IsIncreasing ? "&lt;" : "&gt;")}{(pieces.CutIsBelow ? "=" : "")} "
                    + $"{Numbers.Literal(pieces.Image)}</c>:<list type=\"bullet\">")
                .Append("/// </list></item>").Append("/// <item>and elsewhere:<list type=\"bullet\">")
                    .Concat(Piece(model, pieces.Above)).Append("/// </list></item>"),
            CausalStep causal => Items(model, causal.Maps)
                .Prepend($"/// <item>conditioned on the entries of <c>{model.PartNames[causal.Input]}</c> before their "
                    + "own, undone entry by entry:<list type=\"bullet\">")
                .Append("/// </list></item>"),
            MaskedStep masked => Items(model, masked.Maps)
                .Prepend($"/// <item>where <c>{Escape(Expressions.Named(model, masked.Kept))}</c> does not keep "
                    + $"<c>{model.PartNames[masked.Input]}</c>:<list type=\"bullet\">")
                .Append("/// </list></item>"),
            _ => new[] { $"/// <item>{Describe(model, step)}</item>" },
        });

    private static IEnumerable<string> Piece(ForwardModel model, Piece piece) =>
        piece.Steps.Count == 0 ? ["/// <item><c>y = x</c></item>"] : Items(model, piece.Steps);

    private static string Describe(ForwardModel model, Step step) => step switch
    {
        FunctionStep f => $"{model.PartNames[f.Output]}: <c>y = {Escape(f.Function.Name)}(x)</c>, "
            + (f.Function.Inverse is null
                ? "<c>x</c> between brackets, <c>log|dy/dx|</c> by autograd"
                : "<c>x</c> and <c>log|dy/dx|</c> as its attribute names them"),
        ContractiveStep g => $"{model.PartNames[g.Output]}: <c>y = x + g(x)</c>, <c>x = y - g(x)</c> by iteration, "
            + $"<c>log|det(I + dg/dx)|</c> with <c>g = {Escape(Expressions.Named(model, g.Term))}</c>",
        JointStep joint => Describe(model, joint.Map, joint.Output, joint.Operands),
        SurfaceStep joint => Describe(model, joint.Map, joint.Output, joint.Operands)
            + $", in the measure of <c>{Short(joint.Map.Surface!.Domain)}</c>",
        MixStep mix => $"<c>({Parts(model, mix.Outputs)}) = (a x1 + b x2, c x1 + d x2)</c>, "
            + "undone by the inverse of the matrix, <c>log|a d - b c|</c> for each pair, with <c>(a, b, c, d) = "
            + $"({Escape(string.Join(", ", mix.Coefficients.Select(c => Expressions.Named(model, c))))})</c>",
        MapStep map => Describe(model, map, Primitives.All[map.Primitive]),
        MoveStep move => $"<c>{Parts(model, move.Outputs)} = "
            + $"{Escape(Short(Expressions.Bracket(Expressions.Named(model, move.Receiver))))}.{move.Method}"
            + $"({Parts(model, move.Inputs)})</c>, undone by <c>{move.Inverse}</c>, log-slope 0",
        ApplyStep apply => $"<c>{model.PartNames[apply.Output]} = "
            + $"{Escape(Expressions.Bracket(Expressions.Named(model, apply.Bijector)))}"
            + $".{(apply.Inverse ? "Inverse" : "Forward")}({model.PartNames[apply.Input]})</c>, "
            + "with its own inverse and log-det",
        _ => "",
    };

    private static string Describe(ForwardModel model, JointMap map, int output, EquatableArray<int> operands) =>
        $"{model.PartNames[output]}: <c>y = {Escape(map.Formula)}</c>, <c>x = {Escape(map.InverseFormula)}</c>, "
        + $"<c>log|det dy/dx| = {Escape(map.LogDetFormula)}</c>{Where(model, map, operands)}";

    private static string Where(ForwardModel model, JointMap map, EquatableArray<int> operands)
    {
        var named = map.Operands.Zip(operands,
            (name, value) => (Name: name, Text: Escape(Expressions.Named(model, value))))
            .Where(o => o.Name.Length > 0 && o.Name != o.Text).Select(o => $"<c>{o.Name} = {o.Text}</c>").ToList();
        return named.Count > 0 ? " with " + string.Join(", ", named) : "";
    }

    private static string Describe(ForwardModel model, MapStep map, Primitive row)
    {
        var k = map.Operands.Count > 0 ? Escape(Expressions.Named(model, map.Operands[0])) : "";
        var where = k.Length > 0 && k != "k" ? $" with <c>k = {k}</c>" : "";
        return $"{model.PartNames[map.Output]}: <c>y = {Escape(row.Formula)}</c>, "
            + $"<c>x = {Escape(row.InverseFormula)}</c>, <c>log|dy/dx| = {Escape(row.SlopeFormula)}</c>{where}";
    }

    private static string Parts(ForwardModel model, IEnumerable<int> parts) =>
        string.Join(", ", parts.Select(p => model.PartNames[p]));

    private static string Short(string receiver) =>
        receiver.Substring(receiver.LastIndexOf(':') + 1).Replace("Bijectors.", "");

    private static string Escape(string text) => string.Concat(text.Where(c => c != '\r')
        .Select(c => EndsLine(c) ? " " : c switch { '&' => "&amp;", '<' => "&lt;", '>' => "&gt;", _ => c.ToString() }));

    /// <summary>Whether a comment ends at a character: verbatim strings may hold any.</summary>
    private static bool EndsLine(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
