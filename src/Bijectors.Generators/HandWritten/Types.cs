using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.HandWritten;

/// <summary>Questions about types and members that several rules for hand-written code ask.</summary>
internal static class Types
{
    private static readonly string[] Roots = ["Bijectors.Bijector", "Bijectors.Conditioner"];

    /// <summary>Whether a class derives from Bijector or Conditioner.</summary>
    public static bool IsBijectorOrConditioner(INamedTypeSymbol? type) => Operations.Bases(type?.BaseType).Any(IsRoot);

    /// <summary>Whether a type is Bijector or Conditioner itself.</summary>
    public static bool IsRoot(ITypeSymbol type) => Roots.Contains(type.ToDisplayString());

    /// <summary>Whether a class derives from a type, or is it.</summary>
    public static bool Is(ITypeSymbol? type, string name) => Operations.Bases(type).Any(t => Name(t) == name);

    /// <summary>Whether TorchSharp registers a field of this type: a tensor, a parameter or a module.</summary>
    public static bool IsComponent(ITypeSymbol? type) =>
        Operations.IsTensor(type) || Is(type, "TorchSharp.torch.nn.Module")
        || type is ITypeParameterSymbol parameter && parameter.ConstraintTypes.Any(IsComponent);

    /// <summary>Whether a symbol is marked with an attribute, given with its namespace.</summary>
    public static AttributeData? Attribute(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass.IsNamed(name));

    /// <summary>Whether a symbol is a method marked [Forward].</summary>
    public static bool IsForward(ISymbol symbol) =>
        symbol is IMethodSymbol && Attribute(symbol, "Bijectors.ForwardAttribute") is not null;

    /// <summary>
    /// What an object of this class itself stores: fields as written, and auto-properties in place of
    /// their hidden fields.
    /// </summary>
    public static IEnumerable<(ISymbol Member, ITypeSymbol Type)> Stored(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic && !f.IsConst)
            .Select(f => (f.AssociatedSymbol ?? f, f.Type)).Where(m => !m.Item1.IsImplicitlyDeclared);

    /// <summary>The full name of a type, without type arguments and nullability.</summary>
    public static string Name(ITypeSymbol type)
    {
        var name = type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString();
        return name.IndexOf('<') is var open and > 0 ? name.Substring(0, open) : name;
    }
}
