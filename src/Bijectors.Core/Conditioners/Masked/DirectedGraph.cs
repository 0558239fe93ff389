using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A directed acyclic graph of features: of each, the features that it depends on directly.</summary>
public sealed class DirectedGraph
{
    private readonly bool[][] _isAncestor;

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
        var order = new List<int>();
        _isAncestor = [.. parents.Select(_ => new bool[parents.Count])];
        while (order.Count < parents.Count)
        {
            var next = Enumerable.Range(0, parents.Count)
                .Where(i => !order.Contains(i) && Parents[i].All(order.Contains)).ToList();
            if (next.Count == 0)
            {
                throw new ArgumentException(
                    "DirectedGraph: expected features that do not depend on themselves, got a cycle among "
                    + $"[{string.Join(", ", Enumerable.Range(0, parents.Count).Except(order))}].",
                    nameof(parents));
            }

            foreach (var (feature, parent) in next.SelectMany(i => Parents[i].Select(parent => (i, parent))))
            {
                _isAncestor[feature][parent] = true;
                for (var j = 0; j < parents.Count; j++)
                {
                    _isAncestor[feature][j] |= _isAncestor[parent][j];
                }
            }

            order.AddRange(next);
        }

        Order = order;
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
    public bool Depends(int feature, int on) => _isAncestor[feature][on];

    /// <summary>The graph as a matrix, as <see cref="MaskedMlp.Of(Tensor, IReadOnlyList{int}, Generator, int, long,
    /// Activation?)"/> takes it.</summary>
    /// <returns>A fresh tensor <c>(D, D)</c>: row i marks the parents of feature i by 1.</returns>
    public Tensor Adjacency() => tensor([.. from own in Parents
        from j in Enumerable.Range(0, Count)
        select own.Contains(j) ? 1f : 0f]).reshape(Count, Count);

    /// <summary>The parents of each feature.</summary>
    public override string ToString() =>
        $"[{string.Join(", ", Parents.Select(own => $"[{string.Join(", ", own)}]"))}]";
}
