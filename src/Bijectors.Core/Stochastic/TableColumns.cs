using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Some columns of a table: which entries of a row they are, and how they are put back among the others.
/// </summary>
internal sealed class TableColumns
{
    private readonly long[] _columns;
    private readonly long[] _places;
    private readonly bool[] _isOne;

    /// <summary>Some columns.</summary>
    /// <param name="whose">The layer, for messages.</param>
    /// <param name="row">The shape of a row.</param>
    /// <param name="columns">The places of the columns in a row.</param>
    /// <exception cref="ShapeException">Rows are no vectors.</exception>
    /// <exception cref="ArgumentException">There is none, one twice, or one that rows do not have.</exception>
    public TableColumns(string whose, Shape row, IReadOnlyList<long> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (row.Rank != 1)
        {
            throw new ShapeException(whose, "expected rows of a table (d)", $"got {row}");
        }

        if (columns.Count == 0 || columns.Any(column => column < 0 || column >= row[0])
            || columns.Distinct().Count() < columns.Count)
        {
            throw new ArgumentException(
                $"{whose}: expected places of columns from 0 to {row[0] - 1}, each once, got "
                + $"{(columns.Count == 0 ? "none" : string.Join(", ", columns))}.",
                nameof(columns));
        }

        MemoryLimit.Take(row[0]);
        _columns = [.. columns];
        (_places, _isOne) = (new long[row[0]], new bool[row[0]]);
        for (var i = 0; i < _columns.Length; i++)
        {
            (_places[_columns[i]], _isOne[_columns[i]]) = (i, true);
        }
    }

    /// <summary>The places of the columns.</summary>
    public IReadOnlyList<long> All => _columns;

    /// <summary>Whether a place is one of the columns.</summary>
    public bool Has(long place) => _isOne[place];

    /// <summary>The entries of the columns, <c>(..., columns)</c>.</summary>
    public Tensor Of(Tensor rows)
    {
        using var places = tensor(_columns, device: rows.device);
        return rows.index_select(-1, places);
    }

    /// <summary>Rows with the entries of the columns replaced.</summary>
    /// <param name="rows">Rows <c>(..., d)</c>.</param>
    /// <param name="entries">What stands in the columns instead, <c>(..., columns)</c>.</param>
    /// <param name="there">Where it does, <c>(..., d)</c>; null for everywhere.</param>
    public Tensor Put(Tensor rows, Tensor entries, Tensor? there = null)
    {
        using var places = tensor(_places, device: rows.device);
        using var spread = entries.index_select(-1, places);
        using var all = tensor(_isOne, device: rows.device);
        return where(there ?? all, spread, rows);
    }
}
