using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse;

/// <summary>
/// Where each variable of the body is read and written. A new local made from a part is the part's next state where the
/// old variable is never read again, and a value that conditions other parts where it is.
/// </summary>
internal sealed class References
{
    private readonly List<(ISymbol Symbol, TextSpan Span)> _reads = [];
    private readonly List<(ISymbol Symbol, TextSpan Statement)> _writes = [];
    private readonly List<(TextSpan Then, TextSpan Else)> _branches = [];

    public References(IOperation body)
    {
        foreach (var op in body.DescendantsAndSelf())
        {
            if (op is IConditionalOperation { WhenFalse: { } whenFalse } branch)
            {
                _branches.Add((branch.WhenTrue.Syntax.Span, whenFalse.Syntax.Span));
            }

            if (op is IAssignmentOperation assignment)
            {
                foreach (var target in Variables.Targets(assignment.Target))
                {
                    _writes.Add((target, assignment.Syntax.Span));
                }
            }

            if (Operations.Variable(op) is { } symbol && !IsTarget(op) && op.Parent is not INameOfOperation
                && !ShapeQuestions.IsAskedOf(op))
            {
                _reads.Add((symbol, op.Syntax.Span));
            }
        }
    }

    /// <summary>
    /// Whether a variable is read after <paramref name="start"/>, outside <paramref name="expression"/>, before it is
    /// assigned anew; what is in the other arm of a branch is not after it.
    /// </summary>
    public bool ReadElsewhere(ISymbol symbol, TextSpan expression, int start)
    {
        var otherArms = _branches.Where(b => b.Then.Contains(expression)).Select(b => b.Else).ToList();
        bool Counts(TextSpan span) => !otherArms.Any(w => w.Contains(span));

        var next =
            _writes.Where(w => Same(w.Symbol, symbol) && w.Statement.Start >= expression.End && Counts(w.Statement))
                .Select(w => w.Statement.End).DefaultIfEmpty(int.MaxValue).Min();
        return _reads.Any(r => Same(r.Symbol, symbol) && r.Span.Start >= start
            && r.Span.Start < next && !expression.Contains(r.Span) && Counts(r.Span));
    }

    private static bool Same(ISymbol a, ISymbol b) => SymbolEqualityComparer.Default.Equals(a, b);

    private static bool IsTarget(IOperation op) =>
        op.Parent is ISimpleAssignmentOperation simple && simple.Target == op
        || (op.Parent is ITupleOperation tuple
            && tuple.Parent is IDeconstructionAssignmentOperation deconstruction && deconstruction.Target == tuple);
}
