using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Which features depend on which through masks, and masks that let through what a graph says.</summary>
internal static class MaskGraph
{
    /// <summary>An order in which each feature comes behind those that its outputs depend on: the earliest it
    /// can.</summary>
    /// <param name="masks">One for each layer, the last one giving <paramref name="outputs"/> times as many as there
    /// are features.</param>
    /// <param name="outputs">How many numbers there are for each feature.</param>
    /// <exception cref="ArgumentException">A feature depends on itself.</exception>
    public static int[] Order(IReadOnlyList<Tensor> masks, int outputs)
    {
        using var scope = NewDisposeScope();
        using var leaving = no_grad();
        var paths = Counts(masks[0]);
        foreach (var mask in masks.Skip(1))
        {
            // Whether there is a path, not how many: those would overflow.
            paths = (Counts(mask).matmul(paths) > 0).to(ScalarType.Float32);
        }

        var features = (int)(paths.size(0) / outputs);
        var all = Rows(paths.narrow(1, 0, features));
        bool Depends(int feature, int on) =>
            Enumerable.Range(0, outputs).Any(j => all[(j * features) + feature][on]);

        // Of each feature, how many of those that it depends on are not in the order yet.
        int[] missing = [.. Enumerable.Range(0, features)
            .Select(feature => Enumerable.Range(0, features).Count(on => Depends(feature, on)))];
        var order = new List<int>();
        int[] next = [.. Enumerable.Range(0, features).Where(feature => missing[feature] == 0)];
        while (next.Length > 0)
        {
            order.AddRange(next);
            var freed = new List<int>();
            foreach (var feature in next.SelectMany(on => Enumerable.Range(0, features).Where(i => Depends(i, on))))
            {
                missing[feature]--;
                if (missing[feature] == 0)
                {
                    freed.Add(feature);
                }
            }

            next = [.. freed.Order()];
        }

        return order.Count == features ? [.. order] : throw new ArgumentException(
            "MaskedMlp: expected features that do not depend on themselves, got a cycle among "
            + $"[{string.Join(", ", Enumerable.Range(0, features).Except(order))}].");

        static Tensor Counts(Tensor mask) => (mask == 0).logical_not().to(ScalarType.Float32, CPU);
    }

    /// <summary>
    /// Masks of a network in which feature i depends on the features of row i: hidden units stand for the different
    /// rows in turn, and a unit reads those whose row is contained in its own.
    /// </summary>
    /// <param name="adjacency">Whether a feature depends on another one.</param>
    /// <param name="hidden">Widths of the hidden layers.</param>
    /// <param name="outputs">How many numbers there are for each feature.</param>
    /// <param name="contextSize">How many columns the first mask has for the context.</param>
    /// <exception cref="ArgumentException">No feature depends on anything.</exception>
    public static IReadOnlyList<Tensor> Masks(
        bool[][] adjacency, IReadOnlyList<int> hidden, int outputs, long contextSize)
    {
        var features = adjacency.Length;
        var context = new string('1', (int)contextSize);

        // Rows that are equal are one kind, sorted as text of 0 and 1.
        string[] texts = [.. adjacency.Select((row, i) =>
            string.Concat(row.Select((on, j) => on && i != j ? '1' : '0')) + context)];
        string[] kinds = [.. texts.Distinct().Order(StringComparer.Ordinal)];
        var contains = Containment(kinds);

        bool Depends(int kind) => kinds[kind].Any(on => on == '1');
        if (!Enumerable.Range(0, kinds.Length).Any(Depends))
        {
            throw new ArgumentException(
                "MaskedMlp: expected a feature that depends on another one or on a context, got none.");
        }

        var masks = new List<Tensor>();
        int[]? before = null;
        foreach (var width in hidden.Append(outputs * features))
        {
            // A unit that depends on nothing would be a constant.
            var (isLast, below) = (masks.Count == hidden.Count, before);
            int[] useful = [.. Enumerable.Range(0, kinds.Length).Where(
                kind => below is null ? Depends(kind) : below.Any(lower => contains[kind][lower]))];
            int[] units = isLast
                ? [.. Enumerable.Range(0, width).Select(unit => Array.IndexOf(kinds, texts[unit % features]))]
                : [.. Enumerable.Range(0, width).Select(unit => useful[unit % useful.Length])];
            float[] entries = below is null
                ? [.. units.SelectMany(unit => kinds[unit].Select(on => on == '1' ? 1f : 0f))]
                : [.. units.SelectMany(unit => below.Select(lower => contains[unit][lower] ? 1f : 0f))];
            masks.Add(tensor(entries).reshape(units.Length, -1));
            before = units;
        }

        return masks;
    }

    /// <summary>Of which kinds each contains all features: a scalar product of rows counts those in common.</summary>
    private static bool[][] Containment(string[] kinds)
    {
        using var scope = NewDisposeScope();
        var rows = tensor([.. kinds.SelectMany(kind => kind.Select(on => on == '1' ? 1f : 0f))])
            .reshape(kinds.Length, -1);
        return Rows((rows.matmul(rows.transpose(0, 1)) == rows.sum(dim: 1)).to(ScalarType.Float32));
    }

    /// <summary>A matrix as truth values.</summary>
    public static bool[][] Rows(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var width = (int)matrix.size(1);
        var numbers = (matrix == 0).logical_not().to(ScalarType.Float32, CPU).contiguous().data<float>().ToArray();
        return [.. numbers.Select(number => number != 0).Chunk(width)];
    }
}
