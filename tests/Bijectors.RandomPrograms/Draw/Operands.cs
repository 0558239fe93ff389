namespace Bijectors.RandomPrograms.Draw;

/// <summary>Draws known expressions for a part: everything it may be mapped with.</summary>
internal sealed class Operands(Draft draft, Scene scene)
{
    private static readonly double[] s_exact = [2, 0.5, 0.25, 4, 1.5, 0.75];

    private readonly Chance _chance = draft.Chance;

    /// <summary>Whether a part that is mapped has its shape in the variable that it comes from.</summary>
    public bool KeepsShape { get; set; }

    /// <summary>Any value between about -3 and 3, from the outside or from other parts.</summary>
    public Operand Raw(Part target)
    {
        var values = scene.Values.Where(v => !v.Operand.Reads.Contains(target.Variable) && v.Operand.Fits(target.Shape))
            .ToList();
        var others = Others(target);
        return _chance.Pick<Func<Operand>>(
        [
            (() => Number(_chance.Pick([-1.5, -0.5, 0.25, 1, 2, 0.3])), 2),
            (() => NumberField(-1, 1, ""), 2),
            (() => Parameter(target, -0.9, 0.9, ""), 2),
            (() => Context(target), draft.ContextSize is not null ? 2 : 0),
            (() => Places(target), KeepsShape && target.Shape.Rank > 0 && draft.Has(Features.Sizes) ? 2 : 0),
            (() => Use(_chance.Pick(values)), 4 * values.Count),
            (() => Signal(_chance.Pick(others), target.Shape), others.Count > 0 ? 8 : 0),
            (() => Network(_chance.Pick(others), target.Shape), others.Count > 0 ? 6 : 0),
        ])();
    }

    /// <summary>A value between about -1 and 1.</summary>
    public Operand Bounded(Part target)
    {
        var raw = Raw(target);
        return raw.High <= 1 && raw.Low >= -1 && _chance.Happens(0.5) ? raw : Apply(raw, "tanh", Math.Tanh);
    }

    /// <summary>A literal that keeps the ends of intervals exact, or any other where there are none.</summary>
    public Operand ExactNumber(Part target, bool mayBeNegative) =>
        Number((mayBeNegative && _chance.Happens(0.3) ? -1 : 1) * (target.Span == Span.Real && _chance.Happens(0.5)
            ? Math.Round(_chance.Between(0.4, 2.2), 2)
            : _chance.Pick(s_exact)));

    /// <summary>A value that is provably not zero, between about 1/3 and 3 in size.</summary>
    public Operand Multiplier(Part target, bool mustBePositive, int depth = 0)
    {
        Operand Again(bool positive) => Multiplier(target, positive, depth + 1);
        return _chance.Pick<Func<Operand>>(
        [
            (() => ExactNumber(target, !mustBePositive), 2),
            (() => NumberField(0.5, 1.6, "[Positive]"), 2),
            (() => Negated(NumberField(0.5, 1.6, "[NonZero]")), mustBePositive ? 0 : 1),
            (() => Parameter(target, 0.6, 1.5, "[Positive]"), 2),
            (() => Apply(Bounded(target), "exp", Math.Exp), 5),
            (() => Apply(Scaled(Bounded(target)), "exp", Math.Exp), 2),
            (() => Plus(Apply(Raw(target), "sigmoid", x => 1 / (1 + Math.Exp(-x))), 0.25), 2),
            (() => Plus(Apply(Raw(target), "softplus", x => Math.Log(1 + Math.Exp(x))), 0.25), 2),
            (() => Stated(), 2),
            (() => Plus(Scaled(Apply(Tensor(target), _chance.Pick(["tanh", "erf", "softsign"]), Math.Tanh)), 1.5), 2),
            (() => Negated(Plus(Wave(target), -1.5)), 1),
            (() => Plus(Wave(target), -1.5), mustBePositive ? 0 : 1),
            (() => Clamped(Tensor(target)), 2),
            (() => Marked(target), Others(target).Count > 0 ? 2 : 0),
            (() => Product(Again(mustBePositive), Again(mustBePositive)), depth < 1 ? 2 : 0),
            (() => Quotient(Again(mustBePositive), Again(mustBePositive)), depth < 1 ? 1 : 0),
            (() => Sum(Again(true), Again(true)), depth < 1 ? 2 : 0),
            (() => Negated(Again(true)), depth < 1 && !mustBePositive ? 1 : 0),
        ])();
    }

    /// <summary>
    /// A function of another part, of its shape or, where that does not spread over the target, its mean.
    /// </summary>
    public Operand Signal(Part part, Shape target)
    {
        var (name, low, high) =
            _chance.Pick([("tanh", -1.0, 1.0), ("sin", -1.0, 1.0), ("cos", -1.0, 1.0), ("sigmoid", 0.0, 1.0)]);
        Expression code = _chance.Pick(
        [
            new Invoke(new Name("torch"), name, new Name(part.Variable)),
            new Invoke(new Name(part.Variable), name),
            new Invoke(null, Helper(name), new Name(part.Variable)),
        ]);
        var signal = new Operand(code, low, high) { Reads = [part.Variable], Shape = part.Shape, IsTensor = true };
        if (signal.Fits(target))
        {
            draft.Count("condition: elementwise");
            draft.HasFixedShape = true;
            return signal;
        }

        draft.Count("condition: a mean");
        var dimensions = string.Join(", ", Enumerable.Range(1, part.Shape.Rank).Select(d => $"-{d}"));
        return signal with
        {
            Shape = null,
            Code = _chance.Happens(0.5)
                ? new Invoke(code, "mean", new Name($"[{dimensions}]"), new Name("true"))
                : new Invoke(new Name("Pieces"), "Mean", code, new Name(Draft.Literal(part.Shape.Rank))),
        };
    }

    /// <summary>A network that reads another part.</summary>
    public Operand Network(Part part, Shape target)
    {
        draft.Count("condition: Evaluate");
        draft.HasFixedShape = true;
        var context = draft.ContextSize is { } size && _chance.Happens(0.5) ? size : 0;
        var net = draft.Field("Conditioner", "net", $"Pieces.Network({Draft.Literal(part.Shape)}, "
            + $"{Draft.Literal(target)}, seed: {draft.Seed()}, context: {context}, copies: 1)");
        return new(new Invoke(net, "Evaluate", new Name(part.Variable), ContextArgument(context)), -1, 1) { Reads =
            [part.Variable], Shape = target, IsTensor = true };
    }

    public Name ContextArgument(long size) =>
        new(size > 0 || (draft.ContextSize is not null && _chance.Happens(0.5)) ? "context" : "null");

    public static Operand Number(double value) =>
        new(new Name(value < 0 ? $"({Draft.Literal(value)})" : Draft.Literal(value)), value, value) { Literal = value };

    public Operand NumberField(double low, double high, string marks)
    {
        var value = Math.Round(_chance.Between(low, high), 2);
        var type = _chance.Pick(["double", "float"]);
        var field = draft.Field(type, "k", Draft.Literal(value) + (type == "float" ? "f" : ""), marks);
        return new(_chance.Happens(0.2) ? new Name("this." + field.Text) : field, value, value);
    }

    private Operand Parameter(Part target, double low, double high, string marks)
    {
        var size = target.Shape.Rank > 0 && _chance.Happens(0.5) ? target.Shape[-1] : 1;
        draft.HasFixedShape |= size > 1;
        draft.Count("condition: a parameter");
        var field = draft.Field("Parameter", "w", $"Pieces.Parameter({Draft.Literal(low)}, {Draft.Literal(high)}, "
            + $"size: {(target.Shape.Rank > 0 ? size : 0)}, seed: {draft.Seed()})", marks);
        return new(field, low, high) { Shape = size > 1 ? Shape.Vector(size) : null, IsTensor = true };
    }

    private Operand Context(Part target)
    {
        if (target.Shape.Rank != 1 || (draft.ContextSize != 1 && draft.ContextSize != target.Shape[-1]))
        {
            return NumberField(-1, 1, "");
        }

        draft.Count("condition: the context");
        draft.HasFixedShape |= draft.ContextSize > 1;
        return new(new Invoke(new Name("torch"), "tanh", new Name("context!")), -1, 1) { Shape =
            draft.ContextSize > 1 ? Shape.Vector(draft.ContextSize.Value) : null, IsTensor = true };
    }

    /// <summary>A number for each place along the last dimension, however many there are.</summary>
    private Operand Places(Part target)
    {
        draft.Count("condition: places");
        var x = target.Variable;
        var size = _chance.Pick([$"{x}.size(-1)", $"{x}.shape[^1]"]);
        var places = new Name($"torch.arange({size}, dtype: {x}.dtype, device: {x}.device)");
        return new(new Invoke(new Name("torch"), _chance.Pick(["sin", "cos"]), places), -1, 1) { Reads = [x],
            Shape = Shape.Vector(target.Shape[-1]), IsTensor = true };
    }

    private Operand Use(Known known)
    {
        draft.Count("condition: a variable");
        return known.Operand with { Code = new Name(known.Variable), Literal = null };
    }

    /// <summary>A number in a stated interval, or what it leaves of the interval's end.</summary>
    private Operand Stated()
    {
        draft.Count("multiplier: a stated interval");
        var number = NumberField(0.5, 1.5, _chance.Happens(0.5) ? "[Within(0, 2)]" : "[Within(0.25, 2)]");
        return _chance.Happens(0.5) ? number : number with
        {
            Code = new Binary("-", new Name("2"), number.Code), Low = 2 - number.High, High = 2 - number.Low,
        };
    }

    private Operand Wave(Part target) => Tensor(target) is var raw
        ? raw with { Code = new Invoke(new Name("torch"), _chance.Pick(["sin", "cos"]), raw.Code), Low = -1,
            High = 1, Literal = null }
        : throw new ArgumentException("No operand.");

    private Operand Clamped(Operand raw)
    {
        draft.Count("multiplier: clamped");
        var (low, high) = (new Name("0.5"), new Name("1.75"));
        return raw with
        {
            Code = _chance.Happens(0.5)
                ? new Invoke(raw.Code, "clamp", low, high)
                : new Invoke(new Name("torch"), "clamp", raw.Code, low, high),
            Low = 0.5, High = 1.75, Literal = null,
        };
    }

    /// <summary>A value that is a tensor.</summary>
    private Operand Tensor(Part target) =>
        Raw(target) is { IsTensor: true } raw ? raw : Parameter(target, -0.9, 0.9, "");

    /// <summary>A method of the class that promises a positive result.</summary>
    private Operand Marked(Part target)
    {
        var part = _chance.Pick(Others(target));
        var signal = Signal(part, target.Shape);
        draft.Shared("[return: Positive] private static Tensor Rate(Tensor a) => torch.exp(0.5 * torch.tanh(a));");
        draft.Count("multiplier: a marked method");
        return signal with { Code = new Invoke(null, "Rate", signal.Code), Low = 0.6, High = 1.65 };
    }

    /// <summary>
    /// The parts that a part may be conditioned on. The target may be a later state of what the scene holds.
    /// </summary>
    private List<Part> Others(Part target) =>
        [.. scene.Parts.Where(
            p => p.Variable != target.Variable && p.Shape.Rank == target.Shape.Rank && p.Shape.Rank > 0)];

    private string Helper(string function)
    {
        var name = "The" + char.ToUpperInvariant(function[0]) + function[1..];
        draft.Shared($"private static Tensor {name}(Tensor a) => torch.{function}(a);");
        return name;
    }

    private Operand Apply(Operand raw, string function, Func<double, double> at)
    {
        if (!raw.IsTensor)
        {
            // System.Math has no more of the table than these two.
            return function == "tanh"
                ? raw.Map(new Invoke(new Name("Math"), "Tanh", raw.Code), Math.Tanh)
                : raw.Map(new Invoke(new Name("Math"), "Exp", raw.Code), Math.Exp);
        }

        draft.Count($"operand: {function}");
        return raw.Map(Row.Named(function).Of(raw.Code, _chance), at);
    }

    private static Operand Scaled(Operand a) => a.Map(new Binary("*", new Name("0.5"), a.Code), x => x / 2);

    private static Operand Plus(Operand a, double b) =>
        a.Map(new Binary("+", a.Code, new Name(Draft.Literal(b))), x => x + b);

    private static Operand Negated(Operand a) =>
        a with { Code = new Negative(a.Code), Low = -a.High, High = -a.Low, Literal = null };

    private static Operand Sum(Operand a, Operand b) =>
        a.With(b, new Binary("+", a.Code, b.Code), a.Low + b.Low, a.High + b.High);

    private static Operand Product(Operand a, Operand b) => Ends(a, b, "*", (x, y) => x * y);

    private static Operand Quotient(Operand a, Operand b) => Ends(a, b, "/", (x, y) => x / y);

    private static Operand Ends(Operand a, Operand b, string sign, Func<double, double, double> at)
    {
        double[] ends = [at(a.Low, b.Low), at(a.Low, b.High), at(a.High, b.Low), at(a.High, b.High)];
        return a.With(b, new Binary(sign, a.Code, b.Code), ends.Min(), ends.Max());
    }
}
