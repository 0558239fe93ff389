using System.Collections.Concurrent;
using System.Collections.Immutable;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.HandWritten;

/// <summary>
/// Finds tensors and modules that TorchSharp does not find: it looks into the fields of an object, and only
/// when it is told to.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RegistrationAnalyzer() : RuleAnalyzer(Rules.Unregistered, Rules.Internal)
{
    /// <summary>The property that a diagnostic has where a call of RegisterComponents is all that is missing.</summary>
    public const string MissingCall = "missing call";

    private const string Lost = "so it is not moved, saved or trained with the bijector";

    private protected override void Register(AnalysisContext context) =>
        context.RegisterSymbolStartAction(Start, SymbolKind.NamedType);

    private static void Start(SymbolStartAnalysisContext context)
    {
        if (context.Symbol is not INamedTypeSymbol { TypeKind: TypeKind.Class } type
            || !Types.IsBijectorOrConditioner(type))
        {
            return;
        }

        var calls = new ConcurrentBag<string>();
        var captured = new ConcurrentBag<IParameterSymbol>();
        context.RegisterOperationAction(
            InternalError.Guarded((OperationAnalysisContext c) =>
            {
                if (Equal(c.ContainingSymbol.ContainingType, type)
                    && ((IInvocationOperation)c.Operation).TargetMethod.Name is var name && IsRegistration(name))
                {
                    calls.Add(name);
                }
            }),
            OperationKind.Invocation);
        context.RegisterOperationAction(
            InternalError.Guarded((OperationAnalysisContext c) =>
            {
                if (c.Operation is IParameterReferenceOperation
                    {
                        Parameter:
                        {
                            ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } of,
                        } parameter,
                    }
                    && c.ContainingSymbol is IMethodSymbol method && !Equal(method, of)
                    && Equal(of.ContainingType, type) && Types.IsComponent(parameter.Type))
                {
                    captured.Add(parameter);
                }
            }),
            OperationKind.ParameterReference);
        context.RegisterSymbolEndAction(
            InternalError.Guarded((SymbolAnalysisContext c) => Report(type, calls, captured, c)));
    }

    private static void Report(
        INamedTypeSymbol type, IEnumerable<string> calls, IEnumerable<IParameterSymbol> captured,
        SymbolAnalysisContext context)
    {
        void Object(
            ISymbol symbol, string what, string instead, ImmutableDictionary<string, string?>? properties = null) =>
            context.ReportDiagnostic(
                Diagnostic.Create(Rules.Unregistered, symbol.Locations[0], properties, symbol.Name, what, instead));

        // Who registers anything by name has thought of the rest as well.
        if (calls.Any(name => name != "RegisterComponents"))
        {
            return;
        }

        foreach (var parameter in captured.Distinct<IParameterSymbol>(SymbolEqualityComparer.Default))
        {
            Object(parameter, $"is kept as a parameter and not as a field, {Lost}",
                "store it in a field and call RegisterComponents() in a constructor");
        }

        var stored = Types.Stored(type).ToList();

        // An array beside a ModuleList is a quicker way to the same modules.
        var unseen = stored.Any(s => Components.IsRegistered(s.Type))
            ? [] : stored.Where(s => Components.AreInside(s.Type));
        foreach (var (member, held) in unseen)
        {
            Object(
                member,
                "is a collection, which RegisterComponents does not look into, so what it holds is not moved, "
                + "saved or trained with the bijector",
                $"use {Components.Instead(held)}, or register each one by name");
        }

        var components = stored.Where(s => Types.IsComponent(s.Type)).ToList();
        foreach (var (member, _) in components.Where(s => s.Member is IPropertySymbol))
        {
            Object(member, "is an auto-property, which is saved under the name of its hidden field",
                "write a field, and a property that returns it");
        }

        var fields = components.Where(s => s.Member is IFieldSymbol).Select(s => s.Member).ToList();
        if (Bases.Register(type))
        {
            foreach (var field in fields.Where(f => !Bases.IsSetBefore(f)))
            {
                Object(
                    field, $"is set after the constructor of the base class has registered what there was, {Lost}",
                    "set it where it is declared, or register it by name");
            }
        }
        else if (fields.Count > 0 && !calls.Any() && !Bases.MayRegister(type))
        {
            Object(
                fields[0], $"is not registered, {Lost}", "call RegisterComponents() at the end of the constructor",
                ImmutableDictionary<string, string?>.Empty.Add(MissingCall, "true"));
        }
    }

    internal static bool IsRegistration(string name) =>
        name is "RegisterComponents" or "register_module" or "register_parameter" or "register_buffer";

    private static bool Equal(ISymbol? a, ISymbol? b) => SymbolEqualityComparer.Default.Equals(a, b);
}
