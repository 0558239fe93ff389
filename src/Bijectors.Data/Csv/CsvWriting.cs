using System.Globalization;
using CsvHelper;

namespace Bijectors.Data;

/// <summary>Writes tables of text.</summary>
internal static class CsvWriting
{
    /// <summary>Writes rows of cells, between tabs where the file ends in .tsv, between commas else.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write(string file, IReadOnlyList<string> header, IEnumerable<string[]> rows) =>
        TargetFile.Write("TableFile", file, stream =>
        {
            using var writer = CsvWriter.Create(
                stream,
                new CsvWriterOptions
                {
                    HasHeader = false,
                    Separator = Path.GetExtension(file).Equals(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',',
                    NewLine = "\n",
                },
                leaveOpen: true);
            writer.WriteRecord([.. header]);
            foreach (var row in rows)
            {
                writer.WriteRecord(row);
            }
        });

    /// <summary>A number as other programs read it: nan, inf and -inf.</summary>
    public static string Text(double value) =>
        double.IsNaN(value) ? "nan"
        : double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf")
        : value.ToString("R", CultureInfo.InvariantCulture);
}
