using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Purity;

/// <summary>
/// Members without source that are believed to be pure, apart from what <see cref="Impurity"/> says of single ones.
/// </summary>
internal static class KnownPure
{
    private const string Attribute = "System.Diagnostics.Contracts.PureAttribute";

    /// <summary>Marks of Bijectors that are promises about a function.</summary>
    private static readonly HashSet<string> Promises =
    [
        "Bijectors.PrimitiveAttribute", "Bijectors.ElementwiseAttribute", "Bijectors.CausalAttribute",
        "Bijectors.ContractiveAttribute", "Bijectors.MonotoneAttribute", "Bijectors.ReindexingAttribute",
    ];

    private static readonly HashSet<string> Namespaces =
    [
        "TorchSharp", "TorchSharp.Modules", "TorchSharp.Utils", "System.Numerics", "System.Linq", "System.Collections",
        "System.Collections.Generic", "System.Collections.Immutable", "System.Collections.Frozen",
        "System.Collections.ObjectModel", "System.Runtime.CompilerServices", "System.Runtime.Intrinsics",
        "System.Globalization", "System.Text", "System.Text.RegularExpressions",
    ];

    private static readonly HashSet<string> Types =
    [
        "System.Math", "System.MathF", "System.Object", "System.ValueType", "System.Enum", "System.String",
        "System.Char", "System.Boolean", "System.Decimal", "System.Double", "System.Single", "System.Half",
        "System.Byte", "System.SByte", "System.Int16", "System.UInt16", "System.Int32", "System.UInt32", "System.Int64",
        "System.UInt64", "System.Int128", "System.UInt128", "System.IntPtr", "System.UIntPtr", "System.Nullable",
        "System.Tuple", "System.ValueTuple", "System.Array", "System.Index", "System.Range", "System.Span",
        "System.ReadOnlySpan", "System.Memory", "System.ReadOnlyMemory", "System.MemoryExtensions",
        "System.ArraySegment", "System.Convert", "System.BitConverter", "System.HashCode", "System.TimeSpan",
        "System.DateTime", "System.DateTimeOffset", "System.DateOnly", "System.TimeOnly", "System.Guid",
        "System.Version", "System.Type", "System.Reflection.MemberInfo", "System.StringComparer",
        "System.FormattableString", "System.IDisposable", "System.IComparable", "System.IEquatable",
        "System.IFormattable", "System.Delegate", "System.MulticastDelegate", "System.GC", "System.Environment",
        "System.Diagnostics.Debug",
    ];

    /// <summary>Methods of collections that change what they are called on, or their argument.</summary>
    private static readonly HashSet<string> Changing =
    [
        "Add", "AddRange", "AddFirst", "AddLast", "AddAfter", "AddBefore", "Insert", "InsertRange", "Remove",
        "RemoveAt", "RemoveAll", "RemoveRange", "RemoveFirst", "RemoveLast", "RemoveWhere", "Clear", "Sort", "Reverse",
        "Push", "Pop", "TryPop", "Enqueue", "Dequeue", "TryDequeue", "TryAdd", "UnionWith", "ExceptWith",
        "IntersectWith", "SymmetricExceptWith", "Fill", "CopyTo", "TryCopyTo", "Copy", "ConstrainedCopy", "Resize",
        "SetValue", "Initialize", "Append", "AppendLine", "AppendFormat", "AppendJoin", "Replace", "append", "extend",
        "insert", "MoveNext", "Reset", "GetOrCreateValue", "AddOrUpdate", "GetOrAdd",
    ];

    /// <summary>
    /// Whether a member is believed to be pure as long as it changes no object but one of its caller's own.
    /// </summary>
    public static bool Is(ISymbol member) =>
        member.ContainingType is not { } type || Namespaces.Contains(type.ContainingNamespace.ToDisplayString())
            || Types.Contains(Name(type)) || IsException(type) || IsMarked(member);

    /// <summary>Whether a member, or a type around it, is marked [Pure] or makes one of Bijectors' promises.</summary>
    public static bool IsMarked(ISymbol member)
    {
        for (ISymbol? at = member; at is not null and not INamespaceSymbol; at = (at as IMethodSymbol)?.AssociatedSymbol
            ?? at.ContainingSymbol)
        {
            if (at.GetAttributes()
                .Any(a => a.AttributeClass?.ToDisplayString() is { } name
                && (name == Attribute || Promises.Contains(name))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a method changes the collection, the array or the text that it is called on.</summary>
    public static bool Changes(IMethodSymbol method) => IsChange(method.Name, method.ContainingType);

    /// <summary>Whether a method of that name changes a collection of that type.</summary>
    public static bool IsChange(string method, ITypeSymbol collection) =>
        Changing.Contains(method) && IsCollection(collection);

    /// <summary>Whether a type holds elements that can be exchanged.</summary>
    public static bool IsCollection(ITypeSymbol type) => type is IArrayTypeSymbol || (Name(type) switch
    {
        "System.Array" or "System.Span" or "System.Memory" or "System.MemoryExtensions"
            or "System.Text.StringBuilder" => true,
        _ => type.ContainingNamespace?.ToDisplayString() is "System.Collections" or "System.Collections.Generic"
            or "System.Collections.ObjectModel"
            || (type.ContainingNamespace.IsNamed("TorchSharp.Modules")
                && type.Name is "ModuleList" or "ModuleDict" or "ParameterList" or "ParameterDict" or "Sequential")
            || (type.ContainingNamespace.IsNamed("System.Collections.Immutable")
                && type.Name == "Builder"),
    });

    /// <summary>Whether who is shown such a collection can exchange its elements.</summary>
    public static bool CanBeWritten(ITypeSymbol type) => type is IArrayTypeSymbol
        || IsCollection(type) && !type.ContainingNamespace.IsNamed("TorchSharp.Modules")
            && !type.Name.StartsWith("IReadOnly", StringComparison.Ordinal)
            && !type.Name.StartsWith("ReadOnly", StringComparison.Ordinal)
            && !type.Name.StartsWith("IEnumer", StringComparison.Ordinal)
            && !type.Name.EndsWith("Comparer", StringComparison.Ordinal)
            && type.Name is not ("KeyValuePair" or "Array" or "MemoryExtensions");

    private static bool IsException(ITypeSymbol type) =>
        Operations.Bases(type).Any(t => t.IsNamed("System.Exception"));

    // Without type arguments, and System.String rather than string.
    private static string Name(ITypeSymbol type) => $"{type.ContainingNamespace?.ToDisplayString()}.{type.Name}";
}
