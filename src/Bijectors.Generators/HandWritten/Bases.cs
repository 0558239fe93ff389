using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Generators.HandWritten;

/// <summary>
/// What the classes between a class and Bijector do for its fields. TorchSharp registers once: with the call of a base
/// class all fields that are set by then, those of subclasses too.
/// </summary>
internal static class Bases
{
    /// <summary>Whether a constructor of a base class registers the fields of the object.</summary>
    public static bool Register(INamedTypeSymbol type) => Calls(type).Any(call =>
        call.Expression is SimpleNameSyntax { Identifier.Text: "RegisterComponents" }
        && call.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is not null);

    /// <summary>Whether a base class registers anything, or cannot be looked into.</summary>
    public static bool MayRegister(INamedTypeSymbol type) =>
        Between(type).Any(b => b.DeclaringSyntaxReferences.IsEmpty)
        || Calls(type).Any(call => call.Expression is SimpleNameSyntax { Identifier.Text: var name }
            && RegistrationAnalyzer.IsRegistration(name));

    /// <summary>Whether a field has its value before the constructor of the base class runs.</summary>
    public static bool IsSetBefore(ISymbol field) =>
        field.DeclaringSyntaxReferences.Any(r => r.GetSyntax() is VariableDeclaratorSyntax { Initializer: not null });

    private static IEnumerable<InvocationExpressionSyntax> Calls(INamedTypeSymbol type) =>
        Between(type).SelectMany(b => b.DeclaringSyntaxReferences)
            .SelectMany(r => r.GetSyntax().DescendantNodes().OfType<InvocationExpressionSyntax>());

    private static IEnumerable<ITypeSymbol> Between(INamedTypeSymbol type) =>
        Operations.Bases(type.BaseType).TakeWhile(b => !Types.IsRoot(b));
}
