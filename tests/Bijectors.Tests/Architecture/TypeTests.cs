using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Tests.Architecture;

/// <summary>Where source text asks whether a value is of one of some types.</summary>
internal static class TypeTests
{
    /// <summary>The classes that a text declares which derive from a class.</summary>
    public static IEnumerable<string> Derived(string source, string from) => Declared(source)
        .Where(type => !type.Modifiers.Any(SyntaxKind.AbstractKeyword)
            && type.BaseList?.Types.Any(parent => Name(parent.Type) == from) == true)
        .Select(type => type.Identifier.Text);

    /// <summary>The type tests of a text outside of the classes themselves, as <c>line: text</c>.</summary>
    /// <param name="source">The text of one file.</param>
    /// <param name="types">The names of the types; those that the text declares are not looked for.</param>
    public static IEnumerable<string> In(string source, IReadOnlySet<string> types)
    {
        var others = types.Except(Declared(source).Select(type => type.Identifier.Text)).ToHashSet();
        return Root(source).DescendantNodes()
            .Where(node => Tested(node) is { } type && others.Contains(Name(type) ?? ""))
            .Select(node => $"{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {node}");
    }

    /// <summary>The type that a piece of syntax asks for; null where it asks for none.</summary>
    private static SyntaxNode? Tested(SyntaxNode node) => node switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression or (int)SyntaxKind.AsExpression } both =>
            both.Right,
        DeclarationPatternSyntax pattern => pattern.Type,
        RecursivePatternSyntax pattern => pattern.Type,
        TypePatternSyntax pattern => pattern.Type,

        // Without a compilation "x is not T" and "T => ..." read like constants.
        ConstantPatternSyntax { Expression: NameSyntax or MemberAccessExpressionSyntax } pattern => pattern.Expression,
        CaseSwitchLabelSyntax { Value: NameSyntax or MemberAccessExpressionSyntax } label => label.Value,
        CastExpressionSyntax cast => cast.Type,
        GenericNameSyntax { Identifier.Text: "OfType" or "Cast", TypeArgumentList.Arguments: [var type] } => type,
        TypeOfExpressionSyntax type => type.Type,
        _ => null,
    };

    private static string? Name(SyntaxNode type) => type switch
    {
        SimpleNameSyntax simple => simple.Identifier.Text,
        QualifiedNameSyntax qualified => qualified.Right.Identifier.Text,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.Text,
        MemberAccessExpressionSyntax { Expression: NameSyntax space } member when Name(space) == nameof(Bijectors) =>
            member.Name.Identifier.Text,
        NullableTypeSyntax nullable => Name(nullable.ElementType),
        PrimaryConstructorBaseTypeSyntax parent => Name(parent.Type),
        _ => null,
    };

    private static IEnumerable<TypeDeclarationSyntax> Declared(string source) =>
        Root(source).DescendantNodes().OfType<TypeDeclarationSyntax>();

    private static SyntaxNode Root(string source) => CSharpSyntaxTree.ParseText(source).GetRoot();
}
