using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>
/// Which part each element of a tuple maps, and in which order they are read: all of the right side is computed from
/// the parts as they were, so what reads a part comes before what maps it.
/// </summary>
internal sealed class TupleOrder(ITupleOperation tuple, IReadOnlyList<ISymbol> targets, PartChoice choice,
    ValueTable values, Scope scope)
{
    private readonly IReadOnlyList<HashSet<int>> _reads =
    [
        .. tuple.Elements.Select(e => new HashSet<int>(e.DescendantsAndSelf().Select(scope.Find).OfType<Binding>()
            .SelectMany(b => b.Part is { } part ? [part] : values.Reads(b.Value!.Value)))),
    ];

    /// <summary>
    /// The variables whose parts each element can map: those that nothing behind the assignment reads.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<ISymbol>> Candidates { get; } =
    [
        .. tuple.Elements.Select((element, i) => (IReadOnlyList<ISymbol>)[.. choice.Candidates(element)
            .Where(s => Contains(targets, s) || !choice.IsReadBehind(s, tuple)).OrderBy(s => !Same(s, targets[i]))]),
    ];

    /// <summary>
    /// The parts and the order, where there are some that are right; an element without candidates maps none.
    /// </summary>
    public (IReadOnlyList<ISymbol?> Mapped, IReadOnlyList<int> Order)? Find() => Find([]);

    /// <summary>The places of the elements in an order that is right; null where there is none.</summary>
    public IReadOnlyList<int>? Of(IReadOnlyList<ISymbol?> mapped)
    {
        var parts = mapped.Select(m => m is null ? null : scope.Find(m)?.Part).ToList();
        var (order, open) = (new List<int>(), Enumerable.Range(0, parts.Count).ToList());
        while (open.Count > 0)
        {
            var free = open.FindIndex(i => parts[i] is not { } part
                || open.All(j => j == i || !_reads[j].Contains(part)));
            if (free < 0)
            {
                return null;
            }

            order.Add(open[free]);
            open.RemoveAt(free);
        }

        return order;
    }

    private (IReadOnlyList<ISymbol?> Mapped, IReadOnlyList<int> Order)? Find(IReadOnlyList<ISymbol?> mapped)
    {
        if (mapped.Count == tuple.Elements.Length)
        {
            return Of(mapped) is { } order ? (mapped, order) : null;
        }

        var open = Candidates[mapped.Count].DefaultIfEmpty<ISymbol?>(null);
        return open.Where(s => s is null || !Contains(mapped, s)).Select(s => Find([.. mapped, s]))
            .FirstOrDefault(found => found is not null);
    }

    private static bool Contains(IEnumerable<ISymbol?> symbols, ISymbol symbol) =>
        symbols.Contains(symbol, SymbolEqualityComparer.Default);

    private static bool Same(ISymbol a, ISymbol b) => SymbolEqualityComparer.Default.Equals(a, b);
}
