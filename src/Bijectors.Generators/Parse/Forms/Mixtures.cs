using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>
/// Reads mixtures of two parts, <c>(a, b) = (p a + q b, r a + s b)</c>, whose determinant is known not to be zero.
/// </summary>
internal sealed class Mixtures(PartParser parts, ValueTable values, Scope scope, Action<Diagnostic> report)
{
    /// <summary>The two parts that both elements could map; null where there are no two.</summary>
    public (ISymbol First, ISymbol Second)? Of(IReadOnlyList<IReadOnlyList<ISymbol>> candidates) =>
        candidates.Count == 2 && candidates.SelectMany(c => c).Distinct(SymbolEqualityComparer.Default)
            .OfType<ISymbol>().ToList() is [var first, var second]
        && scope.Find(first)!.Value.Part != scope.Find(second)!.Value.Part && candidates.Any(c => c.Count == 2)
            ? (first, second) : null;

    /// <summary>Reads the mixture and gives the parts that come out; null after an error has been reported.</summary>
    public (int First, int Second)? Parse(ITupleOperation right, ISymbol first, ISymbol second)
    {
        var (one, other) = (scope.Find(first)!.Value.Part!.Value, scope.Find(second)!.Value.Part!.Value);
        var rows = new List<Combination>();
        foreach (var element in right.Elements)
        {
            if (parts.Value(element) is not { } value)
            {
                return null;
            }

            if (Combination.Of(values, value, one, other) is not { } combination)
            {
                report(Diagnostic.Create(Rules.SelfConditioning, element.Syntax.GetLocation(), first.Name,
                    $"a mixture of '{first.Name}' and '{second.Name}' is undone where it is p * {first.Name} + q * "
                    + $"{second.Name} with known p and q"));
                return null;
            }

            rows.Add(combination);
        }

        if (Determinant(rows[0], rows[1]) is not { } determinant)
        {
            report(Diagnostic.Create(Rules.NotInvertible, right.Syntax.GetLocation(),
                $"The determinant of this mixture of '{first.Name}' and '{second.Name}' may be zero; "
                + "mix with literals, or turn by an angle: "
                + "(torch.cos(t) * a - torch.sin(t) * b, torch.sin(t) * a + torch.cos(t) * b)"));
            return null;
        }

        int[] coefficients = [rows[0].First, rows[0].Second, rows[1].First, rows[1].Second];
        if (parts.Conditions().Check(coefficients, one, right, first) is not { IsNone: true })
        {
            return null;
        }

        var logAbs = values[determinant] is Leaf { Constant: 1 or -1 } ? null : (int?)LogAbs.Of(values, determinant);
        var (made, madeToo) = (parts.Next(one), parts.Next(other));
        parts.Steps.Add(new MixStep(new([one, other]), new([made, madeToo]), new(coefficients), determinant, logAbs));
        return (made, madeToo);
    }

    /// <summary>The determinant as a value, where it is certain that it is not zero.</summary>
    private int? Determinant(Combination one, Combination other)
    {
        if (IsTurn(one, other))
        {
            return Arithmetic.Constant(values, 1);
        }

        var determinant = Arithmetic.Subtract(
            values, Arithmetic.Multiply(values, one.First, other.Second),
                Arithmetic.Multiply(values, one.Second, other.First));
        if (Arithmetic.ConstantOf(values, determinant) is { } number)
        {
            // The products are rounded: what is left of numbers of their size may be nothing but that.
            var size = new[] { one.First, one.Second, other.First,
                other.Second }.Max(k => Math.Abs(Arithmetic.ConstantOf(values, k) ?? 0));
            return Math.Abs(number) > 1e-6 * size * size && !double.IsInfinity(number)
                ? Arithmetic.Constant(values, number) : null;
        }

        return values[determinant].Sign != Sign.Unknown ? determinant : null;
    }

    /// <summary>Whether it is a turn by an angle: cos(t)^2 + sin(t)^2 = 1.</summary>
    private bool IsTurn(Combination one, Combination other)
    {
        var sine = values[one.Second] is Call { Function: "neg" } above && above.Operands[0] == other.First
            ? other.First
            : values[other.First] is Call { Function: "neg" } below && below.Operands[0] == one.Second ? one.Second
            : (int?)null;
        return one.First == other.Second && sine is { } place && values[one.First] is Call { Function: "cos" } c
            && values[place] is Call { Function: "sin" } s && c.Operands.Equals(s.Operands);
    }
}
