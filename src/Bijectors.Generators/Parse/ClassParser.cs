using System.Globalization;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>Reads what a marked class declares around its map.</summary>
internal static class ClassParser
{
    public const string Attribute = "Bijectors.GeneratedBijectorAttribute";

    private const string ForwardAttribute = "Bijectors.ForwardAttribute";
    private const string Bijector = "Bijectors.Bijector";

    public static readonly string[] Maps =
        ["ForwardCore", "InverseCore", "ForwardWithLogDetCore", "InverseWithLogDetCore"];

    private static readonly string[] s_properties =
        ["EventRank", "OutputEventRank", "Domain", "Codomain", "IsVolumePreserving", "HasConstantJacobian",
            "IsIterative", "HasRandomLogDet",
            "LogDetNoise", "ReadsContext"];

    /// <summary>Whether it is at this declaration that a class is marked, or first marked.</summary>
    public static bool IsMarkedFirst(INamedTypeSymbol type, ClassDeclarationSyntax declaration) =>
        type.GetAttributes().FirstOrDefault(a =>
            a.AttributeClass.IsNamed(Attribute))?.ApplicationSyntaxReference is { } mark
        && mark.SyntaxTree == declaration.SyntaxTree && declaration.Span.Contains(mark.Span);

    /// <summary>What keeps a class from taking a generated half, or null where nothing does.</summary>
    public static Objection? CheckDeclaration(INamedTypeSymbol type, ClassDeclarationSyntax declaration)
    {
        var missing = new List<string>();
        if (!type.IsSealed)
        {
            missing.Add("sealed");
        }

        if (!declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
        {
            missing.Add("partial");
        }

        if (declaration.AncestorsAndSelf().OfType<TypeDeclarationSyntax>()
            .Any(t => t.Modifiers.Any(SyntaxKind.FileKeyword)))
        {
            missing.Add("visible outside its file");
        }

        if (Base(type) is null)
        {
            missing.Add("derived from Bijector");
        }

        if (declaration.Ancestors().OfType<TypeDeclarationSyntax>()
            .Any(t => !t.Modifiers.Any(SyntaxKind.PartialKeyword)))
        {
            missing.Add("inside partial types only");
        }

        return missing.Count == 0 ? null
            : Objection.To(Rules.NotSealedPartial, type.Name, string.Join(" and ", missing), declaration.Identifier);
    }

    /// <summary>Emitted code has collection expressions in it.</summary>
    public static bool CanRead(ClassDeclarationSyntax declaration, Action<Diagnostic> report)
    {
        var version = ((CSharpParseOptions)declaration.SyntaxTree.Options).LanguageVersion;
        if (version >= LanguageVersion.CSharp12)
        {
            return true;
        }

        report(Diagnostic.Create(
            Rules.LanguageVersion, declaration.Identifier.GetLocation(), declaration.Identifier.ValueText,
                version.ToDisplayString()));
        return false;
    }

    public static IEnumerable<string> Directives(CompilationUnitSyntax file) =>
        file.Externs.Select(Text.Of).Concat(file.Usings.Where(u => u.GlobalKeyword.RawKind == 0 && !IsOfFile(u))
            .Select(Text.Of)).Distinct(StringComparer.Ordinal);

    /// <summary>Whether a directive names a type that only its file sees.</summary>
    private static bool IsOfFile(UsingDirectiveSyntax directive) =>
        directive.NamespaceOrType.DescendantNodesAndSelf().OfType<SimpleNameSyntax>()
            .Select(n => n.Identifier.ValueText)
            .Intersect(directive.SyntaxTree.GetCompilationUnitRoot().DescendantNodes()
                .OfType<BaseTypeDeclarationSyntax>()
                .Where(t => t.Modifiers.Any(SyntaxKind.FileKeyword)).Select(t => t.Identifier.ValueText)).Any();

    /// <summary>The namespaces around a node. One without directives is one with the next inside it.</summary>
    public static IEnumerable<NamespaceModel> Namespaces(SyntaxNode node)
    {
        var name = "";
        foreach (var declaration in node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse())
        {
            name += (name.Length > 0 ? "." : "") + Text.Of(declaration.Name);
            var directives = declaration.Externs.Select(Text.Of)
                .Concat(declaration.Usings.Where(u => !IsOfFile(u)).Select(Text.Of)).Distinct(StringComparer.Ordinal)
                .ToList();
            if (directives.Count > 0 || !declaration.Members.OfType<BaseNamespaceDeclarationSyntax>()
                .Any(n => n.Span.Contains(node.Span)))
            {
                yield return new(name, new(directives));
                name = "";
            }
        }
    }

    public static bool SeesInternals(INamedTypeSymbol type, IAssemblySymbol core) =>
        SymbolEqualityComparer.Default.Equals(core, type.ContainingAssembly)
            || core.GivesAccessTo(type.ContainingAssembly);

    public static bool AsksForIteration(INamedTypeSymbol type) => type.GetAttributes().Any(
        a => a.AttributeClass.IsNamed(Attribute)
            && a.NamedArguments.Any(n => n.Key == "Numerical" && n.Value.Value is true));

    public static IMethodSymbol? Forward(INamedTypeSymbol type, ClassDeclarationSyntax declaration,
        Action<Diagnostic> report)
    {
        var marked = type.GetMembers().OfType<IMethodSymbol>()
            .Where(m => m.GetAttributes().Any(a => a.AttributeClass.IsNamed(ForwardAttribute))).ToList();
        if (marked.Count == 1)
        {
            return marked[0].PartialImplementationPart ?? marked[0];
        }

        report(Diagnostic.Create(
            Rules.NotOneForward, declaration.Identifier.GetLocation(), type.Name,
            marked.Count == 0 ? "none" : marked.Count.ToString(CultureInfo.InvariantCulture)));
        return null;
    }

    public static bool HasSignature(IMethodSymbol method, MethodDeclarationSyntax syntax) =>
        method is { Parameters.Length: 1 or 2, IsGenericMethod: false, IsAsync: false }
        && method.Parameters.All(p => p.RefKind == RefKind.None && Operations.IsTensor(p.Type))
        && Operations.IsTensor(method.ReturnType)
        && (syntax.Body is not null || syntax.ExpressionBody is not null);

    /// <summary>
    /// Members written by hand, here or in a class between this one and Bijector; an analyzer also sees the half that
    /// the generator has written.
    /// </summary>
    public static IEnumerable<ISymbol> Declared(INamedTypeSymbol type, string member) => Own(type, member)
        .Concat(Operations.Bases(type.BaseType).TakeWhile(b => !b.IsNamed(Bijector))
            .SelectMany(b => b.GetMembers(member).Where(m => !m.IsAbstract)))
        .Where(m => m.IsOverride);

    /// <summary>
    /// Members that have the name of a property that the compiler writes, and do not override it: C#
    /// knows one of a name.
    /// </summary>
    public static IEnumerable<ISymbol> InTheWay(INamedTypeSymbol type) => s_properties.SelectMany(p => Own(type, p))
        .Where(m => !m.IsOverride);

    private static IEnumerable<ISymbol> Own(INamedTypeSymbol type, string member) => type.GetMembers(member)
        .Where(m => m.DeclaringSyntaxReferences.Any(
        r => !r.SyntaxTree.FilePath.EndsWith(HintNames.Of(type), StringComparison.Ordinal)));

    public static ITypeSymbol? Base(INamedTypeSymbol type) => Operations.Bases(type.BaseType)
        .FirstOrDefault(b => b.IsNamed(Bijector));

    public static IEnumerable<string> Types(INamedTypeSymbol type)
    {
        var types = new List<string>();
        for (INamedTypeSymbol? t = type; t is not null; t = t.ContainingType)
        {
            var keyword = (t.IsRecord ? "record " : "")
                + (t.TypeKind == TypeKind.Struct ? "struct" : t.TypeKind == TypeKind.Interface ? "interface"
                    : t.IsRecord ? "" : "class");
            var parameters = t.TypeParameters.Select(p =>
                (p.Variance switch { VarianceKind.In => "in ", VarianceKind.Out => "out ", _ => "" })
                + CSharp.Identifier(p.Name));
            types.Insert(0, $"partial {keyword.TrimEnd()} "
                + $"{CSharp.Identifier(t.Name)}{(t.Arity > 0 ? $"<{string.Join(", ", parameters)}>" : "")}");
        }

        return types;
    }
}
