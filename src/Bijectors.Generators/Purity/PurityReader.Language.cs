using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>Methods that C# calls where nobody has written a call.</summary>
internal sealed partial class PurityReader
{
    private static readonly string[] RecordMembers = ["Equals", "GetHashCode", "PrintMembers", "ToString"];

    /// <summary>What is wrong with the methods that an operation calls implicitly.</summary>
    public Fault? Implied(IOperation op, Code code) => op switch
    {
        ITypeParameterObjectCreationOperation =>
            Fault.Unseen($"what {Fault.Quote(op.Syntax)} makes is decided on by who calls it"),
        IDeconstructionAssignmentOperation { Syntax: AssignmentExpressionSyntax syntax, SemanticModel: { } model } =>
            Implied(Deconstructions(model.GetDeconstructionInfo(syntax)), op, code),
        IRecursivePatternOperation { DeconstructSymbol: IMethodSymbol method } => Implied([method], op, code),
        IListPatternOperation list => Implied([Getter(list.LengthSymbol), Getter(list.IndexerSymbol)], op, code),
        ISlicePatternOperation slice => Implied([Getter(slice.SliceSymbol)], op, code),
        IImplicitIndexerReferenceOperation index =>
            Implied([Getter(index.LengthSymbol), Getter(index.IndexerSymbol)], op, code),
        ITupleBinaryOperation tuples => Implied(
            TypesIn(tuples.LeftOperand.Type).Concat(TypesIn(tuples.RightOperand.Type))
                .SelectMany(t => t.GetMembers("op_Equality").Concat(t.GetMembers("op_Inequality")))
                .OfType<IMethodSymbol>(), op, code),
        IWithOperation { Operand.Type: INamedTypeSymbol copied } => Implied(
            copied.InstanceConstructors.Where(c => !c.IsImplicitlyDeclared && c.Parameters is [{ Type: var only }]
                && SymbolEqualityComparer.Default.Equals(only, copied)), op, code),
        IUsingDeclarationOperation used => Implied(Disposals(used.DeclarationGroup), op, code),
        IUsingOperation used => Implied(Disposals(used.Resources), op, code),
        _ => null,
    };

    private Fault? Implied(IEnumerable<IMethodSymbol?> methods, IOperation op, Code code)
    {
        Fault? unseen = null;
        foreach (var method in methods.OfType<IMethodSymbol>().Where(sources.Declares))
        {
            if (Called(method, null, op, code) is { } fault)
            {
                if (fault.IsSeen)
                {
                    return fault;
                }

                unseen ??= fault;
            }
        }

        return unseen;
    }

    private static IMethodSymbol? Getter(ISymbol? member) =>
        member as IMethodSymbol ?? (member as IPropertySymbol)?.GetMethod;

    private static IEnumerable<IMethodSymbol?> Deconstructions(DeconstructionInfo info) =>
        info.Nested.SelectMany(Deconstructions).Append(info.Method).Append(info.Conversion?.MethodSymbol);

    private static IEnumerable<ITypeSymbol> TypesIn(ITypeSymbol? type) => type switch
    {
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.SelectMany(e => TypesIn(e.Type)),
        { } one => Operations.Bases(one.OriginalDefinition),
        null => [],
    };

    private static IEnumerable<IMethodSymbol> Disposals(IOperation resources) => resources.DescendantsAndSelf()
        .Select(o => o is IVariableDeclaratorOperation variable ? variable.Symbol.Type
            : o.Parent is IUsingOperation ? o.Type : null)
        .SelectMany(t => Operations.Bases(t)).SelectMany(t => t.GetMembers("Dispose")).OfType<IMethodSymbol>()
        .Where(m => m.Parameters.IsEmpty);

    /// <summary>What foreach calls and converts with.</summary>
    private static IEnumerable<IMethodSymbol?> Steps(IForEachLoopOperation loop)
    {
        if (loop.Syntax is not CommonForEachStatementSyntax syntax || loop.SemanticModel is not { } model)
        {
            return [];
        }

        var info = model.GetForEachStatementInfo(syntax);
        return Deconstructed(syntax, model).Concat(
        [
            info.GetEnumeratorMethod, info.MoveNextMethod, info.CurrentProperty?.GetMethod, info.DisposeMethod,
            info.ElementConversion.MethodSymbol, info.CurrentConversion.MethodSymbol,
        ]);
    }

    private static IEnumerable<IMethodSymbol?> Deconstructed(
        CommonForEachStatementSyntax syntax, SemanticModel model) =>
        syntax is ForEachVariableStatementSyntax taken ? Deconstructions(model.GetDeconstructionInfo(taken)) : [];

    /// <summary>What a member that the compiler writes for a record calls of its own and of its fields.</summary>
    private IEnumerable<IMethodSymbol> OfRecord(IMethodSymbol method)
    {
        if (!method.IsImplicitlyDeclared || method.MethodKind is MethodKind.Constructor or MethodKind.PropertyGet
            || !method.ContainingType.IsRecord)
        {
            return [];
        }

        var held = method.ContainingType.GetMembers().OfType<IFieldSymbol>().Where(f => !f.IsStatic)
            .SelectMany(f => TypesIn(f.Type)).Append(method.ContainingType);
        return held.Where(sources.Declares).SelectMany(t => RecordMembers.SelectMany(n => t.GetMembers(n)))
            .OfType<IMethodSymbol>().Where(m => !m.IsImplicitlyDeclared && !m.IsAbstract);
    }
}
