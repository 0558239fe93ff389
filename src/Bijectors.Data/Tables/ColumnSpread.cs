namespace Bijectors.Data;

/// <summary>Mean and deviation of a column in float64, by Welford's recurrence.</summary>
internal sealed class ColumnSpread
{
    // Of the seven digits of float32, four are then those of the mean.
    private const double MostOffset = 1e4;

    private long _count;
    private double _mean;
    private double _squares;

    /// <summary>Adds a number.</summary>
    public void Add(double value)
    {
        _count++;
        var off = value - _mean;
        _mean += off / _count;
        _squares += off * (value - _mean);
    }

    /// <summary>What float32 loses of the numbers, in a sentence; null where that is little.</summary>
    /// <param name="whose">The table.</param>
    /// <param name="column">The column, as messages name it.</param>
    public string? Loss(string whose, string column)
    {
        var deviation = Math.Sqrt(_squares / Math.Max(1, _count));
        return Math.Abs(_mean) > MostOffset * deviation && deviation > 0
            ? FormattableString.Invariant(
                $"{whose}: the numbers of {column} are {_mean:G6} on average and differ by {deviation:G3}, of which ")
                + "the seven digits of float32 keep little; subtract what they have in common."
            : null;
    }
}
