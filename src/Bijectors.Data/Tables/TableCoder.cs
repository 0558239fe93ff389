using System.Globalization;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Turns columns of numbers and texts into items and contexts.</summary>
/// <param name="whose">The table, for messages.</param>
/// <param name="choice">What the columns are.</param>
/// <param name="lines">The number of each row in messages; null to count them from 1.</param>
internal sealed class TableCoder(string whose, ColumnChoice choice, IReadOnlyList<long>? lines = null)
{
    /// <summary>The content of a table.</summary>
    /// <param name="read">The values of <see cref="ColumnChoice.Read"/>, in this order, at least one row.</param>
    /// <param name="labels">The class of each row; null where there are none.</param>
    /// <param name="isForTraining">Whether columns without spread are refused, and odd numbers told of.</param>
    /// <exception cref="DataException">A value cannot be used.</exception>
    public TableContent Code(IReadOnlyList<TableSeries> read, IReadOnlyList<long>? labels, bool isForTraining)
    {
        RawTensor.CheckRoom(whose, sizeof(float) * (long)read.Count * read[0].Count);
        using var scope = NewDisposeScope();
        var (warnings, columns, parts) = (new List<string>(), new List<TableColumn>(), new List<Tensor>());
        foreach (var (plan, series) in choice.Read.Zip(read))
        {
            if (plan.IsCategory)
            {
                var (categories, codes) = CategoryCodes.Of(whose, plan, series.AsTexts(), RowNumber);
                columns.Add(new TableColumn(plan.Name) { Categories = categories });
                parts.Add(plan.IsContext
                    ? OneHot(codes, categories.Count)
                    : tensor(codes).to(ScalarType.Float32).unsqueeze(1));
            }
            else
            {
                var numbers = Numbers(plan, series.Numbers!);
                if (isForTraining && !plan.IsContext)
                {
                    warnings.AddRange(Spread(plan, series.Numbers!, numbers));
                }

                columns.Add(new TableColumn(plan.Name) { MayBeMissing = plan.MayBeMissing });
                parts.Add(tensor(numbers).unsqueeze(1));
            }
        }

        var width = choice.Targets.Count;
        var hasContext = choice.Context.Count > 0;
        return new TableContent(
            cat([.. parts.Take(width)], 1).MoveToOuterDisposeScope(),
            hasContext ? cat([.. parts.Skip(width)], 1).MoveToOuterDisposeScope() : null,
            labels is null ? null : tensor(labels.ToArray()).MoveToOuterDisposeScope())
        {
            Schema = choice.HasSchema ? columns[..width] : null,
            ContextSchema = choice.HasSchema && hasContext ? columns[width..] : null,
            Warnings = warnings,
        };
    }

    private Tensor OneHot(int[] codes, int count)
    {
        RawTensor.CheckRoom(whose, sizeof(float) * (long)codes.Length * count);
        using var scope = NewDisposeScope();
        return (tensor(codes).unsqueeze(1) == arange(count)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    private float[] Numbers(ColumnPlan column, IReadOnlyList<double> numbers)
    {
        var all = new float[numbers.Count];
        for (var row = 0; row < all.Length; row++)
        {
            all[row] = (float)numbers[row];
            if (!float.IsFinite(all[row]) && !(float.IsNaN(all[row]) && column.MayBeMissing))
            {
                throw new DataException(
                    whose,
                    $"a finite number in row {RowNumber(row)}, {column.Shown}",
                    double.IsNaN(numbers[row])
                        ? "none" : numbers[row].ToString("R", CultureInfo.InvariantCulture),
                    double.IsNaN(numbers[row]) ? EmptyAdvice(column) : null);
            }
        }

        return all;
    }

    /// <summary>What to do about a cell without a number.</summary>
    public static string EmptyAdvice(ColumnPlan column) => column.IsContext
        ? "fill the cell, or leave the row or the column out"
        : "fill the cell, name the column under missing= (missing: in code), or leave the row or the column out";

    /// <summary>
    /// Refuses a column of items in which all numbers are the same: no density could be learned of them.
    /// </summary>
    private IEnumerable<string> Spread(ColumnPlan column, IReadOnlyList<double> numbers, float[] rounded)
    {
        var spread = new ColumnSpread();
        var (first, isSame) = (float.NaN, true);
        for (var row = 0; row < rounded.Length; row++)
        {
            if (!float.IsNaN(rounded[row]))
            {
                spread.Add(numbers[row]);
                first = float.IsNaN(first) ? rounded[row] : first;
                isSame &= rounded[row] == first;
            }
        }

        if (float.IsNaN(first))
        {
            throw new DataException(
                whose, $"numbers in {column.Shown}", "none in any row",
                "leave the column out: name the others as target");
        }

        if (isSame && rounded.Length > 1)
        {
            throw new DataException(
                whose,
                $"numbers that differ in {column.Shown}",
                string.Create(CultureInfo.InvariantCulture, $"{first} in each row")
                    + (column.MayBeMissing ? " with one" : "")
                    + ", to the seven digits of float32, which has no density",
                "subtract what large numbers have in common, or leave the column out: name the others as target");
        }

        return spread.Loss(whose, column.Shown) is { } loss ? [loss] : [];
    }

    private long RowNumber(int row) => lines?[row] ?? row + 1;
}
