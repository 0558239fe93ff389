using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>A method that moves elements, as its [Reindexing] attribute describes it.</summary>
internal sealed record Reindexing(int Inputs, int Outputs, string Inverse, IReadOnlyList<int> InverseArguments, bool ChangesRank)
{
    private const string Attribute = "Bijectors.ReindexingAttribute";

    /// <summary>The description of a method, or null where it is no re-indexing.</summary>
    public static Reindexing? Of(IMethodSymbol method)
    {
        for (IMethodSymbol? m = method; m is not null; m = m.OverriddenMethod)
        {
            if (m.GetAttributes().FirstOrDefault(a => a.AttributeClass?.ToDisplayString() == Attribute) is { } attribute)
            {
                return Read(m, attribute);
            }
        }

        return null;
    }

    /// <summary>Whether a call is <c>bijector.Forward(part, context)</c> or <c>bijector.Inverse(part, context)</c>.</summary>
    public static bool IsBijectorCall(IInvocationOperation call) =>
        call.TargetMethod is { Name: "Forward" or "Inverse", IsStatic: false } method
        && method.ContainingType.ToDisplayString() == "Bijectors.Bijector" && call.Instance is not IInstanceReferenceOperation;

    private static Reindexing Read(IMethodSymbol method, AttributeData attribute)
    {
        var inverse = (string)attribute.ConstructorArguments[0].Value!;
        var arguments = attribute.ConstructorArguments[1].Values.Select(v => (int)v.Value!).ToList();
        var outputs = method.ReturnType is INamedTypeSymbol { IsTupleType: true } tuple ? tuple.TupleElements.Length : 1;
        var undo = method.ContainingType.GetMembers(inverse).OfType<IMethodSymbol>()
            .First(m => Operations.IsTensor(m.Parameters[0].Type) && m.Parameters.Length == outputs + arguments.Count);

        // What the undoing method returns is what this one takes.
        var inputs = undo.ReturnType is INamedTypeSymbol { IsTupleType: true } parts ? parts.TupleElements.Length : 1;
        var changesRank = attribute.NamedArguments.Any(n => n.Key == "ChangesRank" && n.Value.Value is true);
        return new(inputs, outputs, inverse, arguments, changesRank);
    }
}
