namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws maps that take the entries of a part, or two parts, together.</summary>
internal sealed class Joints(Draft draft, Blocks blocks)
{
    private static readonly Name s_torch = new("torch");

    private readonly Chance _chance = draft.Chance;

    public void Draw(Scene scene, List<Statement> block)
    {
        var fitting = scene.Parts.Where(p => p.Span == Span.Real && p.Shape.Rank > 0).ToList();
        var circles = scene.Parts.Where(p => p.Span == Span.Unit && p.IsLiteral).ToList();
        var pairs = fitting.SelectMany((a, i) => fitting.Skip(i + 1).Where(b => b.Shape == a.Shape).Select(b => (a, b)))
            .ToList();
        _chance.Pick<Action>(
        [
            (() => Product(scene, block, _chance.Pick(fitting)), fitting.Count > 0 ? 4 : 0),
            (() => Ridge(scene, block, _chance.Pick(fitting)), fitting.Count > 0 ? 2 : 0),
            (() => Sum(scene, block, _chance.Pick(fitting)), fitting.Count > 0 ? 1 : 0),
            (() => Mix(scene, block, _chance.Pick(pairs)), pairs.Count > 0 ? 4 : 0),
            (() => Turn(scene, block, _chance.Pick(circles)), circles.Count > 0 ? 4 : 0),
            (() => { }, 1),
        ])();
    }

    private void Product(Scene scene, List<Statement> block, Part part)
    {
        var size = part.Shape[-1];
        draft.HasFixedShape = true;
        draft.Count("joint: a matrix");
        var one = $"torch.eye({size})";
        var matrix = _chance.Pick<Func<string>>(
        [
            () => $"torch.tril({Matrix(size)}, -1) + {one}",
            () => $"{Scale(size)} + torch.triu({Matrix(size)}, 1)",
            () => $"({Matrix(size)}.tril(-1) + {one}).T",
            () => Matrix(size) is var w ? $"MatrixFunctions.Exponential({w} - {w}.mT)" : "",
            () => Matrix(size) is var w ? $"torch.linalg.solve({one} + ({w} - {w}.t()), {one} - ({w} - {w}.t()))" : "",
            () => Row("v", size) is var v ? $"{one} - 2 * torch.outer({v}, {v}) / torch.dot({v}, {v})" : "",
            () =>
                $"torch.matmul(torch.tril({Matrix(size)}, -1) + {one}, torch.triu({Matrix(size)}, 1) + {Scale(size)})",
        ])();
        Keep(
            scene,
            block,
            part,
            new Invoke(s_torch, "matmul", new Name(part.Variable), Held(scene, block, new Name(matrix))),
            matrix.Contains("Exponential", StringComparison.Ordinal) ? 20 : 5);
    }

    /// <summary>An expression in a variable of its own, or as it is.</summary>
    private Expression Held(Scene scene, List<Statement> block, Expression code)
    {
        if (_chance.Happens(0.6))
        {
            return code;
        }

        var variable = draft.Fresh("m");
        blocks.Add(scene, block, new Assign(Declares.Var, variable, code));
        return new Name(variable);
    }

    private void Ridge(Scene scene, List<Statement> block, Part part)
    {
        var size = part.Shape[-1];
        draft.HasFixedShape = true;
        draft.Count("joint: a ridge");
        var (u, w) = (Row("u", size), Row("w", size));
        var x = part.Variable;
        var bend =
            _chance.Pick<string>(["torch.tanh", "Elementwise.Softplus", "torch.asinh", "torch.atan", "torch.sigmoid"]);
        var ridge = new Name($"LowRank.Constrained({u}, {w}) * {bend}(({x} * {w}).sum(-1, keepdim: true) + 0.5)");
        Keep(scene, block, part, new Binary("+", new Name(x), ridge), 6);
    }

    private void Sum(Scene scene, List<Statement> block, Part part)
    {
        draft.Count("joint: a cumulative sum");
        Keep(scene, block, part, _chance.Happens(0.5)
            ? new Invoke(s_torch, "cumsum", new Name(part.Variable), new Name("-1"))
            : new Invoke(new Name(part.Variable), "cumsum", new Name("-1")), 3);
    }

    private void Mix(Scene scene, List<Statement> block, (Part A, Part B) pair)
    {
        draft.Count("joint: a mixture");
        draft.HasFixedShape = true;
        var (a, b) = (new Name(pair.A.Variable), new Name(pair.B.Variable));
        var (p, q, r, s) = ("0.8", "0.5", "0.6", "1.5");
        if (_chance.Happens(0.4))
        {
            var t = draft.Field("double", "angle", Draft.Literal(_chance.Between(0.2, 2.9))).Text;
            (p, q, r, s) = ($"Math.Cos({t})", $"Math.Sin({t})", $"Math.Sin({t})", $"Math.Cos({t})");
        }

        blocks.Add(scene, block, new TakeApart(false, [a.Text, b.Text], new Bundle(
            new Binary("-", new Binary("*", new Name(p), a), new Binary("*", new Name(q), b)),
            new Binary("+", new Binary("*", new Name(r), a), new Binary("*", b, new Name(s))))));
        draft.Steps += 4;
        foreach (var part in new[] { pair.A, pair.B })
        {
            var mixed = part.Through(Pace.Affine(0.5, 2, _chance)) with { IsLiteral = false };
            scene.Replace(part, mixed);
        }
    }

    private void Turn(Scene scene, List<Statement> block, Part part)
    {
        draft.Count("joint: a circle");

        // Close to an end a number is added to a larger one, and taken away again.
        draft.Steps += 8;
        var s = draft.Field("double", "turn", Draft.Literal(_chance.Between(0.1, 0.9))).Text;
        blocks.Store(scene, block, part, part with { IsLiteral = false }, new Invoke(
            s_torch, "remainder",
            new Binary(_chance.Happens(0.5) ? "+" : "-", new Name(part.Variable), new Name(s)), new Name("1")));
    }

    private void Keep(Scene scene, List<Statement> block, Part part, Expression code, int steps)
    {
        draft.Steps += steps;
        blocks.Store(scene, block, part, part.Through(Pace.Affine(0.4, 2.2, _chance)) with { IsLiteral = false }, code);
    }

    private string Matrix(long size) =>
        draft.Field("Parameter", "w", $"Pieces.Matrix({size}, seed: {draft.Seed()})").Text;

    private string Scale(long size)
    {
        var s = draft.Field("Parameter", "s", $"Pieces.Parameter(-0.5, 0.5, size: {size}, seed: {draft.Seed()})");
        return $"torch.diag_embed(torch.exp({s.Text}))";
    }

    private string Row(string stem, long size) =>
        draft.Field("Parameter", stem, $"Pieces.Parameter(-0.9, 0.9, size: {size}, seed: {draft.Seed()})").Text;
}
