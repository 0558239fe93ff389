namespace Bijectors.Generators.Model;

/// <summary>Questions about masks, which are known values: a tensor marked [Mask], or 1 minus one.</summary>
internal static class Masks
{
    /// <summary>The tensor behind a mask; null for a value that is none, whether the tensor is marked or not.</summary>
    public static Leaf? TensorOf(this IReadOnlyList<Value> values, int value) => values[value] switch
    {
        Leaf { Kind: ValueKind.Tensor, IsContext: false, Loop: null } leaf => leaf,
        Call call when values.Negated(call) is { } inner => values.TensorOf(inner),
        _ => null,
    };

    /// <summary>Whether two masks are 1 minus one another.</summary>
    public static bool AreComplements(this IReadOnlyList<Value> values, int one, int other) =>
        values[one] is Call a && values.Negated(a) == other || values[other] is Call b && values.Negated(b) == one;

    /// <summary>The mask of a product of one with a part; null for all other values.</summary>
    public static int? MaskOf(this IReadOnlyList<Value> values, int value, int part)
    {
        if (values[value] is not Call { Function: "mul", Operands: { Count: 2 } operands })
        {
            return null;
        }

        var read = new PartRead(part);
        return values[operands[1]] == read && values.TensorOf(operands[0]) is not null ? operands[0]
            : values[operands[0]] == read && values.TensorOf(operands[1]) is not null ? operands[1]
            : null;
    }

    /// <summary>The parts a value is computed from, but for one that it reads through a mask alone.</summary>
    public static IEnumerable<int> Reads(this IReadOnlyList<Value> values, int value, int kept, int part)
    {
        var found = new HashSet<int>();
        var open = new Stack<int>([value]);
        while (open.Count > 0)
        {
            var next = open.Pop();
            if (!found.Add(next) || values.MaskOf(next, part) == kept)
            {
                continue;
            }

            IEnumerable<int> operands = values[next] switch
            {
                Call call => call.Operands,
                Item item => [item.Tuple],
                _ => [],
            };
            foreach (var operand in operands)
            {
                open.Push(operand);
            }
        }

        return found.Select(v => values[v]).OfType<PartRead>().Select(r => r.Part);
    }

    private static int? Negated(this IReadOnlyList<Value> values, Call call) =>
        call is { Function: "sub", Operands: { Count: 2 } operands } && values[operands[0]] is Leaf { Constant: 1 }
            ? operands[1] : null;
}
