using System.Globalization;

namespace Bijectors.Data;

/// <summary>A column of a <see cref="Table"/> with its values: numbers, or texts.</summary>
public sealed class TableSeries
{
    /// <summary>A column of numbers.</summary>
    /// <param name="name">The name of the column.</param>
    /// <param name="numbers">A number for each row, NaN where it is missing. They are not copied.</param>
    public TableSeries(string name, IReadOnlyList<double> numbers) => (Name, Numbers) = (name, numbers);

    /// <summary>A column of texts.</summary>
    /// <param name="name">The name of the column.</param>
    /// <param name="texts">A text for each row, null where it is missing. They are not copied.</param>
    public TableSeries(string name, IReadOnlyList<string?> texts) => (Name, Texts) = (name, texts);

    /// <summary>The name of the column.</summary>
    public string Name { get; }

    /// <summary>A number for each row, NaN where it is missing; null for a column of texts.</summary>
    public IReadOnlyList<double>? Numbers { get; }

    /// <summary>A text for each row, null where it is missing; null for a column of numbers.</summary>
    public IReadOnlyList<string?>? Texts { get; }

    /// <summary>The number of rows.</summary>
    public int Count => Numbers?.Count ?? Texts!.Count;

    /// <summary>What the column is called, and what it holds: <c>city (texts)</c>.</summary>
    public override string ToString() => $"{Name} ({(Texts is null ? "numbers" : "texts")})";

    /// <summary>The values as texts: numbers in the fewest digits that give them again, null for NaN.</summary>
    internal IReadOnlyList<string?> AsTexts() => Texts ?? [.. Numbers!.Select(
        number => double.IsNaN(number) ? null : number.ToString("R", CultureInfo.InvariantCulture))];
}
