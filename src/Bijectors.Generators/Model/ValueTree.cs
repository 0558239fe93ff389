namespace Bijectors.Generators.Model;

/// <summary>Questions about a value and all the values it is computed from, each of which is looked at once.</summary>
internal static class ValueTree
{
    /// <summary>A value and what it is computed from.</summary>
    public static IEnumerable<int> Closure(this IReadOnlyList<Value> values, int index)
    {
        var found = new HashSet<int> { index };
        var open = new Stack<int>(found);
        while (open.Count > 0)
        {
            var operands = values[open.Pop()] switch
            {
                Call call => call.Operands,
                Item item => [item.Tuple],
                _ => (IEnumerable<int>)[],
            };
            foreach (var operand in operands.Where(found.Add))
            {
                open.Push(operand);
            }
        }

        return found.OrderBy(i => i);
    }

    /// <summary>The parts a value is computed from.</summary>
    public static IEnumerable<int> Reads(this IReadOnlyList<Value> values, int index) =>
        values.PartReads(index).Select(r => r.Part);

    /// <summary>The same, with what is asked of each.</summary>
    public static IEnumerable<PartRead> PartReads(this IReadOnlyList<Value> values, int index) =>
        values.Closure(index).Select(i => values[i]).OfType<PartRead>();

    /// <summary>Whether a value depends on the context.</summary>
    public static bool UsesContext(this IReadOnlyList<Value> values, int index) =>
        values.Closure(index).Select(i => values[i]).OfType<Leaf>().Any(l => l.IsContext);
}
