using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.HandWritten;
using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Numerics;

/// <summary>Names the stable spelling of formulas that overflow or lose digits, in bijectors and in networks.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PoorFormAnalyzer() : RuleAnalyzer(Rules.PoorForm, Rules.Internal)
{
    /// <summary>The property of a diagnostic that holds what to write instead.</summary>
    public const string Replacement = "replacement";

    private static readonly IReadOnlyList<(PoorForm Row, Pattern Pattern)> s_table =
        [.. PoorForm.All.Select(row => (row, new Pattern(row.Poor)))];

    private protected override void Register(AnalysisContext context) =>
        context.RegisterOperationBlockAction(InternalError.Guarded(Analyze));

    private static void Analyze(OperationBlockAnalysisContext context)
    {
        if (Types.IsForward(context.OwningSymbol) || Types.IsBijectorOrConditioner(context.OwningSymbol.ContainingType))
        {
            foreach (var block in context.OperationBlocks)
            {
                Visit(block, context.ReportDiagnostic);
            }
        }
    }

    private static void Visit(IOperation op, Action<Diagnostic> report)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        // What a form consumes is not looked at again: log(1 + exp(x)) is no log1p.
        var inside = Find(op, report) is { } match ? match.Bound.Values : op.ChildOperations.AsEnumerable();
        foreach (var child in inside)
        {
            Visit(child, report);
        }
    }

    private static Match? Find(IOperation op, Action<Diagnostic> report)
    {
        if (op is not (IInvocationOperation or IBinaryOperation)
            || op.ConstantValue.HasValue || op.SemanticModel is not { } model)
        {
            return null;
        }

        var kind = Operations.KindOf(op.Type);
        foreach (var (row, pattern) in s_table)
        {
            if ((kind == ValueKind.Tensor || kind == ValueKind.Number && row.ForNumbers)
                && pattern.Match(op) is { } match
                && match.Bound.All(b => b.Key != "x" || Operations.KindOf(b.Value.Type) == kind))
            {
                var better = new Spelling(match, model, op.Syntax.SpanStart, kind == ValueKind.Number)
                    .Write(row.Better, op.Syntax);
                report(Diagnostic.Create(
                    Rules.PoorForm, op.Syntax.GetLocation(),
                    ImmutableDictionary<string, string?>.Empty.Add(Replacement, better), Text.Of(op.Syntax), row.Why,
                    better));
                return match;
            }
        }

        return null;
    }
}
