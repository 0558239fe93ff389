using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Generators.Incremental;

/// <summary>
/// The source code of a compilation, for one class: remembers whose bodies were read, so that the class is read again
/// only where they change.
/// </summary>
/// <remarks>
/// What is declared anywhere may be read without this: a change of it is seen by <see cref="Snapshot"/>.
/// </remarks>
internal sealed class Sources(Compilation compilation)
{
    private readonly HashSet<SyntaxTree> _read = [];
    private readonly HashSet<string> _names = [];

    public Compilation Compilation => compilation;

    /// <summary>The files in which bodies were read.</summary>
    public IEnumerable<SyntaxTree> Read => _read;

    /// <summary>The names that were looked for in the bodies of all files.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>The operation of a piece of code; null where it has none, or is another project's.</summary>
    public IOperation? Operation(SyntaxNode node, CancellationToken token) =>
        compilation.ContainsSyntaxTree(node.SyntaxTree) ? Model(node.SyntaxTree).GetOperation(node, token) : null;

    /// <summary>Whether a symbol is declared in this project; others may have source too, in an editor.</summary>
    public bool Declares(ISymbol symbol) =>
        SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, compilation.Assembly);

    /// <summary>The meaning of a file in which a body is read.</summary>
    public SemanticModel Model(SyntaxTree tree)
    {
        _read.Add(tree);
        return SharedModels.Of(compilation, tree);
    }

    /// <summary>The places where a name is written in the files of a type.</summary>
    public IEnumerable<IdentifierNameSyntax> Named(string name, INamedTypeSymbol type, CancellationToken token)
    {
        foreach (var syntax in type.DeclaringSyntaxReferences
            .Where(r => compilation.ContainsSyntaxTree(r.SyntaxTree)).Select(r => r.GetSyntax(token)))
        {
            _read.Add(syntax.SyntaxTree);
            foreach (var found in Identifiers.Of(syntax.SyntaxTree, name, token)
                .Where(i => syntax.Span.Contains(i.Span)))
            {
                yield return found;
            }
        }
    }

    /// <summary>The places where a name is written in any file.</summary>
    public IEnumerable<IdentifierNameSyntax> Named(string name, CancellationToken token)
    {
        _names.Add(name);
        foreach (var tree in compilation.SyntaxTrees)
        {
            foreach (var found in Identifiers.Of(tree, name, token))
            {
                _read.Add(tree);
                yield return found;
            }
        }
    }
}
