namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws sums in which a mask keeps some entries of a part while the others are mapped.</summary>
internal sealed class MaskedMaps(Draft draft, Blocks blocks)
{
    private readonly Chance _chance = draft.Chance;

    public void Draw(Scene scene, List<Statement> block)
    {
        var fitting = scene.Parts.Where(p => p.Span == Span.Real && p.Shape.Rank > 0).ToList();
        if (fitting.Count == 0)
        {
            return;
        }

        draft.Count("a mask");
        draft.HasFixedShape = true;
        var part = _chance.Pick(fitting);
        var shape = Draft.Literal(part.Shape);
        var mask = draft.Field("Tensor", "mask", $"Pieces.Mask({shape}, seed: {draft.Seed()})", "[Mask]");
        Expression complement = new Binary("-", new Name(_chance.Happens(0.5) ? "1" : "1.0"), mask);
        var (keeps, moves) = _chance.Happens(0.3) ? (complement, mask) : ((Expression)mask, complement);
        keeps = InAVariable(scene, block, keeps, null, 0.2);
        moves = InAVariable(scene, block, moves, null, 0.2);
        var code = new Name(part.Variable);
        var kept = InAVariable(scene, block, Product(keeps, code), part, 0.4);
        var mapped = _chance.Happens(0.25) ? Curve(code) : Coupling(scene, block, part, kept);
        var moved = Product(moves, mapped);
        var entries = part.Through(Pace.Affine(0.4, 2.5, _chance));
        draft.Steps += 3;
        blocks.Store(
            scene, block, part,
            part with { IsLiteral = false, Walks = Walk.Few([.. part.Walks, .. entries.Walks], _chance) },
            _chance.Happens(0.5) ? new Binary("+", kept, moved) : new Binary("+", moved, kept));
    }

    /// <summary>A map without conditions that is not a line.</summary>
    private Binary Curve(Name code) => new(
        "+",
        Row.Named("sinh").Of(new Binary("*", new Name("0.8"), Row.Named("asinh").Of(code, _chance)), _chance),
        new Name("0.5"));

    /// <summary>A map by what a network says of what is kept.</summary>
    private Expression Coupling(Scene scene, List<Statement> block, Part part, Expression kept)
    {
        var context = draft.ContextSize is { } size && _chance.Happens(0.4) ? size : 0;
        var shape = Draft.Literal(part.Shape);
        var made = $"Pieces.Network({shape}, {shape}, seed: {draft.Seed()}, context: {context})";
        var net = draft.Field("Conditioner", "net", made);
        var (s, t) = (draft.Fresh("s"), draft.Fresh("t"));
        var read = new Invoke(net, "ScaleAndShift", kept, new Operands(draft, scene).ContextArgument(context));
        blocks.Add(scene, block, new TakeApart(true, [s, t], read));
        blocks.Know(scene, part, s, t);
        var code = new Name(part.Variable);
        var bounded = Row.Named("tanh").Of(new Name(s), _chance);
        var gate = Row.Named("sigmoid").Of(new Name(s), _chance);
        return _chance.Pick<Expression>(
        [
            new Binary("+", new Binary("*", code, Row.Named("exp").Of(bounded, _chance)), new Name(t)),
            new Binary("*", new Binary("-", code, new Name(t)), Row.Named("exp").Of(new Negative(bounded), _chance)),
            new Binary("+", code, new Name(t)),
            new Binary("-", new Name(t), new Binary("/", code, new Binary("+", gate, new Name("0.5")))),
            new Binary("+", new Invoke(new Name("Own"), "Skew", code, bounded), new Name(t)),
        ]);
    }

    private Expression Product(Expression one, Expression other) =>
        _chance.Happens(0.5) ? new Binary("*", one, other) : new Binary("*", other, one);

    private Expression InAVariable(Scene scene, List<Statement> block, Expression value, Part? of, double probability)
    {
        if (!_chance.Happens(probability))
        {
            return value;
        }

        var variable = draft.Fresh("m");
        blocks.Add(scene, block, new Assign(Declares.Var, variable, value));
        if (of is not null)
        {
            blocks.Know(scene, of, variable);
        }

        return new Name(variable);
    }
}
