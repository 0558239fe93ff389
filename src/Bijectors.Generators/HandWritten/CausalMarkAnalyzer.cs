using System.Collections.Concurrent;
using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.HandWritten;

/// <summary>
/// Refutes [Causal] where it can be seen that it is wrong: on dense networks, attention and
/// convolutions without a mask.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CausalMarkAnalyzer() : RuleAnalyzer(Rules.NotCausal, Rules.Internal)
{
    private protected override void Register(AnalysisContext context) =>
        context.RegisterSymbolStartAction(Start, SymbolKind.NamedType);

    private static void Start(SymbolStartAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        var marked = type.GetMembers()
            .Where(m => m is IFieldSymbol or IPropertySymbol && Types.Attribute(m, CausalMarks.Attribute) is not null)
            .ToList();
        var ownMark = IsPlain(type) ? Types.Attribute(type, CausalMarks.Attribute) : null;
        if (marked.Count == 0 && ownMark is null)
        {
            return;
        }

        var held = new ConcurrentDictionary<ISymbol, ITypeSymbol>(SymbolEqualityComparer.Default);
        var mixed = new ConcurrentBag<ITypeSymbol>();
        context.RegisterOperationAction(
            InternalError.Guarded((OperationAnalysisContext c) =>
            {
                if (Target(c.Operation) is { } target && c.Operation.DescendantsAndSelf()
                    .FirstOrDefault(o => CausalMarks.IsRefuted(o.Type))?.Type is { } inside)
                {
                    held[target] = inside;
                }
            }),
            OperationKind.FieldInitializer, OperationKind.PropertyInitializer, OperationKind.SimpleAssignment);
        context.RegisterOperationAction(
            InternalError.Guarded((OperationAnalysisContext c) =>
            {
                if (MixedWhole((IInvocationOperation)c.Operation) is { } network)
                {
                    mixed.Add(network);
                }
            }),
            OperationKind.Invocation);
        context.RegisterSymbolEndAction(InternalError.Guarded((SymbolAnalysisContext c) =>
        {
            foreach (var member in marked)
            {
                var declared = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
                if (CausalMarks.IsRefuted(declared))
                {
                    Refute(member, declared.Name, c);
                }
                else if (CausalMarks.IsSequential(declared) && held.TryGetValue(member, out var inside))
                {
                    Refute(member, $"Sequential with a {inside.Name}", c);
                }
            }

            if (ownMark is not null && mixed.FirstOrDefault() is { } network)
            {
                Refute(type, $"network that applies a {network.Name} to its whole input", c);
            }
        }));
    }

    private static void Refute(ISymbol marked, string what, SymbolAnalysisContext context)
    {
        var mark = Types.Attribute(marked, CausalMarks.Attribute)!.ApplicationSyntaxReference;
        var location = mark is null ? marked.Locations[0] : mark.GetSyntax(context.CancellationToken).GetLocation();
        context.ReportDiagnostic(Diagnostic.Create(Rules.NotCausal, location, marked.Name, what));
    }

    /// <summary>
    /// Whether a conditioner is made of dense networks only, along the features, without a tensor that could be a mask.
    /// Along other axes a shift of the tokens makes any network causal.
    /// </summary>
    private static bool IsPlain(INamedTypeSymbol type)
    {
        var components =
            Types.Stored(type).Where(s => Types.IsComponent(s.Type) || Components.AreInside(s.Type)).ToList();
        return Types.Is(type.BaseType, "Bijectors.Conditioner")
            && Types.Attribute(type, CausalMarks.Attribute) is { ConstructorArguments: [{ Value: -1 }] }
            && components.Count > 0 && components.All(c => CausalMarks.IsMixing(c.Type));
    }

    /// <summary>The network that a call applies to a parameter of the method as it is.</summary>
    private static ITypeSymbol? MixedWhole(IInvocationOperation call) =>
        call.Instance is IFieldReferenceOperation { Type: { } network } && CausalMarks.IsMixing(network)
        && call.Arguments.FirstOrDefault() is { } first
        && Operations.Unwrap(first)
            is IParameterReferenceOperation { Parameter: { Ordinal: 0, ContainingSymbol: IMethodSymbol } }
            ? network
            : null;

    private static ISymbol? Target(IOperation op) => op switch
    {
        IFieldInitializerOperation field => field.InitializedFields[0],
        IPropertyInitializerOperation property => property.InitializedProperties[0],
        ISimpleAssignmentOperation { Target: IMemberReferenceOperation member } => member.Member,
        _ => null,
    };
}
