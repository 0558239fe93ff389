using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Incremental;

/// <summary>
/// What the meaning of any code in a compilation may depend on besides the bodies around it: files, options and
/// references.
/// </summary>
internal sealed class Snapshot
{
    private static readonly ConditionalWeakTable<Compilation, Snapshot> s_known = new();

    private readonly HashSet<SyntaxTree> _trees;
    private readonly IReadOnlyList<MetadataReference> _references;
    private readonly CompilationOptions _options;
    private readonly string _name;
    private readonly string _surface;

    // Stands for this one in later ones, which must not keep its files alive.
    private readonly object _mark = new();
    private Tuple<object, IReadOnlyList<SyntaxTree>>? _new;

    private Snapshot(Compilation compilation, CancellationToken token)
    {
        _trees = [.. compilation.SyntaxTrees];
        _references = compilation.ExternalReferences;
        _options = compilation.Options;
        _name = compilation.AssemblyName ?? "";

        // In their order, which is that of the parts of a type.
        var surface = new StringBuilder();
        foreach (var tree in compilation.SyntaxTrees)
        {
            surface.Append(Surface.Of(tree, token)).Append('\n');
        }

        using var sha = SHA256.Create();
        _surface = Convert.ToBase64String(sha.ComputeHash(Encoding.UTF8.GetBytes(surface.ToString())));
    }

    public static Snapshot Of(Compilation compilation, CancellationToken token) =>
        s_known.TryGetValue(compilation, out var known) ? known
            : s_known.GetValue(compilation, c => new(c, token));

    /// <summary>Whether a file is in the compilation.</summary>
    public bool Has(SyntaxTree tree) => _trees.Contains(tree);

    /// <summary>Whether what is declared is the same, so that equal bodies mean the same.</summary>
    public bool DeclaresTheSame(Snapshot other) =>
        _surface == other._surface && _name == other._name && _options.Equals(other._options)
        && _references.SequenceEqual(other._references);

    /// <summary>The files that were not there before.</summary>
    public IReadOnlyList<SyntaxTree> NewSince(Snapshot before)
    {
        if (_new is { Item1: var since, Item2: var trees } && since == before._mark)
        {
            return trees;
        }

        var @new = _trees.Where(t => !before.Has(t)).ToList();
        _new = Tuple.Create<object, IReadOnlyList<SyntaxTree>>(before._mark, @new);
        return @new;
    }
}
