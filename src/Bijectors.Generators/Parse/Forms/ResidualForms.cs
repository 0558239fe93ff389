using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>
/// Reads sums of a part with something of low rank that is computed from it: planar and radial flows, Sylvester's.
/// </summary>
internal sealed class ResidualForms(PartParser parts, ValueTable values, Scope scope, Action<Diagnostic> report)
{
    private readonly JointSteps _steps = new(parts, report);

    /// <summary>
    /// The part that comes out; null where the sum is none of them, or after an error has been reported.
    /// </summary>
    public int? Parse(IBinaryOperation binary, ISymbol chosen)
    {
        var isAdded = binary.OperatorKind == BinaryOperatorKind.Add;
        if (!isAdded && binary.OperatorKind != BinaryOperatorKind.Subtract)
        {
            return null;
        }

        var leftIsPart = IsPart(binary.LeftOperand, chosen);
        if (!leftIsPart && !(isAdded && IsPart(binary.RightOperand, chosen)))
        {
            return null;
        }

        // Whether what is added is a known value is asked without a word: it may be another form of the language.
        var part = scope.Find(chosen)!.Value.Part!.Value;
        var added = leftIsPart ? binary.RightOperand : binary.LeftOperand;
        if (!scope.IsLive(part) || new ValueParser(values, scope, _ => { }).Parse(added) is not { } term
            || !values.ReadsNumbers(term, part)
            || Residuals.Of(values, term, part, isAdded) is not { } residual || !_steps.HasAxis(-1, chosen, binary))
        {
            return null;
        }

        if (!residual.IsSafe)
        {
            report(Diagnostic.Create(
                Rules.MayBeSingular, binary.Syntax.GetLocation(), binary.Syntax,
                "what it adds is not too steep, which is checked when it runs", residual.Needs));
        }

        return _steps.Join(residual.Map, residual.Operands, part, binary, chosen);
    }

    private bool IsPart(IOperation operand, ISymbol chosen) =>
        SymbolEqualityComparer.Default.Equals(Operations.Variable(Operations.Unwrap(operand)), chosen)
            && scope.Find(chosen)?.Part is not null;
}
