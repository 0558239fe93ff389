namespace Bijectors.Data;

/// <summary>The formats of files of columns, and how their names end.</summary>
internal static class ColumnarFormats
{
    /// <summary>Apache Parquet.</summary>
    public const string Parquet = "parquet";

    /// <summary>Apache Arrow.</summary>
    public const string Arrow = "arrow";

    /// <summary>The format that a name ends in; null for none.</summary>
    public static string? Of(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".PARQUET" => Parquet,
        ".ARROW" or ".FEATHER" => Arrow,
        _ => null,
    };
}
