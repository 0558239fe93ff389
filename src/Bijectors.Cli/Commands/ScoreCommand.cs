using System.CommandLine;
using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary><c>bijectors score</c>.</summary>
internal static class ScoreCommand
{
    private const string Added = "log_prob";

    private const string Summary = "Writes the log-density of each row of a file, in the order of the rows.";

    private const string Details =
        """
        A table (.csv, .tsv) is written again with a column log_prob behind its own, in nats; columns are found by the
        names that the model was trained with, and others are left as they are. Of a table without names, name the
        columns of an item, and those it is given, by number: FILE?target=2,3&context=1. Arrays (.npy) hold an item in
        each row. Rows outside the support have -inf. Where the items are levels, log_prob is that of the dequantized
        item, over --draws draws of noise. Where the model estimates its log-density, log_prob is the mean of --draws
        estimates; the summary gives its standard error.

        Examples:
          bijectors score model.safetensors --data new.csv --out scored.csv
          bijectors score model.safetensors --data images.npy --out log_prob.npy
        """;

    public static Command Build(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = "A file that \"bijectors train\" has saved." };
        var data = new Option<string>("--data", "-d")
        {
            Description = "The file to score: .csv, .tsv (also .gz) or .npy.",
            HelpName = "FILE",
            Required = true,
        };
        var output = new Option<string>("--out", "-o")
        {
            Description = "The file to write: .csv or .tsv for a table, .npy for an array.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "scores.csv",
        };
        var given = new Option<string?>("--context")
        {
            Description = "What the items of an array are given: an array (.npy) with a row for each.",
            HelpName = "FILE",
        };
        var draws = NumberOption.Whole("--draws", "Over how many draws of noise levels are averaged, or estimates.", 5);
        var command = new DetailedCommand("score", Summary, Details) { model, data, given, output, draws };
        command.Gives(terminal, line =>
        {
            var path = OutputFolder.CheckFile(line.GetValue(output)!);
            using var saved = SavedModel.Load(line.GetValue(model)!);
            var source = line.GetValue(data)!;
            var isArray = Path.GetExtension(source).Equals(".npy", StringComparison.OrdinalIgnoreCase);
            CheckKind(path, isArray);
            CheckApart(path, source);
            if (line.GetValue(given) is not null && !isArray)
            {
                throw new UserException("--context: expected to come with an array; the columns of a table are named: "
                    + "FILE?context=COLUMNS.");
            }

            var display = new CountDisplay(terminal);
            var number = line.GetValue(draws)!.Value;
            var (scores, error) = isArray
                ? OfArray(display, saved, source, line.GetValue(given), path, number)
                : OfTable(display, saved, source, path, number);
            return new ScoreResult(path, scores)
            {
                Estimates = saved.Flow.HasEstimatedLogProb ? number : null,
                StandardError = error,
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

    private static void CheckKind(string path, bool isArray)
    {
        var kind = Path.GetExtension(path).ToUpperInvariant();
        if (isArray ? kind != ".NPY" : kind is not (".CSV" or ".TSV"))
        {
            throw new UserException(
                $"--out: expected a file ending in {(isArray ? ".npy for an array" : ".csv or .tsv for a table")}, "
                + $"got '{kind.ToLowerInvariant()}'.");
        }
    }

    private static (IReadOnlyList<double> Scores, double? Error) OfTable(
        CountDisplay display, SavedModel saved, string source, string path, int draws)
    {
        var (file, targets, context) = Datasets.TableColumns(source);
        using var table = TableFile.Read(file, targets ?? saved.Columns, context ?? saved.ContextColumns);
        if (table.Header?.Any(name => name.Trim() == Added) == true)
        {
            throw new UserException(
                $"--data: expected a table without a column {Added}, got one with it: it has been scored before; take "
                + "the table as it was, or rename the column.");
        }

        var scores = Score(display, saved.Flow, table.Items, table.Context, draws);
        table.WriteWith(path, (Added, scores.Scores));
        return scores;
    }

    private static (IReadOnlyList<double> Scores, double? Error) OfArray(
        CountDisplay display, SavedModel saved, string source, string? context, string path, int draws)
    {
        using var scope = NewDisposeScope();
        var items = Npy.Read(source).to(ScalarType.Float32);
        var given = context is null ? null : Npy.Read(context).to(ScalarType.Float32);
        var scores = Score(display, saved.Flow, items, given, draws);
        Npy.Write(path, tensor(scores.Scores.ToArray()));
        return scores;
    }

    private static (IReadOnlyList<double> Scores, double? Error) Score(
        CountDisplay display, Flow flow, Tensor items, Tensor? context, int draws)
    {
        using var scope = NewDisposeScope();
        if (items.dim() != flow.EventShape.Rank + 1 || !items.shape.AsSpan(1).SequenceEqual(flow.EventShape.ToArray()))
        {
            throw new UserException(
                $"--data: expected rows of items {flow.EventShape}, as the model takes them, "
                + $"got {Shape.Of(items.shape[1..])}.");
        }

        long[]? wanted = flow.ContextShape is { } shape ? [items.shape[0], .. shape.ToArray()] : null;
        if (wanted is null ? context is not null : context is null || !context.shape.SequenceEqual(wanted))
        {
            throw new UserException(
                $"--data: expected {(wanted is null ? "no context" : $"a context {flow.ContextShape} for each row")}, "
                + "as the model takes it, "
                + $"got {(context is null ? "none" : $"{Shape.Of(context.shape)}")}; "
                + "name its columns with FILE?context=COLUMNS.");
        }

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
