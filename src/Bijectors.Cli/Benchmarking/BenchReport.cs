using System.Text.Json.Nodes;
using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>Times of cases, for people and for programs.</summary>
internal static class BenchReport
{
    /// <summary>
    /// One case: its name, parameters, batch, samples, and times in seconds; where they were taken, also those in
    /// plain operations of torch, and the ratios.
    /// </summary>
    public static JsonObject Json(BenchMeasures measures)
    {
        var json = new JsonObject
        {
            ["case"] = measures.Case.Name,
            ["parameters"] = measures.Parameters,
            ["batch"] = measures.Case.Batch,
            ["samples"] = measures.Case.Samples,
            ["train_step_s"] = measures.TrainStep.Ours,
            ["density_s"] = measures.Density.Ours,
            ["sample_s"] = measures.Sample.Ours,
            ["train_matrix_flops"] = measures.TrainOperations,
        };
        (string Name, BenchTime Time)[] times =
            [("train_step", measures.TrainStep), ("density", measures.Density), ("sample", measures.Sample)];
        foreach (var (name, time) in times.Where(row => row.Time.Eager is not null))
        {
            json[$"{name}_eager_s"] = time.Eager;
            json[$"{name}_ratio"] = time.Ratio;
        }

        return json;
    }

    public static void Print(Terminal terminal, IReadOnlyList<BenchMeasures> all, double peak)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in (ReadOnlySpan<string>)["Case", "Parameters", "Batch", "Samples", "Train step", "Density",
            "Sampling", "Of matrix peak"])
        {
            table.AddColumn(
                new TableColumn(column) { Alignment = column == "Case" ? Justify.Left : Justify.Right, NoWrap = true });
        }

        foreach (var measures in all)
        {
            table.AddRow(
                measures.Case.Name,
                Numbers.Count(measures.Parameters),
                Numbers.Count(measures.Case.Batch),
                Numbers.Count(measures.Case.Samples),
                Numbers.Milliseconds(measures.TrainStep.Ours),
                Numbers.Milliseconds(measures.Density.Ours),
                Numbers.Milliseconds(measures.Sample.Ours),
                Numbers.Percent(measures.TrainOperations / measures.TrainStep.Ours / peak));
        }

        terminal.Ansi.Write(table);
    }

    /// <summary>The times that were taken beside those in plain operations of torch.</summary>
    public static void PrintRatios(Terminal terminal, IReadOnlyList<BenchMeasures> all)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("Case", "", "Ours", "Eager", "Ours / eager");
        foreach (var column in table.Columns.Skip(2))
        {
            column.RightAligned().NoWrap();
        }

        foreach (var measures in all)
        {
            Row(measures.Case.Name, "train step", measures.TrainStep);
            Row("", "density", measures.Density);
            Row("", "sampling", measures.Sample);
        }

        terminal.Ansi.Write(table);

        void Row(string name, string what, BenchTime time) => table.AddRow(
            name,
            what,
            Numbers.Milliseconds(time.Ours),
            Numbers.Milliseconds(time.Eager!.Value),
            Numbers.Ratio(time.Ratio!.Value));
    }
}
