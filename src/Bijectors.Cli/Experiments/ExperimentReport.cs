using System.Globalization;
using System.Text;
using CsvHelper;

namespace Bijectors.Cli;

/// <summary>An experiment as tables: Markdown for people, comma-separated values for programs.</summary>
internal static class ExperimentReport
{
    private static readonly string[] s_columns =
        ["", "Parameters", "Million operations", "Rate", "Validation bits/dim", "Test bits/dim", "Probe", "Images/s"];

    private static readonly string[] s_fields =
    [
        "section", "name", "rate", "seed", "parameters", "megaOperations", "steps", "seconds", "validationBits",
        "testBits", "probeAccuracy",
    ];

    /// <summary>A table for each section.</summary>
    /// <param name="plan">What was run.</param>
    /// <param name="outcomes">What came of it.</param>
    /// <param name="baseline">Bits per dimension of independent entries on the test items.</param>
    /// <param name="probe">The accuracy of a linear map of the items themselves; null without labels.</param>
    public static string Markdown(
        ExperimentPlan plan, IReadOnlyList<RowOutcome> outcomes, double baseline, double? probe)
    {
        var text = new StringBuilder();
        var rates = string.Join(", ", plan.Rates.Select(rate => rate.ToString(CultureInfo.InvariantCulture)));
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{plan.Data}, {plan.Parameters} parameters, {Budget(plan)}, batches of {plan.Training.BatchSize}, seeds: "
            + $"{plan.Seeds}; learning rate among {rates} by validation. Mean and standard error over the seeds.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Independent entries: {baseline:F3} bits/dim.");
        if (probe is { } share)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Probe of the items themselves: {share:P1}.");
        }

        foreach (var section in outcomes.GroupBy(outcome => outcome.Row.Section))
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {section.Key}").AppendLine();
            text.AppendLine(Line(s_columns)).AppendLine(Line(s_columns.Select(_ => "---")));
            foreach (var outcome in section.OrderBy(outcome => outcome.Runs.Average(run => run.TestBits)))
            {
                text.AppendLine(Line(Cells(outcome)));
            }
        }

        return text.ToString();
    }

    /// <summary>A line for each run.</summary>
    public static byte[] Csv(IReadOnlyList<RowOutcome> outcomes)
    {
        using var stream = new MemoryStream();
        using (var writer = CsvWriter.Create(
            stream, new CsvWriterOptions { HasHeader = false, NewLine = "\n" }, leaveOpen: true))
        {
            writer.WriteRecord([.. s_fields]);
            foreach (var outcome in outcomes)
            {
                for (var seed = 0; seed < outcome.Runs.Count; seed++)
                {
                    writer.WriteRecord([.. Fields(outcome, seed)]);
                }
            }
        }

        return stream.ToArray();
    }

    private static IEnumerable<string> Fields(RowOutcome outcome, int seed)
    {
        var run = outcome.Runs[seed];
        double?[] numbers =
        [
            outcome.Rate, seed, run.Parameters, run.MegaOperations, run.Steps, run.Seconds, run.ValidationBits,
            run.TestBits, run.ProbeAccuracy,
        ];
        return
        [
            outcome.Row.Section, outcome.Row.Name,
            .. numbers.Select(number => number is { } x ? Numbers.Plain(x) : ""),
        ];
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Budget(ExperimentPlan plan) => plan.Training switch
    {
        { Seconds: { } seconds } => FormattableString.Invariant($"{seconds} seconds"),
        { Steps: { } steps } => FormattableString.Invariant($"{steps} steps"),
        var training => FormattableString.Invariant($"{training.Epochs} epochs"),
    };

    private static IEnumerable<string> Cells(RowOutcome outcome)
    {
        var runs = outcome.Runs;
        yield return outcome.Row.Name;
        yield return Numbers.Count(runs.Average(run => run.Parameters));
        yield return runs.Average(run => run.MegaOperations).ToString("F2", CultureInfo.InvariantCulture);
        yield return outcome.Rate.ToString(CultureInfo.InvariantCulture);
        yield return Mean(runs, run => run.ValidationBits);
        yield return Mean(runs, run => run.TestBits);
        yield return runs[0].ProbeAccuracy is null ? "" : Mean(runs, run => 100 * run.ProbeAccuracy!.Value) + " %";
        yield return Numbers.Count(runs.Average(run => run.ImagesPerSecond));
    }

    private static string Mean(IReadOnlyList<TrialResult> runs, Func<TrialResult, double> measure) =>
        Numbers.Measure(runs.Average(measure), LossDifference.Spread([.. runs.Select(measure)]));
}
