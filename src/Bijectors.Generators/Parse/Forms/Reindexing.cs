using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>A method that moves elements, as its [Reindexing] attribute describes it.</summary>
internal sealed record Reindexing(
    int Inputs, int Outputs, string Inverse, IReadOnlyList<int> InverseArguments, bool ChangesRank)
{
    private const string Attribute = "Bijectors.ReindexingAttribute";

    /// <summary>Whether a method says that it is a re-indexing, rightly or not.</summary>
    public static bool IsMarked(IMethodSymbol method) =>
        method.GetAttributes().Any(a => a.AttributeClass.IsNamed(Attribute));

    /// <summary>
    /// The description of a method, or null where it is no re-indexing, or has no inverse or no twin on shapes.
    /// </summary>
    public static Reindexing? Of(IMethodSymbol method)
    {
        for (IMethodSymbol? m = method; m is not null; m = m.OverriddenMethod)
        {
            if (m.GetAttributes().FirstOrDefault(a => a.AttributeClass.IsNamed(Attribute)) is { } attribute)
            {
                return Read(m, attribute);
            }
        }

        return null;
    }

    /// <summary>
    /// Whether a call is <c>bijector.Forward(part, context)</c> or <c>bijector.Inverse(part, context)</c>.
    /// </summary>
    public static bool IsBijectorCall(IInvocationOperation call) =>
        call.TargetMethod is { Name: "Forward" or "Inverse", IsStatic: false } method
        && method.ContainingType.IsNamed("Bijectors.Bijector") && call.Instance is not IInstanceReferenceOperation;

    private static Reindexing? Read(IMethodSymbol method, AttributeData attribute)
    {
        if (attribute.ConstructorArguments is not [{ Value: string inverse }, ..] || method.Parameters.Length == 0)
        {
            return null;
        }

        var arguments = attribute.ConstructorArguments.Length > 1
            ? attribute.ConstructorArguments[1].Values.Select(v => (int)v.Value!).ToList() : [];
        var outputs =
            method.ReturnType is INamedTypeSymbol { IsTupleType: true } tuple ? tuple.TupleElements.Length : 1;
        var undo = method.ContainingType.GetMembers(inverse).OfType<IMethodSymbol>()
            .FirstOrDefault(m => m.Parameters.Length == outputs + arguments.Count
                && m.Parameters.Length > 0 && Operations.IsTensor(m.Parameters[0].Type));
        if (undo is null || !HasTwin(method) || !HasTwin(undo))
        {
            return null;
        }

        // What the undoing method returns is what this one takes.
        var inputs = undo.ReturnType is INamedTypeSymbol { IsTupleType: true } parts ? parts.TupleElements.Length : 1;
        var changesRank = attribute.NamedArguments.Any(n => n.Key == "ChangesRank" && n.Value.Value is true);
        return new(inputs, outputs, inverse, arguments, changesRank);
    }

    /// <summary>Whether a method stands a second time, on shapes.</summary>
    private static bool HasTwin(IMethodSymbol method) =>
        method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>()
            .Any(m => m.Parameters.Length == method.Parameters.Length
                && m.Parameters[0].Type.IsNamed("Bijectors.Shape"));
}
