using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.HandWritten;

/// <summary>Which collections hold tensors and modules.</summary>
internal static class Components
{
    /// <summary>
    /// Whether a type is an array, a tuple or a .NET collection of tensors or modules. TorchSharp's own
    /// collections are modules.
    /// </summary>
    public static bool AreInside(ITypeSymbol type) => !Types.IsComponent(type) && First(type) is not null;

    /// <summary>Whether a type is a collection that is registered with what it holds.</summary>
    public static bool IsRegistered(ITypeSymbol type) =>
        Types.Name(type) is "TorchSharp.Modules.ModuleList" or "TorchSharp.Modules.ModuleDict"
            or "TorchSharp.Modules.ParameterList" or "TorchSharp.Modules.ParameterDict";

    /// <summary>The collection of TorchSharp that holds the same.</summary>
    public static string Instead(ITypeSymbol collection) =>
        Types.Is(First(collection), "TorchSharp.Modules.Parameter") ? "a ParameterList or ParameterDict"
        : Types.Is(First(collection), "TorchSharp.torch.nn.Module") ? "a ModuleList or ModuleDict"
        : "a field for each";

    private static ITypeSymbol? First(ITypeSymbol type) => type switch
    {
        _ when Types.IsComponent(type) => type,
        IArrayTypeSymbol array => First(array.ElementType),
        INamedTypeSymbol { IsTupleType: true } tuple =>
            tuple.TupleElements.Select(e => First(e.Type)).FirstOrDefault(t => t is not null),
        INamedTypeSymbol { IsGenericType: true } named when named.ContainingNamespace.ToDisplayString().StartsWith(
            "System", StringComparison.Ordinal) && IsStore(named) =>
            named.TypeArguments.Select(First).FirstOrDefault(t => t is not null),
        _ => null,
    };

    // KeyValuePair and Nullable hold what they are made of; Func and Action do not.
    private static bool IsStore(INamedTypeSymbol type) =>
        type.IsValueType || type.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T
        || type.AllInterfaces.Any(
            i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T);
}
