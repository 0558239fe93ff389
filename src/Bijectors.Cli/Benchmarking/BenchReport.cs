using System.Text.Json.Nodes;
using Spectre.Console;

namespace Bijectors.Cli;

/// <summary>Times of cases, for people and for programs.</summary>
internal static class BenchReport
{
    /// <summary>One JSON object: case, parameters, batch, samples, and times in seconds.</summary>
    public static string Json(BenchMeasures measures, double peak) => new JsonObject
    {
        ["case"] = measures.Case.Name,
        ["parameters"] = measures.Parameters,
        ["batch"] = measures.Case.Batch,
        ["samples"] = measures.Case.Samples,
        ["train_step_s"] = measures.TrainStep,
        ["density_s"] = measures.Density,
        ["sample_s"] = measures.Sample,
        ["train_matrix_flops"] = measures.TrainOperations,
        ["matrix_peak_flops_per_s"] = peak,
    }.ToJsonString();

    public static void Print(Terminal terminal, IReadOnlyList<BenchMeasures> all, double peak)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in (ReadOnlySpan<string>)["Case", "Parameters", "Batch", "Samples", "Train step", "Density", "Sampling", "Of matrix peak"])
        {
            table.AddColumn(new TableColumn(column) { Alignment = column == "Case" ? Justify.Left : Justify.Right, NoWrap = true });
        }

        foreach (var measures in all)
        {
            table.AddRow(
                measures.Case.Name,
                Numbers.Count(measures.Parameters),
                Numbers.Count(measures.Case.Batch),
                Numbers.Count(measures.Case.Samples),
                Numbers.Milliseconds(measures.TrainStep),
                Numbers.Milliseconds(measures.Density),
                Numbers.Milliseconds(measures.Sample),
                Numbers.Percent(measures.TrainOperations / measures.TrainStep / peak));
        }

        terminal.Ansi.Write(table);
    }
}
