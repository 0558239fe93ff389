using Bijectors.Data;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Bijectors.ML;

/// <summary>
/// Tables of <see cref="Bijectors.Data"/> from and to ML.NET. What is missing stays so: NaN is a null of a data frame
/// and NaN of a data view, and a text that is missing is a null of a data frame and an empty text of a data view.
/// </summary>
public static class TableConversions
{
    /// <summary>
    /// A table as a data view, of which nothing is copied: rows are read when a cursor comes to them.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="numbers">
    /// The type of numbers: <see cref="NumberDataViewType.Single"/>, which trainers take, where it is null, or
    /// <see cref="NumberDataViewType.Double"/>, which keeps all digits.
    /// </param>
    /// <exception cref="DataException">The type is another one.</exception>
    public static IDataView ToDataView(this Table table, NumberDataViewType? numbers = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        var type = numbers ?? NumberDataViewType.Single;
        return type == NumberDataViewType.Single || type == NumberDataViewType.Double
            ? new TableDataView(table, type)
            : throw new DataException("ToDataView", "numbers as Single or Double", $"{type}");
    }

    /// <summary>
    /// The rows of a data view. Numbers and truth values are numbers, texts are texts; a key is the text of its value
    /// where the view knows it, and its number from 1 else; a vector of numbers is a column for each of its slots,
    /// called <c>name.slot</c>.
    /// </summary>
    /// <param name="view">The data view.</param>
    /// <param name="columns">The names of the columns to read; null for all that are not hidden.</param>
    /// <exception cref="DataException">
    /// A column is not there, or holds something else (dates, vectors of texts or of unknown size).
    /// </exception>
    public static Table ReadTable(this IDataView view, IReadOnlyList<string>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(view);
        return ViewReading.Read(view, columns);
    }

    /// <summary>A table as a data frame: columns of doubles and of texts, copied.</summary>
    /// <param name="table">The table.</param>
    public static DataFrame ToDataFrame(this Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new DataFrame(table.Columns.Select(FrameConversion.Column));
    }

    /// <summary>
    /// The rows of a data frame. Numbers and truth values are numbers, texts are texts, nulls are missing.
    /// </summary>
    /// <param name="frame">The data frame.</param>
    /// <param name="columns">The names of the columns to read; null for all.</param>
    /// <exception cref="DataException">A column is not there, or holds dates or something else.</exception>
    public static Table ReadTable(this DataFrame frame, IReadOnlyList<string>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return FrameConversion.Read(frame, columns);
    }
}
