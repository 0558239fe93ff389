using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Tests.Architecture;

/// <summary>Which folders of a project use which, by the members and types that its sources name.</summary>
internal static class FolderGraph
{
    private static readonly CSharpParseOptions s_options = new(LanguageVersion.Preview);

    private static readonly string[] s_usings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading",
        "System.Threading.Tasks",
    ];

    /// <summary>The uses of one folder by another, each with where it is: <c>Shape.cs:12 names Chain.Of</c>.</summary>
    /// <param name="sources">The texts by path; the folder of a file is the first folder of its path.</param>
    /// <param name="others">Sources that are compiled as well, whose uses do not count.</param>
    public static ILookup<(string From, string To), string> Of(
        IReadOnlyDictionary<string, string> sources, IEnumerable<string> others)
    {
        var trees = sources.Select(source => CSharpSyntaxTree.ParseText(source.Value, s_options, source.Key)).ToList();
        var usings = string.Concat(s_usings.Select(name => $"global using {name};\n"));
        var compilation = CSharpCompilation.Create(
            "Folders", [.. trees, .. others.Append(usings).Select(text => CSharpSyntaxTree.ParseText(text, s_options))],
            References(), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        return trees.AsParallel().SelectMany(tree => Uses(compilation.GetSemanticModel(tree), tree))
            .ToLookup(use => (use.From, use.To), use => use.Where);
    }

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => !Path.GetFileName(file).StartsWith(nameof(Bijectors), StringComparison.OrdinalIgnoreCase))
            .Select(file => MetadataReference.CreateFromFile(file));

    private static IEnumerable<(string From, string To, string Where)> Uses(SemanticModel model, SyntaxTree tree)
    {
        var from = Folder(tree.FilePath);
        foreach (var node in tree.GetRoot().DescendantNodes())
        {
            if (Named(model, node) is { } symbol && Home(symbol) is { } to && to != from)
            {
                var line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                yield return (from, to, $"{tree.FilePath}:{line} names {symbol.ToDisplayString()}");
            }
        }
    }

    /// <summary>
    /// What a name, an operator or <c>new(...)</c> stands for; null for what is no member and no type.
    /// </summary>
    private static ISymbol? Named(SemanticModel model, SyntaxNode node)
    {
        if (node is not (SimpleNameSyntax or BaseObjectCreationExpressionSyntax or BinaryExpressionSyntax
            or PrefixUnaryExpressionSyntax or CastExpressionSyntax))
        {
            return null;
        }

        var info = model.GetSymbolInfo(node);
        var symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        return symbol switch
        {
            null or INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol => null,
            IMethodSymbol { ReducedFrom: { } extension } => extension.OriginalDefinition,
            { IsImplicitlyDeclared: true, ContainingType: { } type } => type.OriginalDefinition,
            _ => symbol.OriginalDefinition,
        };
    }

    /// <summary>
    /// The folder where a symbol is declared: of a type in several files, that of the file with its name.
    /// </summary>
    private static string? Home(ISymbol symbol)
    {
        var files = symbol.DeclaringSyntaxReferences.Select(at => at.SyntaxTree.FilePath)
            .Where(path => path.Length > 0).ToList();
        var file = files.Find(path => Path.GetFileNameWithoutExtension(path) == symbol.Name) ?? files.FirstOrDefault();
        return file is null ? null : Folder(file);
    }

    private static string Folder(string path) => path.Split('/')[0];
}
