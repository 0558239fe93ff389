using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>
/// <c>m * x + (1 - m) * maps(x)</c> for a mask m: the mask, the part, and the expression that maps it.
/// </summary>
internal sealed record MaskedForm(int Kept, int Part, IOperation Moved)
{
    /// <summary>The maps as rows; null after an error, where some are none.</summary>
    public EquatableArray<RowStep>? Maps(EquatableArray<Step> steps, Action<Diagnostic> report)
    {
        if (steps.Count > 0 && steps.All(s => s is RowStep { Head: null }))
        {
            return new(steps.Cast<RowStep>());
        }

        report(Diagnostic.Create(
            Rules.NotInLanguage, Moved.Syntax.GetLocation(), $"'{Moved.Syntax}' between a mask and its complement",
            "map there by the functions of the table, + - * / with known values, and rows of your own"));
        return null;
    }
}

/// <summary>
/// Finds sums in which a mask keeps some entries of a part while the others are mapped, as in RealNVP (Dinh et al.
/// 2017, equation 9).
/// </summary>
internal sealed class MaskedForms(
    ValueTable values, Scope scope, PartChoice choice, ValueParser parser, Action<Diagnostic> report)
{
    /// <summary>
    /// The form of a sum; null where it is none, or where <paramref name="failed"/> says that it was meant to be one
    /// and is not.
    /// </summary>
    public MaskedForm? Of(IBinaryOperation sum, ISymbol chosen, out bool failed)
    {
        failed = false;
        if (scope.Find(chosen)?.Part is not { } part || !scope.IsLive(part))
        {
            return null;
        }

        var (left, right) = (sum.LeftOperand, sum.RightOperand);
        foreach (var (kept, moved) in new[] { (left, right), (right, left) })
        {
            if (choice.Maps(moved, chosen) && Kept(kept, chosen, part) is { } mask)
            {
                return Of(mask, kept, moved, chosen, part, out failed);
            }
        }

        return null;
    }

    private MaskedForm? Of(int kept, IOperation product, IOperation moved, ISymbol chosen, int part, out bool failed)
    {
        var mask = values.Values.TensorOf(kept)!;
        var complement = values[kept] == mask ? $"'1 - {mask.Text}'" : $"'{mask.Text}'";
        var (known, map) = Factors(moved, chosen);

        // Any tensor may stand where a mask does: without its mark, only the whole form tells that it was meant.
        failed = mask.IsMask || (known is not null && IsMask(known));
        if (!failed)
        {
            return null;
        }

        if (known is null)
        {
            return Refuse(
                moved,
                $"where '{product.Syntax}' is kept, the other summand is {complement} times what maps '{chosen.Name}'");
        }

        if (parser.Parse(known) is not { } other)
        {
            return null;
        }

        if (!values.Values.AreComplements(kept, other))
        {
            return Refuse(known, $"where '{product.Syntax}' is kept, the other factor is {complement}");
        }

        if (!mask.IsMask)
        {
            return Refuse(moved, $"mark '{mask.Text}' [Mask] if it holds zeros and ones alone");
        }

        failed = false;
        return new(kept, part, map!);

        MaskedForm? Refuse(IOperation at, string advice)
        {
            report(Diagnostic.Create(Rules.SelfConditioning, at.Syntax.GetLocation(), chosen.Name, advice));
            return null;
        }
    }

    /// <summary>
    /// The factor of a product that does not map the part, and the one that does; null where there are no such two.
    /// </summary>
    private (IOperation? Known, IOperation? Map) Factors(IOperation operation, ISymbol chosen)
    {
        if (Product(operation) is not { } product)
        {
            return (null, null);
        }

        return (choice.Maps(product.LeftOperand, chosen), choice.Maps(product.RightOperand, chosen)) switch
        {
            (false, true) => (product.LeftOperand, product.RightOperand),
            (true, false) => (product.RightOperand, product.LeftOperand),
            _ => (null, null),
        };
    }

    /// <summary>The mask of what is kept, written out or in a variable; null for all else.</summary>
    private int? Kept(IOperation operation, ISymbol chosen, int part)
    {
        var op = Operations.Unwrap(operation);
        if (scope.Find(op)?.Value is { } variable)
        {
            return values.Values.MaskOf(variable, part);
        }

        // Nothing is read before it is clear that it is a mask: what it is not is read, and reported, elsewhere.
        return Product(op) is { LeftOperand: var left, RightOperand: var right }
            && ((IsPart(left) && IsMask(right)) || (IsPart(right) && IsMask(left)))
            && parser.Parse(op) is { } value ? values.Values.MaskOf(value, part) : null;

        bool IsPart(IOperation side) =>
            SymbolEqualityComparer.Default.Equals(Operations.Variable(Operations.Unwrap(side)), chosen);
    }

    private static IBinaryOperation? Product(IOperation operation) =>
        Operations.Unwrap(operation) is IBinaryOperation { OperatorKind: BinaryOperatorKind.Multiply } product
            && Operations.IsArithmetic(product) ? product : null;

    /// <summary>
    /// Whether an operation looks like a mask: a tensor of the class, 1 minus one, or a variable for one.
    /// </summary>
    private bool IsMask(IOperation operation)
    {
        var op = Operations.Unwrap(operation);
        return scope.Find(op)?.Value is { } variable ? values.Values.TensorOf(variable) is not null
            : op is IMemberReferenceOperation ? Operations.IsTensor(op.Type)
            : op is IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract } from
                && Operations.IsArithmetic(from) && IsMask(from.RightOperand);
    }
}
