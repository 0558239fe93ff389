namespace Bijectors.CodeFixes;

/// <summary>Adds the call of RegisterComponents() that is missing at the end of the constructors.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class RegistrationFix() : SyntaxFix("BIJ0401")
{
    private const string Title = "Call RegisterComponents() at the end of the constructor";

    private protected override IReadOnlyList<Edit> Edits(Finding at)
    {
        var type = at.Node.FirstAncestorOrSelf<ClassDeclarationSyntax>();
        return at.Diagnostic.Properties.ContainsKey("missing call") && type is { ParameterList: null }
            ? [new(Title, type, Registering(type))] : [];
    }

    private static ClassDeclarationSyntax Registering(ClassDeclarationSyntax type)
    {
        var constructors = type.Members.OfType<ConstructorDeclarationSyntax>()
            .Where(c => !c.Modifiers.Any(SyntaxKind.StaticKeyword)).ToList();
        return constructors.Count == 0
            ? WithConstructor(type)
            : type.ReplaceNodes(constructors.Where(c => !c.Initializer.IsKind(SyntaxKind.ThisConstructorInitializer)),
                (_, c) => Registering(c));
    }

    private static ConstructorDeclarationSyntax Registering(ConstructorDeclarationSyntax constructor)
    {
        var call = SyntaxFactory.ParseStatement("RegisterComponents();\n");
        return constructor.ExpressionBody is { } arrow
            ? constructor.WithExpressionBody(null).WithSemicolonToken(default)
                .WithBody(
                    SyntaxFactory.Block(SyntaxFactory.ExpressionStatement(arrow.Expression.WithoutTrivia()), call))
            : constructor.AddBodyStatements(call);
    }

    /// <summary>With a constructor behind the last field.</summary>
    private static ClassDeclarationSyntax WithConstructor(ClassDeclarationSyntax type)
    {
        var access = type.Modifiers.Any(SyntaxKind.AbstractKeyword) ? "protected" : "public";
        var constructor = SyntaxFactory.ParseMemberDeclaration(
            $"\n{access} {type.Identifier.Text}()\n{{\nRegisterComponents();\n}}\n")!;
        var last = type.Members.LastIndexOf(m => m is FieldDeclarationSyntax);
        return type.WithMembers(type.Members.Insert(last + 1, constructor));
    }
}
