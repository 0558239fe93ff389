namespace Bijectors.RandomPrograms.Draw;

/// <summary>An expression that maps a part, as it grows from the inside out.</summary>
internal sealed class Chain(Draft draft, Scene scene, Part part)
{
    private readonly Chance _chance = draft.Chance;
    private readonly Operands _operands = new(draft, scene) { KeepsShape = true };

    /// <summary>The part as it is so far.</summary>
    public Part Part { get; private set; } = part;

    public Expression Code { get; private set; } = new Name(part.Variable);

    /// <summary>Whether the spans it reaches are those that every other can be reached from.</summary>
    public bool MayEndAnywhere { get; init; }

    /// <summary>Wraps one more step around the expression.</summary>
    public void Grow()
    {
        var step = _chance.Pick<Func<bool>>(
        [
            (Function, 6), (Arithmetic, 7), (Power, 2), (Leaky, 1), (Move, scene.MayMove ? 2 : 0),
            (Inner, scene.MayMove && !draft.EndsOnSurface ? 2 : 0),
            (OwnPrimitive, draft.Has(Features.Primitives) ? 2 : 0),
            (Bend, draft.IsNumerical ? 4 : 0), (Cut, draft.Has(Features.Pieces) && Code is Name ? 5 : 0),
        ]);
        step();
    }

    /// <summary>Maps through a function of the table that the part fits.</summary>
    public bool Function()
    {
        var mayShrink = Part.IsLiteral && !draft.StatesDomain && _chance.Happens(0.3);
        var fitting = Row.All.Where(r => Result(r, mayShrink) is not null).ToList();
        if (fitting.Count == 0)
        {
            return false;
        }

        // Parts lie on all reals more often than not, where most functions fit.
        Through(_chance.Pick([.. fitting.Select(r => (r, r.Domain == Span.Real ? 1 : 4))]));
        return true;
    }

    /// <summary>Maps through a function whose domain meets the part's span.</summary>
    public void Through(Row row)
    {
        draft.Count($"map: {row.Name}");
        if (!row.Domain.Holds(Part.Span))
        {
            // The whole map is now defined only where this step is.
            draft.Count("domain: shrinks");
            draft.Domain = row.Domain.Meet(Part.Span).Through(Origin);
        }

        Code = row.Of(Code, _chance);
        Part = Part.Through(new(row.At, row.Back)) with { Span = row.Domain.Meet(Part.Span).Through(row.At) };
        draft.Steps++;
    }

    /// <summary>Takes vectors of any numbers to points of a surface, which nothing can map further.</summary>
    public void Onto()
    {
        var isEven = draft.Has(Features.Sizes) && _operands.KeepsShape && _chance.Happens(0.5);
        draft.Count(isEven ? "surface: an even stick" : "surface: a stick");
        var x = Part.Variable;
        var logits = isEven
            ? new Binary("-", Code, new Name($"torch.log(torch.arange({x}.size(-1), 0, -1, {x}.dtype, {x}.device))"))
            : Code;
        Code = new Invoke(new Name("Stick"), "Pieces", logits);
        Part = Part.Through(new(v => 1 / (1 + Math.Exp(-v)), v => Math.Log(v / (1 - v)))) with
        {
            Shape = Shape.Vector(Part.Shape[-1] + 1), Span = Span.Unit, IsLiteral = false,
        };
        draft.Steps += 4;
    }

    /// <summary>A step with a literal that is known to be exact.</summary>
    public void Literal(string sign, double value, bool partIsLeft = true) =>
        Operate(sign, Operands.Number(value), partIsLeft);

    private double Origin(double value) => Part.Walks[0].Paces.Reverse().Aggregate(value, (y, pace) => pace.Inverse(y));

    /// <summary>The span after a function; null where it does not fit, or where the ends would not be exact.</summary>
    private Span? Result(Row row, bool mayShrink)
    {
        var span = row.Domain.Meet(Part.Span);
        if (!(span.Low < span.High) || (!row.Domain.Holds(Part.Span) && !mayShrink)
            || (row.Name == "erf" && span != Span.Real))
        {
            return null;
        }

        var result = span.Through(row.At);
        return result.Low < result.High && (result.IsExact || MayEndAnywhere) ? result : null;
    }

    private bool Arithmetic()
    {
        var isShift = _chance.Happens(0.45);
        var fromLeft = _chance.Happens(0.4);
        if (isShift)
        {
            var operand = Part.Span == Span.Real && _chance.Happens(0.7)
                ? _operands.Raw(Part)
                : _operands.ExactNumber(Part, mayBeNegative: true);
            return Operate(_chance.Happens(0.6) ? "+" : "-", operand, !fromLeft);
        }

        var multiplier = _operands.Multiplier(Part, mustBePositive: Part.Span != Span.Real);
        return (Part.Span == Span.Real || Part.Span == Span.Positive || multiplier.Literal is not null)
            && (fromLeft
                ? Operate("*", multiplier, partIsLeft: false)
                : Operate(_chance.Happens(0.6) ? "*" : "/", multiplier, partIsLeft: true));
    }

    private bool Operate(string sign, Operand operand, bool partIsLeft)
    {
        var pace = Pace.Of(operand, _chance, With);
        var span = operand.Literal is not null || Part.Span == Span.Real ? Part.Span.Through(pace.Forward) : Part.Span;
        if (!span.IsExact && !MayEndAnywhere)
        {
            return false;
        }

        draft.Count($"map: {(partIsLeft ? $"x {sign} k" : $"k {sign} x")}");
        var code = operand.Literal is { } number ? Spelt(number) : operand.Code;
        Code = partIsLeft ? new Binary(sign, Code, code) : new Binary(sign, code, Code);
        Finish(operand, pace, span);
        return true;

        Pace With(double k) => (sign, partIsLeft) switch
        {
            ("+", _) => Pace.Plus(k),
            ("-", true) => Pace.Plus(-k),
            ("-", false) => new(x => k - x, y => k - y),
            ("*", _) => Pace.Times(k),
            _ => new(x => x / k, y => y * k),
        };
    }

    private bool Power()
    {
        if (Part.Span != Span.Positive)
        {
            return false;
        }

        var operand = _chance.Happens(0.5)
            ? Operands.Number(_chance.Pick([2, 0.5, 1.5, 3, -1, -0.5]))
            : _operands.Multiplier(Part, mustBePositive: true);
        draft.Count("map: pow");
        Code = _chance.Happens(0.5)
            ? new Invoke(new Name("torch"), "pow", Code, operand.Code)
            : new Invoke(Code, "pow", operand.Code);
        Finish(operand, Pace.Of(operand, _chance, k => new(x => Math.Pow(x, k), y => Math.Pow(y, 1 / k))), Part.Span);
        return true;
    }

    private bool Leaky()
    {
        if (Part.Span != Span.Real && Part.Span != Span.Positive)
        {
            return false;
        }

        // Only numbers: torch has no leaky relu with a slope of its own for every entry.
        var operand = _chance.Happens(0.6)
            ? Operands.Number(_chance.Pick([0.2, 0.5, 2]))
            : _operands.NumberField(0.3, 2, "[Positive]");
        var k = operand.Low;
        draft.Count("map: leaky_relu");
        Code = new Invoke(new Name("nn.functional"), "leaky_relu", Code, operand.Code);
        Finish(operand, new(x => x > 0 ? x : k * x, y => y > 0 ? y : y / k), Part.Span);
        return true;
    }

    /// <summary>Two pieces: a condition reads a variable, so nothing has been wrapped around that yet.</summary>
    private bool Cut()
    {
        if (new Cuts(draft, _operands).Draw(Part) is not var (code, pace, span) || (!span.IsExact && !MayEndAnywhere))
        {
            return false;
        }

        Code = code;
        Finish(null, pace, span);
        return true;
    }

    private bool Move()
    {
        if (new Moves(draft).Reordering(Part, Code) is not { } moved)
        {
            return false;
        }

        Code = moved;
        _operands.KeepsShape = false;
        return true;
    }

    private bool Inner()
    {
        if (Part.Span != Span.Real || new Inners(draft).Apply(Part, Code) is not var (code, pace))
        {
            return false;
        }

        Code = code;
        Part = Part.Through(pace) with { IsLiteral = false };
        _operands.KeepsShape = false;
        draft.Steps += 2;
        return true;
    }

    private bool OwnPrimitive()
    {
        if (Part.Span == Span.Positive && _chance.Happens(0.5))
        {
            draft.Count("map: own primitive");
            Code = new Invoke(new Name("Own"), "Cube", Code);
            Finish(null, new(x => x * x * x, Math.Cbrt), Part.Span);
        }
        else if (Part.Span == Span.Real && _operands.Bounded(Part) is { IsTensor: true } skew)
        {
            draft.Count("map: own primitive with an operand");
            Code = new Invoke(new Name("Own"), "Skew", Code, skew.Code);
            Finish(
                null,
                Pace.Of(skew, _chance, k => new(x => Math.Sinh(Math.Asinh(x) + k), y => Math.Sinh(Math.Asinh(y) - k))),
                Part.Span);
        }
        else if (Part.Span == Span.Real)
        {
            draft.Count("map: own primitive with an operand");
            Code = new Invoke(new Name("Own"), "Mirror", Code, new Name("1.5"));
            Finish(null, new(x => 1.5 - x, y => 1.5 - y), Part.Span);
        }

        return true;
    }

    private bool Bend()
    {
        if (Part.Span == Span.Real)
        {
            draft.Count("map: monotone");
            draft.Shared("[Monotone] private static Tensor Bend(Tensor x) => x + 0.5 * torch.sin(x);");
            Code = new Invoke(null, "Bend", Code);
            Finish(null, Pace.Still, Part.Span);
        }
        else if (Part.Span == Span.Positive)
        {
            draft.Count("map: monotone");
            draft.Shared(
                "[Monotone(Low = 0, RangeLow = 0)] private static Tensor Rise(Tensor x) => x + 0.5 * torch.log1p(x);");
            Code = new Invoke(null, "Rise", Code);
            Finish(null, Pace.Times(1.3), Part.Span);
        }

        return true;
    }

    /// <param name="operand">What the step is made with; null for a map of one's own, through which the compiler
    /// follows no interval.</param>
    /// <param name="pace">The step as a function of numbers.</param>
    /// <param name="span">Where the part lies after it.</param>
    private void Finish(Operand? operand, Pace pace, Span span)
    {
        Part = Part.Through(pace) with { Span = span, IsLiteral = Part.IsLiteral && operand?.Literal is not null };
        draft.Steps++;
    }

    /// <summary>A literal as an int, a float or a double.</summary>
    private Name Spelt(double number) => new(
        number == Math.Round(number) && number > 0 && _chance.Happens(0.6)
        ? number.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : number == (float)number && number > 0 && _chance.Happens(0.2) ? Draft.Literal(number) + "f"
        : Operands.Number(number).Code is Name name ? name.Text : "");
}
