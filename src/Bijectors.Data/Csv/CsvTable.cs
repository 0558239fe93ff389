using CsvHelper;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Reads a table of text. Messages count rows and columns from 1, as editors and spreadsheets do.</summary>
internal static class CsvTable
{
    public static Dataset Open(string path, CsvLayout layout, Split split, int seed)
    {
        using var scope = NewDisposeScope();
        var whose = Path.GetFileName(path);
        using var file = SourceFile.Open(whose, path);
        return Read(whose, file, layout).ToContent(isForTraining: true).Deal(whose, split, seed);
    }

    /// <summary>The rows of a stream.</summary>
    /// <param name="whose">The table, for messages.</param>
    /// <param name="stream">Its bytes.</param>
    /// <param name="layout">What its columns are.</param>
    /// <param name="each">Called with the cells of each row, the header among them; null for no call.</param>
    public static CsvRows Read(string whose, Stream stream, CsvLayout layout, Action<string[]>? each = null)
    {
        var rows = new CsvRows(whose, layout);
        using var reader = CsvReader.Create(stream, new CsvReaderOptions
        {
            HasHeader = false,
            Separator = layout.Separator,
            MalformedData = CsvMalformedDataHandling.Throw,
            TrackLineNumbers = true,
        });
        try
        {
            while (reader.Read())
            {
                var cells = new string[reader.FieldCount];
                for (var column = 0; column < cells.Length; column++)
                {
                    cells[column] = reader.GetString(column);
                }

                rows.Add(cells, reader.LineNumber);
                each?.Invoke(cells);
            }
        }
        catch (CsvFormatException exception)
        {
            throw new DataException(
                whose,
                "cells with paired quotes",
                $"a badly quoted one in row {exception.LineNumber}",
                "mend it",
                exception);
        }

        return rows;
    }
}
