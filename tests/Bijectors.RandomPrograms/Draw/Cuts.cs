namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws maps of two pieces. Each piece takes the cut to itself, so that any two of them meet.</summary>
internal sealed class Cuts(Draft draft, Operands operands)
{
    private readonly Chance _chance = draft.Chance;

    /// <summary>A map of a part in a variable; null where its entries lie on one side of every cut.</summary>
    public (Expression Code, Pace Pace, Span Span)? Draw(Part part)
    {
        if (part.Span != Span.Real && part.Span != Span.Positive)
        {
            return null;
        }

        double cut = part.Span == Span.Positive ? 1 : _chance.Pick([(0.0, 6), (1.0, 3), (-1.0, 1), (0.5, 1), (2.0, 1)]);
        var x = new Name(part.Variable);
        var (below, above) = (Draw(part, x, cut, isBelow: true), Draw(part, x, cut, isBelow: false));
        var falls = _chance.Happens(0.25);
        draft.Count(falls ? "map: pieces that fall" : "map: pieces");
        draft.Steps += 4;
        var (one, other) = (Turned(below.Code), Turned(above.Code));
        var (condition, isBelow) = Condition(x, Operands.Number(cut).Code);
        var pace = Joined(below.Middle, above.Middle) with
        {
            Ends = [Joined(below.Low, above.Low), Joined(below.High, above.High), Joined(below.Low, above.High),
                Joined(below.High, above.Low)],
        };
        return (new Invoke(new Name("torch"), "where", condition, isBelow ? one : other, isBelow ? other : one), pace,
            part.Span.Through(pace.Forward));

        Expression Turned(Expression code) => falls ? new Negative(code) : code;

        Pace Joined(Pace low, Pace high)
        {
            var pieces = new Pace(
                t => t < cut ? low.Forward(t) : high.Forward(t), y => y < cut ? low.Inverse(y) : high.Inverse(y));
            return falls ? new(t => -pieces.Forward(t), y => pieces.Inverse(-y)) : pieces;
        }
    }

    /// <summary>The condition in one of its spellings, and whether it holds below the cut.</summary>
    private (Expression Condition, bool IsBelow) Condition(Name x, Expression cut)
    {
        var isBelow = _chance.Happens(0.5);
        var isLoose = _chance.Happens(0.5);
        var (sign, turned) = isBelow ? ("<", ">") : (">", "<");
        var (end, method) = (isLoose ? "=" : "", (isBelow ? "l" : "g") + (isLoose ? "e" : "t"));
        return (_chance.Pick<Expression>(
        [
            new Binary(sign + end, x, cut), new Binary(turned + end, cut, x), new Invoke(x, method, cut),
            new Invoke(new Name("torch"), method, x, cut),
        ]), isBelow);
    }

    private Piece Draw(Part part, Name x, double cut, bool isBelow)
    {
        var pieces = new List<Func<Piece>> { () => new(x, Pace.Still) };
        if (cut == 0)
        {
            pieces.Add(() => Of("sinh"));
            pieces.Add(() => Of("asinh"));
            pieces.Add(() => _chance.Happens(0.5)
                ? With(k => Sign("*", x, k), Pace.Times)
                : With(k => Sign("/", x, k), k => Pace.Times(1 / k)));
            pieces.Add(() => Of(isBelow ? "expm1" : "log1p"));
            // (1 + x)^k - 1, as it is written where its digits count close to 0.
            pieces.Add(() => isBelow
                ? With(k => new Negative(Grown(new Negative(x), k)),
                    k => new(t => 1 - Math.Pow(1 - t, k), y => 1 - Math.Pow(1 - y, 1 / k)))
                : With(k => Grown(x, k), k => new(t => Math.Pow(1 + t, k) - 1, y => Math.Pow(1 + y, 1 / k) - 1)));
        }
        else if (part.Span == Span.Real)
        {
            var c = Operands.Number(cut).Code;
            pieces.Add(() => With(k => Sign("+", Sign("*", k, Sign("-", x, c)), c),
                k => new(t => (k * (t - cut)) + cut, y => ((y - cut) / k) + cut)));
        }

        if (cut == 1 && (part.Span == Span.Positive || !isBelow))
        {
            pieces.Add(() => With(k => Power(x, k), k => new(t => Math.Pow(t, k), y => Math.Pow(y, 1 / k))));
            pieces.Add(() => new(Sign("-", Sign("*", new Name("2"), Row.Named("sqrt").Of(x, _chance)), One),
                new(t => (2 * Math.Sqrt(t)) - 1, y => (y + 1) * (y + 1) / 4)));
            pieces.Add(() =>
                new(Sign("+", Row.Named("log").Of(x, _chance), One), new(t => Math.Log(t) + 1, y => Math.Exp(y - 1))));
        }
        else if (cut == 1)
        {
            pieces.Add(() =>
                new(Row.Named("exp").Of(Sign("-", x, One), _chance), new(t => Math.Exp(t - 1), y => Math.Log(y) + 1)));
        }

        return _chance.Pick(pieces)();

        Piece Of(string function) => Row.Named(function) is var row
            ? new(row.Of(x, _chance), new(row.At, row.Back))
            : throw new ArgumentException(function);

        Piece With(Func<Expression, Expression> code, Func<double, Pace> pace)
        {
            var operand = operands.Multiplier(part, mustBePositive: true);
            return new(code(operand.Code), pace(operand.Typical(_chance))) { Low = pace(operand.Low),
                High = pace(operand.High) };
        }
    }

    private Expression Grown(Expression x, Expression k) =>
        Row.Named("expm1").Of(Sign("*", k, Row.Named("log1p").Of(x, _chance)), _chance);

    private static Name One => new("1");

    private static Binary Sign(string sign, Expression left, Expression right) => new(sign, left, right);

    private static Invoke Power(Expression x, Expression k) => new(new Name("torch"), "pow", x, k);

    private sealed record Piece(Expression Code, Pace Middle)
    {
        public Pace Low { get; init; } = Middle;

        public Pace High { get; init; } = Middle;
    }
}
