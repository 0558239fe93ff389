using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Incremental;

/// <summary>
/// One semantic model a file: each keeps what it has bound, so that classes which call the same bind it once.
/// </summary>
internal static class SharedModels
{
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<SyntaxTree, SemanticModel>> s_known =
        new();

    public static SemanticModel Of(Compilation compilation, SyntaxTree tree) =>
        s_known.GetValue(compilation, static _ => new()).GetOrAdd(tree, t => compilation.GetSemanticModel(t));
}
