using Bijectors.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse.Forms;

/// <summary>In which order the elements of a tuple are read: what reads a part, before what maps it.</summary>
internal static class TupleOrder
{
    /// <param name="tuple">The right side of an assignment.</param>
    /// <param name="mapped">The variable whose part each element maps; null where it maps none.</param>
    /// <param name="values">The known values.</param>
    /// <param name="scope">What variables stand for.</param>
    /// <returns>The places of the elements; as they are written where no order is right.</returns>
    public static IReadOnlyList<int> Of(ITupleOperation tuple, IReadOnlyList<ISymbol?> mapped, ValueTable values, Scope scope)
    {
        var reads = tuple.Elements.Select(e => e.DescendantsAndSelf().Select(scope.Find).OfType<Binding>()
            .SelectMany(b => b.Part is { } part ? [part] : values.Reads(b.Value!.Value)).Distinct().ToList()).ToList();
        var parts = mapped.Select(m => m is null ? null : scope.Find(m)?.Part).ToList();
        var (order, open) = (new List<int>(), Enumerable.Range(0, parts.Count).ToList());
        while (open.Count > 0)
        {
            var free = open.FindIndex(i => parts[i] is not { } part || open.All(j => j == i || !reads[j].Contains(part)));
            if (free < 0)
            {
                return [.. Enumerable.Range(0, parts.Count)];
            }

            order.Add(open[free]);
            open.RemoveAt(free);
        }

        return order;
    }
}
