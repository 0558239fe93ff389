namespace Bijectors.Testing;

/// <summary>Compares what came with what was expected, entry by entry.</summary>
internal static class Close
{
    /// <summary>
    /// The worst entry that is further off than allowed; null where none is. NaN is far off from all but NaN.
    /// </summary>
    /// <param name="what">What is compared, for the message.</param>
    /// <param name="expected">What a law expects.</param>
    /// <param name="got">What came, of the same shape.</param>
    /// <param name="allowed">How far off each entry may be; where infinite, nothing is asked of the entry.</param>
    /// <param name="explains">What explains as much, for the message.</param>
    public static Mismatch? Find(
        string what, Tensor expected, Tensor got, Tensor allowed, string explains = "rounding explains")
    {
        if (!expected.shape.SequenceEqual(got.shape))
        {
            return new(what, $"a tensor of shape {Text(expected.shape)}", $"one of shape {Text(got.shape)}");
        }

        // Mostly nothing is off at all.
        if (expected.dtype == got.dtype && expected.Equals(got))
        {
            return null;
        }

        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (e, g, a) = (Flat(expected), Flat(got), Flat(allowed));
        var same = (e == g).logical_or(e.isnan().logical_and(g.isnan()));
        var excess = where(same, 0, (g - e).abs() / a).nan_to_num(double.PositiveInfinity, double.PositiveInfinity);
        var judged = where(a == double.PositiveInfinity, 0, excess);
        if (judged.numel() == 0 || judged.max().item<double>() <= 1)
        {
            return null;
        }

        var worst = judged.argmax().item<long>();
        var (want, have, room) = (e[worst].item<double>(), g[worst].item<double>(), a[worst].item<double>());
        return new(
            judged.numel() == 1 ? what : $"{what}, entry {Place(worst, expected.shape)}",
            Points.Write(want),
            $"{Points.Write(have)}, off by {Math.Abs(have - want):G3} where {room:G3} is what {explains}");
    }

    private static Tensor Flat(Tensor x) => x.detach().to(ScalarType.Float64).flatten();

    /// <summary>Where an entry is in a tensor; dimensions of size 1 in front say nothing.</summary>
    private static string Place(long entry, long[] shape)
    {
        var telling = shape.SkipWhile(size => size == 1).ToArray();
        var place = new long[telling.Length];
        for (var dim = telling.Length - 1; dim >= 0; dim--)
        {
            (entry, place[dim]) = Math.DivRem(entry, telling[dim]);
        }

        return place.Length == 1 ? $"{place[0]}" : Text(place);
    }

    private static string Text(long[] shape) => $"({string.Join(", ", shape)})";
}
