using System.Text.Json;
using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>What was computed of each row, column by column, and how it is written.</summary>
/// <param name="Columns">The names and the values.</param>
internal sealed record ScoreColumns(IReadOnlyList<(string Name, IReadOnlyList<double> Values)> Columns)
{
    /// <summary>Writes the columns, in the kind that the ending of the file says.</summary>
    /// <param name="path">The file: .csv or .tsv, .npy or .json.</param>
    /// <param name="table">The table that they are behind, in a .csv or .tsv; null for none.</param>
    public void Write(string path, TableFile? table)
    {
        switch (Path.GetExtension(path).ToUpperInvariant())
        {
            case ".NPY":
                using (var values = Values())
                {
                    Npy.Write(path, values);
                }

                break;
            case ".JSON":
                OutputFolder.Open(Path.GetDirectoryName(Path.GetFullPath(path))!).Write(Path.GetFileName(path), Json());
                break;
            default:
                if (table is not null)
                {
                    table.WriteWith(path, Columns);
                    break;
                }

                using (var values = Values())
                {
                    using var rows = values.reshape(-1, Columns.Count);
                    TableFile.Write(path, [.. Columns.Select(column => column.Name)], rows);
                }

                break;
        }
    }

    /// <summary>Numbers <c>(N)</c> of one column, <c>(N, columns)</c> of several.</summary>
    private Tensor Values()
    {
        using var scope = NewDisposeScope();
        var columns = Columns.Select(column => tensor(column.Values.ToArray(), ScalarType.Float64)).ToArray();
        return (columns.Length == 1 ? columns[0].clone() : stack(columns, 1)).MoveToOuterDisposeScope();
    }

    private byte[] Json()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("columns");
            foreach (var (name, _) in Columns)
            {
                writer.WriteStringValue(name);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("rows");
            for (var row = 0; row < Columns[0].Values.Count; row++)
            {
                writer.WriteStartArray();
                foreach (var (_, values) in Columns)
                {
                    Write(writer, values[row]);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
