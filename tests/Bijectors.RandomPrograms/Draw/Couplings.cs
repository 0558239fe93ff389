namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws couplings: one part is scaled and shifted by what a network says of another.</summary>
internal sealed class Couplings(Draft draft, Blocks blocks)
{
    private readonly Chance _chance = draft.Chance;

    public void Draw(Scene scene, List<Statement> block)
    {
        var targets = scene.Parts.Where(p => p.Span == Span.Real && p.Shape.Rank > 0).ToList();
        if (targets.Count == 0)
        {
            return;
        }

        var target = _chance.Pick(targets);
        var others = scene.Parts.Where(p => p != target && p.Shape.Rank == target.Shape.Rank).ToList();
        if (others.Count == 0)
        {
            return;
        }

        var from = _chance.Pick(others);
        draft.HasFixedShape = true;
        var context = draft.ContextSize is { } size && _chance.Happens(0.6) ? size : 0;
        var net = draft.Field("Conditioner", "net", $"Pieces.Network({Draft.Literal(from.Shape)}, "
            + $"{Draft.Literal(target.Shape)}, seed: {draft.Seed()}, context: {context})");
        Apply(scene, block, target, Read(scene, block, net, from, target.Shape, context));
    }

    /// <summary>Runs a network on a part: the log-scale and the shift, in variables.</summary>
    public (Operand LogScale, Operand Shift) Read(
        Scene scene, List<Statement> block, Expression net, Part from, Shape shape, long context, bool mayKeep = true)
    {
        var call = new Invoke(
            net, "ScaleAndShift", new Name(from.Variable), new Operands(draft, scene).ContextArgument(context));
        var (s, t) = (draft.Fresh("s"), draft.Fresh("t"));
        Operand logScale, shift;
        if (!mayKeep || _chance.Happens(0.8))
        {
            draft.Count("condition: a tuple taken apart");
            blocks.Add(scene, block,
                new TakeApart(true, _chance.Happens(0.2) ? [$"Tensor {s}", $"Tensor {t}"] : [s, t], call));
            (logScale, shift) = (Of(s), Of(t));
        }
        else
        {
            draft.Count("condition: an item of a tuple");
            blocks.Add(scene, block, new Assign(Declares.Var, s, call));
            (logScale, shift) = (Of(s + ".LogScale"), Of(s + ".Shift"));
        }

        scene.Values.Add(new(((Name)logScale.Code).Text, logScale));
        scene.Values.Add(new(((Name)shift.Code).Text, shift));
        return (logScale, shift);

        Operand Of(string variable) =>
            new(new Name(variable), -1, 1) { Reads = [from.Variable], Shape = shape, IsTensor = true };
    }

    /// <summary>Maps a part by a log-scale and a shift, one way or another.</summary>
    public void Apply(Scene scene, List<Statement> block, Part target, (Operand LogScale, Operand Shift) by)
    {
        var s = Row.Named("tanh").Of(by.LogScale.Code, _chance);
        var (code, x) = ((Expression)new Name(target.Variable), Draft.Literal(0.5));
        Expression exp = Row.Named("exp").Of(_chance.Happens(0.5) ? s : new Binary("*", new Name(x), s), _chance);
        Expression negative = Row.Named("exp").Of(new Negative(s), _chance);
        Expression soft = new Binary("+", Row.Named("softplus").Of(by.LogScale.Code, _chance), new Name(x));
        Expression gate = new Binary("+", Row.Named("sigmoid").Of(by.LogScale.Code, _chance), new Name(x));
        var map = _chance.Pick<Expression>(
        [
            new Binary("+", new Binary("*", code, exp), by.Shift.Code),
            new Binary("+", by.Shift.Code, new Binary("*", exp, code)),
            new Binary("*", new Binary("-", code, by.Shift.Code), negative),
            new Binary("/", new Binary("+", code, by.Shift.Code), soft),
            new Binary("-", new Binary("*", gate, code), by.Shift.Code),
            new Binary("-", by.Shift.Code, new Binary("*", code, soft)),
        ]);
        draft.Count("coupling");
        draft.Steps += 3;
        blocks.Store(
            scene, block, target, target.Through(Pace.Affine(0.45, 2.2, _chance)) with { IsLiteral = false }, map);
    }
}
