namespace Bijectors.RandomPrograms.Draw;

/// <summary>A known expression.</summary>
/// <param name="Code">The expression.</param>
/// <param name="Low">What it is at least, roughly.</param>
/// <param name="High">What it is at most, roughly.</param>
internal sealed record Operand(Expression Code, double Low, double High)
{
    /// <summary>The variables of the parts it is computed from.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Its event shape; null for a number or a single entry, which fits everywhere.</summary>
    public Shape? Shape { get; init; }

    /// <summary>Its value, where it is a literal.</summary>
    public double? Literal { get; init; }

    public bool IsTensor { get; init; }

    /// <summary>Whether it spreads over a part of this shape without making it larger.</summary>
    public bool Fits(Shape part) =>
        Shape is not { } own
        || (own.Rank <= part.Rank && Enumerable.Range(1, own.Rank).All(d => own[-d] == 1 || own[-d] == part[-d]));

    /// <summary>Some value it might have.</summary>
    public double Typical(Chance chance) => Literal ?? chance.Between(Low, High);

    /// <summary>A function of this operand, whose ends go to the ends of the result.</summary>
    public Operand Map(Expression code, Func<double, double> increasing) =>
        this with { Code = code, Low = increasing(Low), High = increasing(High), Literal = null };

    /// <summary>This operand and another one in one expression.</summary>
    public Operand With(Operand other, Expression code, double low, double high) => new(code, low, high)
    {
        Reads = [.. Reads.Union(other.Reads)],
        Shape = Shape is { } a ? other.Shape is { } b ? Joint(a, b) : a : other.Shape,
        IsTensor = IsTensor || other.IsTensor,
    };

    private static Shape Joint(Shape a, Shape b) => a.Rank < b.Rank ? Joint(b, a)
        : Bijectors.Shape.Of(
            [.. Enumerable.Range(1, a.Rank).Reverse().Select(d => d <= b.Rank ? Math.Max(a[-d], b[-d]) : a[-d])]);
}
