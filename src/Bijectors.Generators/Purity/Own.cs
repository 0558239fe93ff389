using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>Tells objects that a piece of code has made itself, which it may change without anybody noticing.</summary>
internal static class Own
{
    /// <summary>Functions of torch that give new memory.</summary>
    private static readonly HashSet<string> Factories =
    [
        "zeros", "ones", "full", "arange", "linspace", "eye", "tensor", "zeros_like", "ones_like", "full_like", "clone",
        "new_zeros", "new_ones", "new_full", "new_tensor", "cat", "stack", "matmul", "cumsum", "where",
    ];

    /// <param name="target">What is changed.</param>
    /// <param name="code">The code that changes it.</param>
    public static bool Is(IOperation target, Code code) => Is(target, code, new(SymbolEqualityComparer.Default));

    private static bool Is(IOperation target, Code code, HashSet<ISymbol> seen) => Operations.Unwrap(target) switch
    {
        IInstanceReferenceOperation self =>
            self.ReferenceKind != InstanceReferenceKind.ContainingTypeInstance || code.MakesThis,
        IObjectCreationOperation or IArrayCreationOperation or ICollectionExpressionOperation => true,
        { Syntax: StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax } => true,
        IBinaryOperation sum => Operations.IsTensor(sum.Type) && !Operations.IsForeign(sum.OperatorMethod),
        IInvocationOperation call when Impurity.WrittenOver(call) is { } inner => Is(inner, code, seen),
        IInvocationOperation { TargetMethod.Name: "Clone" or "ToArray" or "ToList" or "ToHashSet"
            or "ToDictionary" or "GetEnumerator" } copy => KnownPure.Is(copy.TargetMethod),
        IInvocationOperation call =>
            KnownFunctions.NameOf(call.TargetMethod) is { } name && name != "alias"
            && (Factories.Contains(name) || KnownFunctions.IsElementwise(name)),
        IMemberReferenceOperation { Instance: { } instance } member =>
            code.MakesThis && instance is IInstanceReferenceOperation || member.Member.ContainingType.IsValueType
                && instance is ILocalReferenceOperation { Local.RefKind: RefKind.None },
        IArrayElementReferenceOperation element => Is(element.ArrayReference, code, seen),

        // Variables may be given to one another in a circle, which adds nothing.
        ILocalReferenceOperation { Local: { RefKind: RefKind.None } local } =>
            !seen.Add(local) || Given(local, code.Root) is { Count: > 0 } given
            && given.All(g => g is not null && Is(g, code, seen)),
        IConversionOperation { OperatorMethod: null } conversion => Is(conversion.Operand, code, seen),
        _ => false,
    };

    /// <summary>Everything that is assigned to a local variable; null stands for what is not an expression.</summary>
    private static List<IOperation?> Given(ILocalSymbol local, IOperation root)
    {
        bool Same(IOperation target) =>
            target is ILocalReferenceOperation reference
            && SymbolEqualityComparer.Default.Equals(reference.Local, local);

        var given = new List<IOperation?>();
        foreach (var op in root.DescendantsAndSelf())
        {
            switch (op)
            {
                case IVariableDeclaratorOperation declarator
                    when SymbolEqualityComparer.Default.Equals(declarator.Symbol, local):
                    if (declarator.GetVariableInitializer()?.Value is { } value)
                    {
                        given.Add(value);
                    }
                    else if (declarator.Parent is IForEachLoopOperation)
                    {
                        given.Add(null);
                    }

                    break;
                case ISimpleAssignmentOperation assignment when Same(assignment.Target):
                    given.Add(assignment.Value);
                    break;
                case IDeconstructionAssignmentOperation taken when taken.Target.DescendantsAndSelf().Any(Same):
                case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument
                    when argument.Value.DescendantsAndSelf().Any(Same):
                case IDeclarationPatternOperation pattern
                    when SymbolEqualityComparer.Default.Equals(pattern.DeclaredSymbol, local):
                    given.Add(null);
                    break;
            }
        }

        return given;
    }
}

/// <summary>A piece of code that is read, and what holds in it.</summary>
/// <param name="Root">The operation around all of it.</param>
/// <param name="MakesThis">Whether it makes the object that it is in: a constructor, an initialiser.</param>
/// <param name="Outlives">Whether it is a function that is kept, so that variables around it are state.</param>
internal readonly record struct Code(IOperation Root, bool MakesThis = false, bool Outlives = false);
