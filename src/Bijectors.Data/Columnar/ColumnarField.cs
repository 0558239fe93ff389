namespace Bijectors.Data;

/// <summary>A column of a file that says what its columns hold.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Kind">What is made of it.</param>
/// <param name="Type">Its type in the words of the format.</param>
internal sealed record ColumnarField(string Name, ColumnarKind Kind, string Type);

/// <summary>What is made of a column.</summary>
internal enum ColumnarKind
{
    /// <summary>Numbers, NaN where there is none.</summary>
    Numbers,

    /// <summary>Texts, null where there is none.</summary>
    Texts,

    /// <summary>Nothing: dates, nested values, bytes.</summary>
    Other,
}
