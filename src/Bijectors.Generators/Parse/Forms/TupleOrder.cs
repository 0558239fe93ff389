using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>In which order the elements of a tuple are read: what reads a part, before what maps it.</summary>
internal static class TupleOrder
{
    /// <param name="tuple">The right side of an assignment.</param>
    /// <param name="mapped">The variable whose part each element maps; null where it maps none.</param>
    /// <returns>The places of the elements; as they are written where no order is right.</returns>
    public static IReadOnlyList<int> Of(ITupleOperation tuple, IReadOnlyList<ISymbol?> mapped)
    {
        var reads = tuple.Elements.Select(e => e.DescendantsAndSelf().Select(Operations.Variable).Where(v => v is not null).ToList()).ToList();
        var (order, open) = (new List<int>(), Enumerable.Range(0, mapped.Count).ToList());
        while (open.Count > 0)
        {
            var free = open.FindIndex(i => mapped[i] is not { } part
                || open.All(j => j == i || !reads[j].Contains(part, SymbolEqualityComparer.Default)));
            if (free < 0)
            {
                return [.. Enumerable.Range(0, mapped.Count)];
            }

            order.Add(open[free]);
            open.RemoveAt(free);
        }

        return order;
    }
}
