using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>
/// Which types that emitted code names often it may name as the body does, <c>Parts</c>, because that means the same
/// wherever the name stands in the class; helpers that the body does not name also where their name means nothing.
/// </summary>
internal static class ShortNames
{
    private static readonly string[] Types =
    [
        "TorchSharp.torch.Tensor", "Bijectors.Domain", "Bijectors.Elementwise", "Bijectors.LogDets",
        "Bijectors.Nested", "Bijectors.Parts", "Bijectors.RationalQuadratic", "Bijectors.ScaleMap", "Bijectors.Shape",
    ];

    private static readonly string[] Services =
    [
        "Checks", "CausalSolve", "Circle", "Contraction", "Cumulative", "LinearMap", "LowRankMap", "Masked",
        "MonotoneSolve", "Temporaries", "WeightForm",
    ];

    // What a name means under the same directives in the same namespace, where no type around has such a member.
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<string, bool>> s_known = new();

    /// <summary>The full names of these types.</summary>
    public static IEnumerable<string> Of(IMethodBodyOperation body, INamedTypeSymbol type)
    {
        // Text of the body that looks like a name of the emitted code's must stay as it is.
        var text = body.Syntax.ToString();
        if (text.Contains("global::"))
        {
            return [];
        }

        var declared = new HashSet<string>(body.Syntax.DescendantNodes().Select(Declared), StringComparer.Ordinal);
        var header = Header(body.Syntax);
        return Types.Concat(Services.Select(name => Expressions.ServiceSpace + name))
            .Where(name => Short(name) is var one && !declared.Contains(one) && !IsMember(type, one)
                && Means(body, header, one, name));
    }

    /// <summary>The last name.</summary>
    private static string Short(string name) => name.Substring(name.LastIndexOf('.') + 1);

    private static string Declared(SyntaxNode node) => node switch
    {
        VariableDeclaratorSyntax variable => variable.Identifier.ValueText,
        SingleVariableDesignationSyntax variable => variable.Identifier.ValueText,
        ForEachStatementSyntax loop => loop.Identifier.ValueText,
        ParameterSyntax parameter => parameter.Identifier.ValueText,
        _ => "",
    };

    /// <summary>
    /// Whether the class, a type around it or one above these has a member or a type parameter of a name.
    /// </summary>
    private static bool IsMember(INamedTypeSymbol type, string name)
    {
        for (var around = type; around is not null; around = around.ContainingType)
        {
            if (around.TypeParameters.Any(p => p.Name == name)
                || Operations.Bases(around).Any(t => !t.GetMembers(name).IsEmpty)
                || (around.TypeKind == TypeKind.Interface
                    && around.AllInterfaces.Any(t => !t.GetMembers(name).IsEmpty)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What the meaning of a name besides members depends on in a file; null where the file has types of its own.
    /// </summary>
    private static string? Header(SyntaxNode body)
    {
        var file = (CompilationUnitSyntax)body.SyntaxTree.GetRoot();
        var types = file.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>().Where(m => m is not BaseNamespaceDeclarationSyntax);
        if (types.Any(t => t.Modifiers.Any(SyntaxKind.FileKeyword)))
        {
            return null;
        }

        var spaces = body.Ancestors().OfType<BaseNamespaceDeclarationSyntax>()
            .Select(n => $"{n.Name}\n{n.Externs}\n{n.Usings}");
        return string.Join("\n", spaces.Prepend($"{file.Externs}\n{file.Usings}"));
    }

    private static bool Means(IMethodBodyOperation body, string? header, string name, string type) =>
        header is null ? Means(body, name, type)
            : s_known.GetValue(body.SemanticModel!.Compilation, static _ => new())
                .GetOrAdd(type + "\n" + header, _ => Means(body, name, type));

    /// <summary>
    /// Whether a name means a type in the body; of a helper that emitted code alone calls, also whether it means
    /// nothing.
    /// </summary>
    private static bool Means(IMethodBodyOperation body, string name, string type)
    {
        var meanings = body.SemanticModel!.LookupSymbols(body.Syntax.SpanStart, name: name);
        return meanings.IsEmpty
            ? type.StartsWith(Expressions.ServiceSpace, StringComparison.Ordinal)
            : meanings is [INamedTypeSymbol only] && only.IsNamed(type);
    }
}
