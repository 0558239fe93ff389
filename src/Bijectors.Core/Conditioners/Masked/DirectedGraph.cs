using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A directed acyclic graph of features: of each, the features that it depends on directly.</summary>
public sealed class DirectedGraph
{
    /// <summary>A graph.</summary>
    /// <param name="parents">Of each feature 0, 1, ... the features that it depends on directly.</param>
    /// <exception cref="ArgumentException">There is no feature, a parent is none of the features or stands there twice,
    /// or a feature depends on itself.</exception>
    public DirectedGraph(IReadOnlyList<IReadOnlyList<int>> parents)
    {
        ArgumentNullException.ThrowIfNull(parents);
        Numbers.CheckCount(nameof(DirectedGraph), "a number of features", parents.Count, least: 1);
        for (var i = 0; i < parents.Count; i++)
        {
            var own = parents[i] ?? throw new ArgumentException(
                $"DirectedGraph: expected the parents of feature {i}, an empty list for none, got null.",
                nameof(parents));
            if (own.Any(parent => parent < 0 || parent >= parents.Count) || own.Distinct().Count() < own.Count)
            {
                throw new ArgumentException(
                    $"DirectedGraph: expected different parents of feature {i} from 0 to {parents.Count - 1}, got "
                    + $"[{string.Join(", ", own)}].",
                    nameof(parents));
            }
        }

        Parents = [.. parents.Select(own => (int[])[.. own])];
        Order = Sorted(parents);
    }

    /// <summary>The number D of features.</summary>
    public int Count => Parents.Count;

    /// <summary>Of each feature the features that it depends on directly.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Parents { get; }

    /// <summary>The features in an order in which each comes behind those that it depends on.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>The number of arrows.</summary>
    public int EdgeCount => Parents.Sum(own => own.Count);

    /// <summary>The graph in which each feature depends on all before it: that of any distribution.</summary>
    /// <param name="count">The number of features.</param>
    public static DirectedGraph Complete(int count) =>
        new([.. Enumerable.Range(0, count).Select(i => (int[])[.. Enumerable.Range(0, i)])]);

    /// <summary>Whether a feature depends on another one, directly or through others.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="on">The other one.</param>
    public bool Depends(int feature, int on)
    {
        var isSeen = new bool[Count];
        var open = new Stack<int>(Parents[feature]);
        while (open.TryPop(out var next))
        {
            if (next == on)
            {
                return true;
            }

            if (!isSeen[next])
            {
                isSeen[next] = true;
                foreach (var parent in Parents[next])
                {
                    open.Push(parent);
                }
            }
        }

        return false;
    }

    /// <summary>The graph as a matrix, as <see cref="MaskedMlp.Of(Tensor, IReadOnlyList{int}, Generator, int, long,
    /// Activation?)"/> takes it.</summary>
    /// <returns>A fresh tensor <c>(D, D)</c>: row i marks the parents of feature i by 1.</returns>
    public Tensor Adjacency()
    {
        var marks = new float[Count * Count];
        for (var i = 0; i < Count; i++)
        {
            foreach (var parent in Parents[i])
            {
                marks[(i * Count) + parent] = 1;
            }
        }

        return tensor(marks).reshape(Count, Count);
    }

    /// <summary>The parents of each feature.</summary>
    public override string ToString() =>
        $"[{string.Join(", ", Parents.Select(own => $"[{string.Join(", ", own)}]"))}]";

    /// <summary>The features by the length of the longest path that leads to each: one comes behind all that it depends
    /// on.</summary>
    private static int[] Sorted(IReadOnlyList<IReadOnlyList<int>> parents)
    {
        var children = Enumerable.Range(0, parents.Count).Select(_ => new List<int>()).ToArray();
        for (var i = 0; i < parents.Count; i++)
        {
            foreach (var parent in parents[i])
            {
                children[parent].Add(i);
            }
        }

        var waiting = parents.Select(own => own.Count).ToArray();
        var length = new int[parents.Count];
        var open = new Queue<int>(Enumerable.Range(0, parents.Count).Where(i => waiting[i] == 0));
        while (open.TryDequeue(out var next))
        {
            foreach (var child in children[next])
            {
                length[child] = Math.Max(length[child], length[next] + 1);
                if (--waiting[child] == 0)
                {
                    open.Enqueue(child);
                }
            }
        }

        var left = Enumerable.Range(0, parents.Count).Where(i => waiting[i] > 0).ToList();
        return left.Count == 0
            ? [.. Enumerable.Range(0, parents.Count).OrderBy(i => length[i])]
            : throw new ArgumentException(
                "DirectedGraph: expected features that do not depend on themselves, got a cycle among "
                + $"[{string.Join(", ", left)}].",
                nameof(parents));
    }
}
