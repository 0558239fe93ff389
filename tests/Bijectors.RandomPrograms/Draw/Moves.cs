namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws re-indexings of one part.</summary>
internal sealed class Moves(Draft draft)
{
    private readonly Chance _chance = draft.Chance;

    /// <summary>
    /// An expression in another order of entries along a dimension; null where the part has no dimension.
    /// </summary>
    public Expression? Reordering(Part part, Expression code)
    {
        if (part.Shape.Rank == 0)
        {
            return null;
        }

        var dim = -_chance.Between(1, part.Shape.Rank);
        var written = dim == -1 && _chance.Happens(0.7) ? Array.Empty<Expression>() : [new Name(Draft.Literal(dim))];
        switch (_chance.Below(4))
        {
            case 0:
                draft.Count("move: Flip");
                return new Invoke(new Name("Parts"), "Flip", [code, .. written]);
            case 1:
                draft.Count("move: Roll");
                return new Invoke(
                    new Name("Parts"), _chance.Happens(0.8) ? "Roll" : "RollBack", [code, Shift(), .. written]);
            case 2:
                draft.Count("move: Permute");
                var (order, inverse) = Order(part.Shape[dim]);
                return new Invoke(new Name("Parts"), "Permute", [code, order, inverse, .. written]);
            default:
                return code;
        }
    }

    /// <summary>An expression in another shape, and that shape.</summary>
    public (Expression Code, Shape Shape)? Reshaping(Part part)
    {
        var (code, shape) = (new Name(part.Variable), part.Shape);
        return _chance.Pick<Func<(Expression, Shape)?>>(
        [
            (() => Swap("Transpose", (a, b) => shape.With(a, shape[b]).With(b, shape[a])), shape.Rank > 1 ? 3 : 0),
            (() => Swap("MoveDim", (a, b) => Parts.MoveDim(shape, a, b)), shape.Rank > 1 ? 3 : 0),
            (() => Deeper("SpaceToDepth", Parts.SpaceToDepth),
                shape.Rank == 3 && shape[-1] % 2 == 0 && shape[-2] % 2 == 0 ? 6 : 0),
            (() => Deeper("DepthToSpace", Parts.DepthToSpace), shape.Rank == 3 && shape[-3] % 4 == 0 ? 6 : 0),
            (() => Reshape(part, Other(shape)), shape.Rank > 0 ? 2 : 0),
            (() => null, 1),
        ])();

        (Expression, Shape)? Swap(string move, Func<int, int, Shape> then)
        {
            var (a, b) = (-_chance.Between(1, shape.Rank), -_chance.Between(1, shape.Rank));
            draft.Count($"move: {move}");
            return (new Invoke(new Name("Parts"), move, code, new Name(Draft.Literal(a)), new Name(Draft.Literal(b))),
                then(a, b));
        }

        (Expression, Shape)? Deeper(string move, Func<Shape, long, Shape> then)
        {
            draft.Count($"move: {move}");
            return (new Invoke(new Name("Parts"), move, code, new Name("2")), then(shape, 2));
        }
    }

    /// <summary>The entries of a part in a given shape.</summary>
    public (Expression Code, Shape Shape) Reshape(Part part, Shape to)
    {
        draft.Count("move: Reshape");
        draft.HasFixedShape = true;
        return (
            new Invoke(new Name("Parts"), "Reshape", new Name(part.Variable), Written(part.Shape), Written(to)), to);
    }

    private Name Written(Shape shape) =>
        _chance.Happens(0.5) ? new(Draft.Literal(shape)) : draft.Field("Shape", "shape", Draft.Literal(shape));

    private Expression Shift() => _chance.Happens(0.5) ? new Name(Draft.Literal(_chance.Between(-2, 2)))
        : new Binary("+", draft.Field("int", "n", Draft.Literal(_chance.Between(-1, 2))), new Name("1"));

    private (Name, Name) Order(long size)
    {
        draft.HasFixedShape = true;
        var orders = $"Pieces.Orders({size}, seed: {draft.Seed()})";
        return (draft.Field("Tensor", "order", orders + ".Order"),
            draft.Field("Tensor", "inverse", orders + ".Inverse"));
    }

    private Shape Other(Shape shape)
    {
        var divisors = Enumerable.Range(2, 3).Where(d => shape.Size % d == 0 && shape.Size > d).ToList();
        if (shape.Rank > 1 || divisors.Count == 0)
        {
            return Shape.Vector(shape.Size);
        }

        var rows = _chance.Pick(divisors);
        return Shape.Of(rows, shape.Size / rows);
    }
}
