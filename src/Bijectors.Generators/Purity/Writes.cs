using Bijectors.Generators.Incremental;
using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// Finds where a field, an auto-property or a captured parameter is written besides the constructor of its own object.
/// </summary>
internal static class Writes
{
    /// <summary>Such a place; null where there is none in the compilation.</summary>
    public static SyntaxNode? Find(ISymbol member, Sources sources, CancellationToken token)
    {
        var type = member.ContainingType;
        var isPrivate =
            ((member as IPropertySymbol)?.SetMethod ?? member).DeclaredAccessibility is Accessibility.Private
            or Accessibility.NotApplicable;
        foreach (var name in isPrivate ? sources.Named(member.Name, type, token) : sources.Named(member.Name, token))
        {
            token.ThrowIfCancellationRequested();
            if (Alias(name, member, sources, token) is { } alias && Find(alias, sources, token) is { } through)
            {
                return through;
            }

            if (Target(name, member) is { } written
                && !IsOfNewObject(written, type)
                && sources.Model(name.SyntaxTree) is var model
                && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name, token).Symbol?.OriginalDefinition,
                    member.OriginalDefinition)
                && !IsConstructed(written, member, model, token))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>Another variable that holds the same collection from here on; null where there is none.</summary>
    private static ISymbol? Alias(IdentifierNameSyntax name, ISymbol member, Sources sources, CancellationToken token)
    {
        SyntaxNode node = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        return member is IFieldSymbol or IPropertySymbol
            && node.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator }
            && sources.Model(name.SyntaxTree) is var model
            && model.GetDeclaredSymbol(declarator, token) is ILocalSymbol { Type: var type } local
            && KnownPure.IsCollection(type)
            && SymbolEqualityComparer.Default.Equals(
                model.GetSymbolInfo(name, token).Symbol?.OriginalDefinition, member.OriginalDefinition)
                ? local : null;
    }

    /// <summary>
    /// What is written where a name stands: the member itself, or an element of it; null where it is only read.
    /// </summary>
    private static ExpressionSyntax? Target(IdentifierNameSyntax name, ISymbol member)
    {
        ExpressionSyntax node = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access
            : name;
        var whole = node;
        var held = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type
            ?? (member as IParameterSymbol)?.Type ?? (member as ILocalSymbol)?.Type;
        var isCollection = held is not null && KnownPure.IsCollection(held);
        while (node.Parent is ParenthesizedExpressionSyntax
            or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression }
            || (isCollection && node.Parent is ElementAccessExpressionSyntax element && element.Expression == node))
        {
            node = (ExpressionSyntax)node.Parent;
        }

        return node.Parent switch
        {
            AssignmentExpressionSyntax assignment when assignment.Left == node => whole,
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression
                or (int)SyntaxKind.PreDecrementExpression } => whole,
            PostfixUnaryExpressionSyntax => whole,
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } =>
                whole,
            RefExpressionSyntax => whole,
            ArgumentSyntax { Parent: TupleExpressionSyntax tuple } when IsDeconstructed(tuple) => whole,
            MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } called
                when isCollection && called.Expression == node
                && KnownPure.IsChange(called.Name.Identifier.ValueText, held!) => whole,

            // As the first argument of Array.Fill and the like, or through a span.
            ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax
                { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var filled,
                    Expression: IdentifierNameSyntax { Identifier.ValueText: "Array" } or MemberAccessExpressionSyntax
                        { Name.Identifier.ValueText: "Array" } } } } } argument
                when isCollection && IsFirst(argument) && KnownPure.IsChange(filled, held!) => whole,
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "AsSpan" or "AsMemory", Parent:
                InvocationExpressionSyntax
                    { Parent: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var done } } }
                when isCollection && KnownPure.IsChange(done, held!) => whole,
            _ => null,
        };
    }

    private static bool IsFirst(ArgumentSyntax argument) =>
        argument.Parent is ArgumentListSyntax list && list.Arguments[0] == argument;

    private static bool IsDeconstructed(ExpressionSyntax tuple) =>
        tuple.Parent is AssignmentExpressionSyntax assignment && assignment.Left == tuple
        || tuple.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax outer } && IsDeconstructed(outer);

    /// <summary><c>new M { K = 3 }</c>: nobody has seen the object before.</summary>
    private static bool IsOfNewObject(ExpressionSyntax written, INamedTypeSymbol type) =>
        written.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } || type.IsAnonymousType;

    private static bool IsConstructed(ExpressionSyntax written, ISymbol member, SemanticModel model,
        CancellationToken token)
    {
        var home = written.Ancestors()
            .FirstOrDefault(a => a is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax
            or AnonymousFunctionExpressionSyntax
            or LocalFunctionStatementSyntax or PropertyDeclarationSyntax or BaseTypeDeclarationSyntax);
        return home switch
        {
            ConstructorDeclarationSyntax constructor =>
                written is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax }
                && model.GetDeclaredSymbol(constructor, token) is { } made && made.IsStatic == member.IsStatic
                && Operations.Bases(made.ContainingType).Contains(member.ContainingType,
                    SymbolEqualityComparer.Default),
            AccessorDeclarationSyntax { RawKind: (int)SyntaxKind.InitAccessorDeclaration } => true,
            _ => false,
        };
    }
}
