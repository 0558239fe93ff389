using Bijectors.Generators.Diagnostics;
using Bijectors.Generators.Language;
using Bijectors.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>Reads the rows that people add to the table: [Primitive] methods, which name their inverse, and [Monotone] ones, which are inverted by iteration.</summary>
internal static class Functions
{
    private const string Primitive = "Bijectors.PrimitiveAttribute";
    private const string Monotone = "Bijectors.MonotoneAttribute";

    /// <summary>Whether a method is a row.</summary>
    public static bool IsRow(IMethodSymbol method) => Attribute(method) is not null;

    /// <summary>The methods that a row names: what runs in its place in the other direction and for the log-det.</summary>
    public static IEnumerable<IMethodSymbol> Twins(IMethodSymbol row) => Attribute(row) is not { } attribute ? []
        : attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(n => n.Value)).Select(a => a.Value as string)
            .OfType<string>().SelectMany(n => row.ContainingType.GetMembers(n)).OfType<IMethodSymbol>()
            .Where(m => !m.DeclaringSyntaxReferences.IsEmpty);

    /// <summary>The row of a call; null after an error has been reported.</summary>
    /// <param name="call">The call; its arguments behind the part become the operands {0}, {1}, ...</param>
    /// <param name="receiver">What the method is called on, "" for nothing.</param>
    /// <param name="numerical">Whether the bijector asks for inverses by iteration.</param>
    /// <param name="report">Takes the errors.</param>
    public static Function? Of(IInvocationOperation call, string receiver, bool numerical, Action<Diagnostic> report)
    {
        var method = call.TargetMethod;
        var attribute = Attribute(method)!;
        var isPrimitive = attribute.AttributeClass!.ToDisplayString() == Primitive;
        if (!isPrimitive && !numerical)
        {
            report(Diagnostic.Create(Rules.NumericalNotAsked, call.Syntax.GetLocation(), method.Name));
            return null;
        }

        if (method.IsGenericMethod)
        {
            report(Diagnostic.Create(Rules.BadAttribute, call.Syntax.GetLocation(), method.Name, "a row of the table cannot be generic"));
            return null;
        }

        var (domain, range) = (Interval(attribute, ""), Interval(attribute, "Range"));
        if (!(domain.Low < domain.High && range.Low < range.High))
        {
            report(Diagnostic.Create(Rules.BadAttribute, call.Syntax.GetLocation(), method.Name, "its domain and its range must be intervals, Low < High"));
            return null;
        }

        string Text(string name, string part) => $"{receiver}{name}({string.Join(", ", Enumerable.Range(0, method.Parameters.Length - 1).Select(i => $"{{{i}}}").Prepend(part))})";

        if (!isPrimitive)
        {
            return new(method.Name, Text(method.Name, "{x}"), null, null, domain, range);
        }

        var (inverse, slope) = (attribute.ConstructorArguments[0].Value as string ?? "", attribute.ConstructorArguments[1].Value as string ?? "");
        var (both, inverseBoth) = (Named(attribute, "WithLogSlope"), Named(attribute, "InverseWithLogSlope"));
        foreach (var (name, isPair) in new[] { (inverse, false), (slope, false), (both, true), (inverseBoth, true) })
        {
            if (name is not null && !method.ContainingType.GetMembers(name).OfType<IMethodSymbol>().Any(m => IsTwin(m, method, isPair)))
            {
                report(Diagnostic.Create(
                    Rules.BadAttribute, call.Syntax.GetLocation(), name,
                    $"[Primitive] on '{method.Name}' names it; expected a{(method.IsStatic ? " static" : "")} method of '{method.ContainingType.Name}' with the parameters of '{method.Name}' that gives {(isPair ? "two tensors" : "a tensor")}"));
                return null;
            }
        }

        return new(
            method.Name, Text(method.Name, "{x}"), Text(inverse, "{y}"), Text(slope, "{x}"), domain, range,
            both is null ? null : Text(both, "{x}"), inverseBoth is null ? null : Text(inverseBoth, "{y}"));
    }

    private static bool IsTwin(IMethodSymbol twin, IMethodSymbol method, bool isPair) =>
        twin.IsStatic == method.IsStatic && !twin.IsGenericMethod && (isPair ? IsPair(twin.ReturnType) : Operations.IsTensor(twin.ReturnType))
        && twin.Parameters.Select(p => p.Type).SequenceEqual(method.Parameters.Select(p => p.Type), SymbolEqualityComparer.Default);

    private static bool IsPair(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsTupleType: true, TupleElements: { Length: 2 } elements } && elements.All(e => Operations.IsTensor(e.Type));

    private static AttributeData? Attribute(IMethodSymbol method) =>
        method.Parameters.Length > 0 && Operations.IsTensor(method.Parameters[0].Type) && Operations.IsTensor(method.ReturnType)
            ? method.GetAttributes().FirstOrDefault(a => a.AttributeClass?.ToDisplayString() == Monotone || (a.AttributeClass?.ToDisplayString() == Primitive && a.ConstructorArguments.Length == 2))
            : null;

    private static string? Named(AttributeData attribute, string name) => attribute.NamedArguments.FirstOrDefault(n => n.Key == name).Value.Value as string;

    private static Bounds Interval(AttributeData attribute, string prefix) =>
        new(End(attribute, prefix + "Low", double.NegativeInfinity), End(attribute, prefix + "High", double.PositiveInfinity));

    private static double End(AttributeData attribute, string name, double otherwise) =>
        attribute.NamedArguments.FirstOrDefault(n => n.Key == name).Value.Value is double value ? value : otherwise;
}
