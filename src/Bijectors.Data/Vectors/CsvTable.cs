using CsvHelper;
using static TorchSharp.torch;

namespace Bijectors.Data;

/// <summary>Reads a table of numbers. Messages count rows and columns from 1, as editors and spreadsheets do.</summary>
internal static class CsvTable
{
    public static Dataset Open(string path, CsvLayout layout, Split split, int seed)
    {
        using var scope = NewDisposeScope();
        var whose = Path.GetFileName(path);
        using var file = SourceFile.Open(whose, path);
        var (items, labels) = Read(whose, file, layout);
        return SplitItems.Deal(whose, items, split, seed, null, labels);
    }

    /// <summary>The values <c>(N, d)</c>, and the labels <c>(N)</c> if the layout has a column of them.</summary>
    public static (Tensor Items, Tensor? Labels) Read(string whose, Stream stream, CsvLayout layout)
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

        return rows.ToTensors();
    }
}
