namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws bijectors inside: maps of all reals onto all reals.</summary>
internal sealed class Inners(Draft draft)
{
    private readonly Chance _chance = draft.Chance;

    /// <summary>
    /// A bijector applied, and what it does to numbers; null where a part has no dimension to act on.
    /// </summary>
    public (Expression Code, Pace Pace)? Apply(Part part, Expression code)
    {
        if (part.Shape.Rank == 0)
        {
            return null;
        }

        var (field, pace, context) = Bijector(part.Shape);
        var inverse = _chance.Happens(0.35);
        draft.Count(inverse ? "inner: Inverse" : "inner: Forward");
        var isTurned = _chance.Happens(0.15);
        var on = isTurned ? new Name($"(~{field.Text})") : field;
        Expression[] arguments = context > 0
            ? [code, new Name("context")]
            : draft.ContextSize is not null && _chance.Happens(0.3) ? [code, new Name("context: context")] : [code];
        return (new Invoke(on, inverse ? "Inverse" : "Forward", arguments),
            inverse != isTurned ? new(pace.Inverse, pace.Forward) : pace);
    }

    /// <summary>The initializers of bijectors that act on events of a shape, and what they do to numbers.</summary>
    /// <param name="shape">The shape of an event.</param>
    /// <param name="isOneOfMany">Whether others stand beside it in a list, and one walk has to do for all: then none
    /// that bends far.</param>
    public (string Code, Pace Pace, long Context) Initializer(Shape shape, bool isOneOfMany = false)
    {
        var context = draft.ContextSize is { } size && _chance.Happens(0.5) ? size : 0;
        return _chance.Pick<Func<(string, Pace, long)>>(
        [
            (() => ("new Sinh()", new(Math.Sinh, Math.Asinh), 0), isOneOfMany ? 0 : 1),
            (() => ("new Asinh()", new(Math.Asinh, Math.Sinh), 0), isOneOfMany ? 0 : 1),
            (() => ("new Affine(0.5, -1)", new(x => (x / 2) - 1, y => 2 * (y + 1)), 0), 2),
            (() => ("new LeakyRelu(0.4)", new(x => x > 0 ? x : 0.4 * x, y => y > 0 ? y : y / 0.4), 0), 1),
            (() => ("new Reverse()", Pace.Still, 0), 1),
            (() => ("new Shift(0.5) >> new Scale(-1.5)", new(x => -1.5 * (x + 0.5), y => (y / -1.5) - 0.5), 0), 2),
            (() => Fixed($"Pieces.Linear({shape[-1]}, seed: {draft.Seed()})", 0), 3),
            (() => Fixed($"Pieces.Coupling({shape[-1]}, seed: {draft.Seed()}, context: {context})", context),
                shape.Rank == 1 && shape[-1] > 1 ? 3 : 0),
        ])();
    }

    private (string, Pace, long) Fixed(string code, long context)
    {
        draft.HasFixedShape = true;
        draft.Steps += 4;
        return (code, Pace.Affine(0.5, 2, _chance), context);
    }

    private (Name Field, Pace Pace, long Context) Bijector(Shape shape)
    {
        var (code, pace, context) = Initializer(shape);
        return (draft.Field("Bijector", "inner", code), pace, context);
    }
}
