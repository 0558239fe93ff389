using System.CommandLine;
using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary><c>bijectors score</c>.</summary>
internal static class ScoreCommand
{
    private const string LogProb = "log_prob";
    private const string Quantile = "quantile";
    private const string Baseline = "baseline_log_prob";
    private const string Attributed = "attribution_";

    private const string Summary =
        "Gives each row of a file its log-density, its quantile, and what each feature has to do with it.";

    private const string Details =
        """
        A table (.csv, .tsv, .parquet, .arrow) is written again with columns behind its own; columns are found by the
        names that the model was trained with, and others are left as they are. Of a table without names, name the
        columns of an item, and those it is given, by number: FILE?target=2,3&context=1. Arrays (.npy) hold an item in
        each row.

        log_prob is in nats; rows outside the support have -inf. Where the items are levels, it is that of the
        dequantized item, over --draws draws of noise. Where the model estimates its log-density, it is the mean of
        --draws estimates; the summary gives its standard error. --quantile adds quantile, the share of the validation
        items of the training whose log-density is smaller: near 0 is unusual. --attribution adds attribution_NAME for
        each feature, in nats: integrated gradients from the mean of the training items to the row, which add up to
        log_prob - baseline_log_prob.

        The ending of the output says its kind: a table; .npy, a row of numbers for each row; .json, the names of
        the columns and the rows.

        Examples:
          bijectors score model.safetensors --data new.csv --out scored.csv --quantile --attribution
          bijectors score runs/wages --data new.csv --out scored.json
          bijectors score model.safetensors --data images.npy --out log_prob.npy
        """;

    public static Command Build(Terminal terminal)
    {
        var model = ModelFile.Argument();
        var data = new Option<string>("--data", "-d")
        {
            Description = $"The file to score: .npy{TableFile.Endings} (.csv and .tsv also as .gz).",
            HelpName = "FILE",
            Required = true,
        };
        var output = new Option<string>("--out", "-o")
        {
            Description = $"The file to write: .npy, .json{TableFile.Endings}.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "scores.csv",
        };
        var given = new Option<string?>("--context")
        {
            Description = "What the items of an array are given: an array (.npy) with a row for each.",
            HelpName = "FILE",
        };
        var quantile = new Option<bool>("--quantile")
        {
            Description = "Adds the share of the validation items of the training whose log-density is smaller.",
        };
        var attribution = new Option<bool>("--attribution")
        {
            Description = "Adds what each feature has to do with the log-density, in nats.",
        };
        var parts = NumberOption.Whole(
            "--attribution-parts", "Into how many parts the way to a row is cut; more are more exact.", 64);
        var draws = NumberOption.Whole("--draws", "Over how many draws of noise levels are averaged, or estimates.", 5);
        var command = new DetailedCommand("score", Summary, Details) {
            model, data, given, output, quantile, attribution, parts, draws,
        };
        command.Gives(terminal, line =>
        {
            var path = OutputFolder.CheckFile(line.GetValue(output)!);
            using var saved = ModelFile.Load(line.GetValue(model)!);
            var source = line.GetValue(data)!;
            var isArray = Path.GetExtension(source).Equals(".npy", StringComparison.OrdinalIgnoreCase);
            CheckKind(path);
            CheckApart(path, source);
            if (line.GetValue(given) is not null && !isArray)
            {
                throw new UserException("--context: expected to come with an array; the columns of a table are named: "
                    + "FILE?context=COLUMNS.");
            }

            var (isRanked, isAttributed) = (line.GetValue(quantile), line.GetValue(attribution));
            using var rows = isArray
                ? ScoredRows.OfArray(source, line.GetValue(given))
                : ScoredRows.OfTable(source, saved);
            rows.Check(saved.Flow);
            List<string> names = [LogProb];
            if (isRanked)
            {
                Quantiles.Check(saved);
                names.Add(Quantile);
            }

            if (isAttributed)
            {
                Attribution.Check(saved);
                names.AddRange([Baseline, .. rows.FeaturesOf(saved).Select(name => $"{Attributed}{name}")]);
            }

            rows.CheckNames(names, path);
            var display = new CountDisplay(terminal);
            var number = line.GetValue(draws)!.Value;
            var (scores, error) = Score(display, saved.Flow, rows.Items, rows.Context, number);
            var attributed = isAttributed
                ? display.Show("attribution", "rows", scores.Count, progress =>
                    Attribution.Of(saved, rows.Items, rows.Context, number, line.GetValue(parts)!.Value, progress))
                : null;
            List<IReadOnlyList<double>> values =
            [
                scores,
                .. isRanked ? [Quantiles.Of(saved.LogDensities!, scores)] : (IReadOnlyList<double>[])[],
                .. attributed is null ? [] : attributed.Columns(),
            ];
            new ScoreColumns([.. names.Zip(values)]).Write(path, rows.Table);
            return new ScoreResult(path, scores)
            {
                Columns = names,
                Estimates = saved.Flow.HasEstimatedLogProb ? number : null,
                StandardError = error,
                Attribution = attributed,
            };
        });
        return command;
    }

    /// <summary>The scored rows must not take the place of the rows.</summary>
    private static void CheckApart(string path, string source)
    {
        var file = source.Split('?')[0].Split(':', 2)[^1];
        if (Path.GetFullPath(file) == Path.GetFullPath(path))
        {
            throw new UserException($"--out: expected another file than the data, got '{path}' for both.");
        }
    }

    private static void CheckKind(string path)
    {
        var kind = Path.GetExtension(path).ToLowerInvariant();
        if (kind is not (".npy" or ".json") && !TableFile.CanWrite(path))
        {
            throw new UserException($"--out: expected a file ending in .npy, .json{TableFile.Endings}, got '{kind}'.");
        }
    }

    private static (IReadOnlyList<double> Scores, double? Error) Score(
        CountDisplay display, Flow flow, Tensor items, Tensor? context, int draws)
    {
        using var scope = NewDisposeScope();
        var count = items.shape[0];
        if (!flow.HasEstimatedLogProb)
        {
            var losses = display.Show("score", "rows", count, progress =>
                Evaluation.Losses(flow, items, context, draws, progress: progress));
            return (Numbered(losses), null);
        }

        var estimates = display.Show("score", "rows", count * draws, progress => stack([.. Enumerable.Range(0, draws)
            .Select(draw => Evaluation.Losses(flow, items, context, draws: 1, seed: draw,
                progress: new Listener<long>(done => progress.Report(done + (draw * count)))))]));
        var mean = estimates.mean([0L]);
        var error = ((estimates - mean).square().sum([0L]) / ((double)draws * (draws - 1))).sqrt();
        var known = where(mean.isfinite(), error, 0);
        return (Numbered(mean), draws > 1 && known.numel() > 0 ? known.max().item<double>() : null);

        static double[] Numbered(Tensor losses) => [.. losses.data<double>().Select(loss => -loss)];
    }
}
