using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.HandWritten;

/// <summary>
/// Finds dropout, batch normalization and activations in place in bijectors and conditioners, and in the modules that
/// they hold: the inverse would see another function than the forward map.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StatefulNetworkAnalyzer() : RuleAnalyzer(Rules.StatefulNetwork, Rules.Internal)
{
    private protected override void Register(AnalysisContext context)
    {
        context.RegisterSymbolAction(InternalError.Guarded(Members), SymbolKind.NamedType);
        context.RegisterOperationAction(
            InternalError.Guarded(Calls), OperationKind.Invocation, OperationKind.ObjectCreation);
    }

    private static void Members(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        foreach (var (member, held) in Types.IsBijectorOrConditioner(type) ? Types.Stored(type) : [])
        {
            if ((StatefulLayers.In(held) ?? OwnModules.Holds(held, context.Compilation, context.CancellationToken))
                is var (layer, does))
            {
                context.ReportDiagnostic(
                    Diagnostic.Create(Rules.StatefulNetwork, member.Locations[0], member.Name, "a " + layer, does));
            }
        }
    }

    private static void Calls(OperationAnalysisContext context)
    {
        // What is written in a [Forward] method, its language judges.
        if (Types.IsBijectorOrConditioner(context.ContainingSymbol.ContainingType)
            && !Types.IsForward(context.ContainingSymbol)
            && Found(context.Operation) is var (what, does))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.StatefulNetwork, context.Operation.Syntax.GetLocation(),
                context.ContainingSymbol.ContainingType.Name, what, does));
        }
    }

    private static (string What, string Does)? Found(IOperation op) =>
        op is IInvocationOperation call && StatefulLayers.Called(call) is var (function, does)
        ? ($"a call of {function}", does)
        : StatefulLayers.Made(op) is var (layer, layerDoes) && !IsStored(op) ? ("a " + layer, layerDoes)
        : null;

    // The member it goes to is reported already.
    private static bool IsStored(IOperation op) => op.Parent switch
    {
        IAssignmentOperation { Target: IMemberReferenceOperation { Type: { } target } } =>
            StatefulLayers.In(target) is not null,
        IFieldInitializerOperation field => field.InitializedFields.Any(f => StatefulLayers.In(f.Type) is not null),
        IPropertyInitializerOperation property =>
            property.InitializedProperties.Any(p => StatefulLayers.In(p.Type) is not null),
        IConversionOperation or IArgumentOperation or IArrayInitializerOperation
            or IArrayCreationOperation or ICollectionExpressionOperation
            or IInvocationOperation or IObjectCreationOperation => IsStored(op.Parent),
        _ => false,
    };
}
