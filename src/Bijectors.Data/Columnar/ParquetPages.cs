using Parquet.Meta;

namespace Bijectors.Data;

/// <summary>What a Parquet file says of the pages of a column, looked at before memory is asked for.</summary>
internal static class ParquetPages
{
    /// <summary>Stops where a column has other rows than its group, lies elsewhere, or unpacks to too much.</summary>
    /// <exception cref="DataException">It does.</exception>
    public static void Check(string whose, Stream stream, ColumnChunk chunk, long rows)
    {
        if (chunk.FilePath is not null || chunk.MetaData is not { } about)
        {
            throw new DataException(whose, "columns in the file itself", "one in another file", "put them together");
        }

        var start = about.DictionaryPageOffset is > 0 and { } dictionary
            ? Math.Min(dictionary, about.DataPageOffset) : about.DataPageOffset;
        if (about.NumValues != rows || start < 0 || about.TotalCompressedSize < 0
            || start > stream.Length - about.TotalCompressedSize)
        {
            throw new DataException(
                whose, $"{rows} values of each column, in the file", $"{about.NumValues} at {start}",
                "the file is damaged");
        }

        var most = PackedFile.MostUnpacked(stream.Length);
        if (about.TotalUncompressedSize > most)
        {
            throw PackedFile.TooLarge(whose, most);
        }
    }
}
