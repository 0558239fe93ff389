using System.Collections.Immutable;
using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.HandWritten;

/// <summary>
/// Finds maps written by hand whose log-det is missing: always zero without a claim that it is, or not implemented.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LogDetAnalyzer() : RuleAnalyzer(Rules.NoLogDet, Rules.Internal)
{
    private protected override void Register(AnalysisContext context) =>
        context.RegisterOperationBlockAction(InternalError.Guarded(Analyze));

    private static void Analyze(OperationBlockAnalysisContext context)
    {
        if (context.OwningSymbol
            is IMethodSymbol { IsOverride: true, Name: "ForwardWithLogDetCore" or "InverseWithLogDetCore" } method
            && Types.IsBijectorOrConditioner(method.ContainingType)
            && Types.Attribute(method.ContainingType, ClassParser.Attribute) is null
            && !ClaimsVolume(method.ContainingType)
            && Missing(context.OperationBlocks) is { } how)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.NoLogDet, method.Locations[0], method.Name, how));
        }
    }

    private static bool ClaimsVolume(INamedTypeSymbol type) =>
        Operations.Bases(type).TakeWhile(t => !Types.IsRoot(t)).Any(t => t.GetMembers("IsVolumePreserving").Any());

    private static string? Missing(ImmutableArray<IOperation> blocks)
    {
        var own = blocks.SelectMany(Own).ToList();
        var thrown = own.OfType<IThrowOperation>().ToList();
        var returned = own.OfType<IReturnOperation>()
            .Where(r => r.ReturnedValue is { } value && Operations.Unwrap(value) is not IThrowOperation)
            .Select(r => Operations.Unwrap(r.ReturnedValue!)).ToList();
        return returned.Count > 0 ? returned.All(HasZero) ? "it is zero on every path" : null
            : thrown.Count > 0 && thrown.All(IsUnwritten) ? "it only throws"
            : null;
    }

    /// <summary>The operations of a method without those of functions inside it.</summary>
    private static IEnumerable<IOperation> Own(IOperation op) =>
        op is IAnonymousFunctionOperation or ILocalFunctionOperation
            ? []
            : op.ChildOperations.SelectMany(Own).Prepend(op);

    private static bool HasZero(IOperation returned) =>
        returned is ITupleOperation { Elements: [_, var logDet] }
        && Operations.Unwrap(logDet) is IInvocationOperation call && IsZero(call);

    private static bool IsZero(IInvocationOperation call) => call.TargetMethod switch
    {
        { Name: "Zero", ContainingType: { } host } => host.IsNamed("Bijectors.LogDets"),
        { Name: "zeros" or "zeros_like" or "new_zeros" } => true,
        { Name: "full" or "full_like" or "new_full" or "tensor" } => call.Arguments.Any(
            a => a.Parameter?.Name is "value" or "fill_value" or "scalar"
                && Operations.Unwrap(a.Value).ConstantValue is { HasValue: true, Value: { } value }
                && Operations.AsDouble(value) == 0),
        _ => false,
    };

    private static bool IsUnwritten(IThrowOperation thrown) =>
        thrown.Exception is { } exception
        && Types.Name(Operations.Unwrap(exception).Type!)
            is "System.NotImplementedException" or "System.NotSupportedException";
}
