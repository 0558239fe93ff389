namespace Bijectors.Testing;

/// <summary>
/// The few points that are looked at closely: those that come back worst, and some that are spread over the data.
/// </summary>
internal sealed class InspectedPoints(long total) : IDisposable
{
    private const int Each = 8;

    private readonly long[] _places = [.. Enumerable.Range(0, Each).Select(i => i * total / Each).Distinct()];
    private readonly List<(double Error, Tensor X, Tensor? Context)> _spread = [];
    private List<(double Error, Tensor X, Tensor? Context)> _worst = [];

    public int Count => _worst.Count + _spread.Count;

    /// <summary>How many of them, the first ones, are those that come back worst.</summary>
    public int WorstCount => _worst.Count;

    /// <summary>Looks at a batch.</summary>
    /// <param name="x">The points of the batch.</param>
    /// <param name="context">Their context.</param>
    /// <param name="errors">How far each is off when it comes back.</param>
    /// <param name="usable">Which of them come out finite.</param>
    /// <param name="places">Where each is in the data.</param>
    public void Add(Tensor x, Tensor? context, double[] errors, bool[] usable, IReadOnlyList<long> places)
    {
        var rows = Enumerable.Range(0, errors.Length).Where(i => usable[i]).ToList();
        _spread.AddRange(rows.Where(i => _places.Contains(places[i])).Select(Row));
        var entering = rows.OrderByDescending(i => errors[i]).Take(Each)
            .Where(i => _worst.Count < Each || errors[i] > _worst[^1].Error).Select(Row);
        var ranked = _worst.Concat(entering).OrderByDescending(row => row.Error).ToList();
        Dispose(ranked.Skip(Each));
        _worst = [.. ranked.Take(Each)];

        (double Error, Tensor X, Tensor? Context) Row(int i) =>
            (errors[i], Kept(x, i), context is null ? null : Kept(context, i));
    }

    /// <summary>All of them as a batch, the worst first.</summary>
    public (Tensor X, Tensor? Context) Batch()
    {
        var rows = _worst.Concat(_spread).ToList();
        return (stack(rows.Select(row => row.X)),
            rows[0].Context is null ? null : stack(rows.Select(row => row.Context!)));
    }

    public void Dispose()
    {
        Dispose(_worst);
        Dispose(_spread);
    }

    private static Tensor Kept(Tensor x, int row) => x[row].clone().DetachFromDisposeScope();

    private static void Dispose(IEnumerable<(double Error, Tensor X, Tensor? Context)> rows)
    {
        foreach (var (_, x, context) in rows)
        {
            x.Dispose();
            context?.Dispose();
        }
    }
}
