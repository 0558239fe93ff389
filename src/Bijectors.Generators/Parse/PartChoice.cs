using System.Runtime.CompilerServices;
using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Parse.Forms;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse;

/// <summary>Decides which part an expression maps and which ones it only reads.</summary>
internal sealed class PartChoice(Scope scope, References references, Action<Diagnostic> report)
{
    /// <summary>
    /// Which part an expression maps, as a variable; null where it only reads parts, or none. Reports an error and
    /// gives <paramref name="failed"/> where that is not clear.
    /// </summary>
    /// <param name="op">The expression.</param>
    /// <param name="target">The variable it is assigned to, if any: a part that is assigned to is the one that
    /// is mapped.</param>
    /// <param name="statement">The statement around it.</param>
    /// <param name="mustMap">Whether a part is wanted here: in a return, in a join.</param>
    /// <param name="failed">Whether an error was reported.</param>
    public ISymbol? Choose(IOperation op, ISymbol? target, TextSpan statement, bool mustMap, out bool failed)
    {
        failed = false;
        var path = Candidates(op);
        if (target is not null && path.Contains(target, SymbolEqualityComparer.Default))
        {
            return target;
        }

        IReadOnlyList<ISymbol> candidates =
            path.Where(s => !references.ReadElsewhere(s, op.Syntax.Span, statement.Start)).ToList();
        if (candidates.Count == 0 && mustMap)
        {
            candidates = path;
        }

        if (candidates.Count <= 1)
        {
            return candidates.FirstOrDefault();
        }

        failed = true;
        report(Diagnostic.Create(
            Rules.Ambiguous, op.Syntax.GetLocation(), string.Join(" or ", candidates.Select(c => $"'{c.Name}'"))));
        return null;
    }

    /// <summary>The variables of the parts that an expression could map.</summary>
    public IReadOnlyList<ISymbol> Candidates(IOperation op) =>
        [.. Path(op).Distinct(SymbolEqualityComparer.Default).OfType<ISymbol>()];

    /// <summary>Whether a variable is read behind an expression, before it is assigned anew.</summary>
    public bool IsReadBehind(ISymbol variable, IOperation op) =>
        references.ReadElsewhere(variable, op.Syntax.Span, op.Syntax.SpanStart);

    /// <summary>Whether an expression maps the part in a variable, rather than read it.</summary>
    public bool Maps(IOperation op, ISymbol chosen) => Path(op).Contains(chosen, SymbolEqualityComparer.Default);

    /// <summary>Whether a call is a power of a literal, where the part stands in the exponent.</summary>
    public static bool IsExponential(string name, IReadOnlyList<IOperation> arguments) =>
        name == "pow" && arguments.Count == 2 && Operations.Unwrap(arguments[0]).ConstantValue.HasValue
        && !Operations.Unwrap(arguments[1]).ConstantValue.HasValue;

    /// <summary>The variables an expression could map: those reached through steps of the language alone.</summary>
    private IEnumerable<ISymbol> Path(IOperation operation)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var op = Operations.Unwrap(operation);
        switch (op)
        {
            case var _ when Operations.Variable(op) is { } variable && scope.Find(variable)?.Part is not null:
                return [variable];
            case var _ when ShapeQuestions.Subject(op) is not null:
                return [];
            case IBinaryOperation b when Operations.IsArithmetic(b):
                return Path(b.LeftOperand).Concat(Path(b.RightOperand));
            case IUnaryOperation u when Operations.IsArithmetic(u):
                return Path(u.Operand);
            case IInvocationOperation call when (Reindexing.Of(call.TargetMethod) is not null
                || Reindexing.IsMarked(call.TargetMethod)) && call.Arguments.Length > 0:
                // What is joined is one part from here on; its first one stands for it.
                return Path(call.Arguments.First(a => a.Parameter!.Ordinal == 0).Value);
            case IInvocationOperation call when Reindexing.IsBijectorCall(call):
                return Path(call.Arguments.First(a => a.Parameter?.Ordinal == 0).Value);
            case IInvocationOperation call when Cut.Of(call) is { } cut:
                return Path(cut.Variable).Where(x => Maps(cut.Below, x) && Maps(cut.Above, x));
            case IInvocationOperation call when OwnRow.Is(call.TargetMethod):
                return Path(call.Arguments.First(a => a.Parameter?.Ordinal == 0).Value);
            case IInvocationOperation call when KnownFunctions.NameOf(call.TargetMethod) is { } name
                && Operations.Explicit(call) is { Count: > 0 } arguments:
                return Path(arguments[IsExponential(name, arguments) ? 1
                    : JointForms.Place(name, arguments, a => Path(a).Any())]);
            default:
                return [];
        }
    }
}
