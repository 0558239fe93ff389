using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>
/// Reads the rows that people add to the table: [Primitive] methods, which name their inverse, and [Monotone] ones,
/// which are inverted by iteration.
/// </summary>
internal static class OwnRow
{
    private const string Primitive = "Bijectors.PrimitiveAttribute";
    private const string Monotone = "Bijectors.MonotoneAttribute";

    /// <summary>Whether a method is a row.</summary>
    public static bool Is(IMethodSymbol method) => Attribute(method) is not null;

    /// <summary>
    /// The methods that a row names: what runs in its place in the other direction and for the log-det.
    /// </summary>
    public static IEnumerable<IMethodSymbol> Twins(IMethodSymbol row) => Attribute(row) is not { } attribute ? []
        : attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(n => n.Value))
            .Select(a => a.Value as string)
            .OfType<string>().SelectMany(n => row.ContainingType.GetMembers(n)).OfType<IMethodSymbol>()
            .Where(m => !m.DeclaringSyntaxReferences.IsEmpty);

    /// <summary>The row of a call; null after an error has been reported.</summary>
    /// <param name="call">The call; its arguments behind the part become the operands</param>
    /// <param name="receiver">What the method is called on, with its dot.</param>
    /// <param name="numerical">Whether the bijector asks for inverses by iteration.</param>
    /// <param name="report">Takes the errors.</param>
    public static Function? Of(IInvocationOperation call, string receiver, bool numerical, Action<Diagnostic> report)
    {
        var method = call.TargetMethod;
        var attribute = Attribute(method)!;
        var isPrimitive = attribute.AttributeClass.IsNamed(Primitive);
        if (!isPrimitive && !numerical)
        {
            report(Diagnostic.Create(Rules.NumericalNotAsked, call.Syntax.GetLocation(), method.Name));
            return null;
        }

        bool Refuse(string? name, string why)
        {
            report(Diagnostic.Create(Rules.BadAttribute, call.Syntax.GetLocation(), name, why));
            return true;
        }

        if ((method.IsGenericMethod && Refuse(method.Name, "a row of the table cannot be generic"))
            || (method.MethodKind == MethodKind.LocalFunction
                && Refuse(method.Name, "a row of the table cannot be a local function"))
            || (method.ContainingType.IsFileLocal
                && Refuse(method.Name, "a row of the table cannot be in a type that only its file sees"))
            || (method.Parameters.Any(p => p.RefKind != RefKind.None)
                && Refuse(method.Name, "a row of the table takes its arguments by value")))
        {
            return null;
        }

        var (domain, range) = (Interval(attribute, ""), Interval(attribute, "Range"));
        if (!(domain.Low < domain.High && range.Low < range.High))
        {
            Refuse(method.Name, "its domain and its range must be intervals, Low < High");
            return null;
        }

        if (!isPrimitive)
        {
            return new(method.Name, receiver, CSharp.Identifier(method.Name), null, null, domain, range);
        }

        var model = call.SemanticModel!;
        var (inverse, slope) = (attribute.ConstructorArguments[0].Value as string ?? "",
            attribute.ConstructorArguments[1].Value as string ?? "");
        var (both, inverseBoth) = (Named(attribute, "WithLogSlope"), Named(attribute, "InverseWithLogSlope"));
        foreach (var (name, isPair) in new[] { (inverse, false), (slope, false), (both, true), (inverseBoth, true) })
        {
            if (name is null)
            {
                continue;
            }

            var twin = method.ContainingType.GetMembers(name).OfType<IMethodSymbol>()
                .FirstOrDefault(m => IsTwin(m, method, isPair));
            if ((twin is null && Refuse(name,
                $"[Primitive] on '{method.Name}' names it; expected a{(method.IsStatic ? " static" : "")} method of "
                + $"'{method.ContainingType.Name}' with the parameters of '{method.Name}' that gives "
                + $"{(isPair ? "two tensors" : "a tensor")}"))
                || (!model.IsAccessible(call.Syntax.SpanStart, twin!)
                    && Refuse(name, $"[Primitive] on '{method.Name}' names it, and it cannot be called from here"))
                || (IsHidden(twin!, call) && Refuse(name, $"[Primitive] on '{method.Name}' names it, "
                    + $"and a member of that name in '{call.Instance!.Type!.Name}' hides it")))
            {
                return null;
            }
        }

        return new(
            method.Name, receiver, CSharp.Identifier(method.Name), CSharp.Identifier(inverse), CSharp.Identifier(slope),
            domain, range, both is null ? null : CSharp.Identifier(both),
            inverseBoth is null ? null : CSharp.Identifier(inverseBoth));
    }

    private static bool IsTwin(IMethodSymbol twin, IMethodSymbol method, bool isPair) =>
        twin.IsStatic == method.IsStatic && !twin.IsGenericMethod
        && (isPair ? IsPair(twin.ReturnType) : Operations.IsTensor(twin.ReturnType))
        && twin.Parameters.All(p => p.RefKind == RefKind.None)
        && twin.Parameters.Select(p => p.Type)
            .SequenceEqual(method.Parameters.Select(p => p.Type), SymbolEqualityComparer.Default);

    /// <summary>
    /// Whether a class between the receiver's and the one that holds a method has a member that C# would find first.
    /// </summary>
    private static bool IsHidden(IMethodSymbol method, IInvocationOperation call) =>
        Operations.Bases(call.Instance?.Type)
            .TakeWhile(t => !SymbolEqualityComparer.Default.Equals(t, method.ContainingType))
            .Any(t => t.GetMembers(method.Name).Any(m => !m.IsOverride));

    private static bool IsPair(ITypeSymbol type) =>
        type is INamedTypeSymbol { IsTupleType: true, TupleElements: { Length: 2 } elements }
        && elements.All(e => Operations.IsTensor(e.Type));

    private static AttributeData? Attribute(IMethodSymbol method) =>
        method.Parameters.Length > 0 && Operations.IsTensor(method.Parameters[0].Type)
        && Operations.IsTensor(method.ReturnType)
            ? method.GetAttributes().FirstOrDefault(a => a.AttributeClass.IsNamed(Monotone)
                || (a.AttributeClass.IsNamed(Primitive) && a.ConstructorArguments.Length == 2))
            : null;

    private static string? Named(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(n => n.Key == name).Value.Value as string;

    private static Bounds Interval(AttributeData attribute, string prefix) =>
        new(End(attribute, prefix + "Low", double.NegativeInfinity),
            End(attribute, prefix + "High", double.PositiveInfinity));

    private static double End(AttributeData attribute, string name, double otherwise) =>
        attribute.NamedArguments.FirstOrDefault(n => n.Key == name).Value.Value is double value ? value : otherwise;
}
