using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bijectors.Generators.Incremental;

/// <summary>
/// What was read of a marked class, and what it was read from. It holds for other compilations too as long as those
/// declare the same and the bodies that were read are the same.
/// </summary>
internal sealed class Reading
{
    private static readonly ConditionalWeakTable<SyntaxTree, ConcurrentDictionary<int, Reading>> s_known = new();

    private readonly List<WeakReference<SyntaxTree>> _read;
    private readonly IReadOnlyCollection<string> _names;
    private Snapshot _snapshot;

    private Reading(BijectorModel? model, Objection? objection, Sources sources, Snapshot snapshot)
    {
        (Model, Objection, _snapshot) = (model, objection, snapshot);
        _read = [.. sources.Read.Select(t => new WeakReference<SyntaxTree>(t))];
        _names = sources.Names;
    }

    public BijectorModel? Model { get; }

    public Objection? Objection { get; }

    /// <summary>What is known of a class, if that still holds; otherwise it is read.</summary>
    /// <param name="declaration">The class: another text of its file is another declaration.</param>
    /// <param name="compilation">What it is compiled in.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="token">Stops the reading.</param>
    public static Reading Of(
        ClassDeclarationSyntax declaration, Compilation compilation,
        Func<Sources, (BijectorModel? Model, Objection? Objection)> read, CancellationToken token)
    {
        var snapshot = Snapshot.Of(compilation, token);
        var classes = s_known.GetValue(declaration.SyntaxTree, static _ => new());
        if (classes.TryGetValue(declaration.SpanStart, out var known) && known.Holds(snapshot, token))
        {
            return known;
        }

        var sources = new Sources(compilation);
        var (model, objection) = read(sources);
        return classes[declaration.SpanStart] = new(model, objection, sources, snapshot);
    }

    private bool Writes(SyntaxTree tree, CancellationToken token) =>
        _names.Any(n => Identifiers.Of(tree, n, token).Any());

    private bool Holds(Snapshot now, CancellationToken token)
    {
        var before = _snapshot;
        var holds = now == before
            || (now.DeclaresTheSame(before)
                && _read.All(r => r.TryGetTarget(out var tree) && now.Has(tree))
                && (_names.Count == 0 || !now.NewSince(before).Any(t => Writes(t, token))));
        if (holds)
        {
            _snapshot = now;
        }

        return holds;
    }
}
