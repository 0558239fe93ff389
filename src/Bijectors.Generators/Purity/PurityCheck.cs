using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Incremental;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// Checks that what a [Forward] body takes for known is the same in both directions and changes nothing.
/// </summary>
internal static class PurityCheck
{
    /// <returns>Whether nothing impure was seen.</returns>
    public static bool Run(IMethodBodyOperation body, IAssemblySymbol core, Sources sources,
        Action<Diagnostic> report, CancellationToken token)
    {
        var reader = new PurityReader(core, sources, token);
        var isPure = true;
        foreach (var op in body.Descendants())
        {
            // What assigns the body's own variables is the language's.
            var isOwn = op is IAssignmentOperation or IIncrementOrDecrementOperation;
            if ((isOwn ? reader.Implied(op, new(body)) : reader.Of(op, new(body))) is not { } fault)
            {
                continue;
            }

            isPure &= !fault.IsSeen;
            var at = op.Parent is IInvocationOperation { TargetMethod.MethodKind: MethodKind.DelegateInvoke } call
                && call.Instance == op ? call
                : op is IForEachLoopOperation loop ? loop.Collection
                : op;
            var rule = fault.IsSeen ? Rules.Impure : Rules.PurityUnseen;
            report(Diagnostic.Create(
                rule, at.Syntax.GetLocation(), Fault.Quote(at.Syntax), fault.Does, fault.Instead));
        }

        return isPure;
    }
}
