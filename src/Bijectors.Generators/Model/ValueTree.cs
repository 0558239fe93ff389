namespace Bijectors.Generators.Model;

/// <summary>Questions about a value and all the values it is computed from.</summary>
internal static class ValueTree
{
    /// <summary>The values at the ends: fields, literals, the context, parts.</summary>
    public static IEnumerable<Value> Leaves(this IReadOnlyList<Value> values, int index) => values[index] switch
    {
        Call call => call.Operands.SelectMany(o => values.Leaves(o)),
        Item item => values.Leaves(item.Tuple),
        var leaf => [leaf],
    };

    /// <summary>The parts a value is computed from.</summary>
    public static IEnumerable<int> Reads(this IReadOnlyList<Value> values, int index) => values.Leaves(index).OfType<PartRead>().Select(r => r.Part).Distinct();

    /// <summary>Whether a value depends on the context.</summary>
    public static bool UsesContext(this IReadOnlyList<Value> values, int index) => values.Leaves(index).OfType<Leaf>().Any(l => l.IsContext);
}
