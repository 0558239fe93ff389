using System.CommandLine;
using Bijectors.Data;
using Bijectors.Zoo;
using TorchSharp;

namespace Bijectors.Cli;

/// <summary><c>bijectors compare</c>.</summary>
internal static class CompareCommand
{
    private const string Summary = "Trains several flows on the same data at the same budget and reports which fits best.";

    private const string Details =
        """
        Each model gets the width at which it has the number of parameters asked for (within 10 %), and the same number of steps,
        or with --seconds the same wall time. The table shows test likelihood in bits per dimension (lower is better) beside a
        baseline of independent pixels, how exactly each model inverts itself, and its speed. The output folder receives
        results.json, report.html (one file, nothing else needed to read it) and sample grids as PNG.

        Ctrl-C stops the training; what is trained until then is measured and written.

        Examples:
          bijectors compare
          bijectors compare --models mixerflow,glow --seconds 60 --seeds 3
          bijectors compare --data csv:measurements.csv --epochs 100 --out out/measurements
        """;

    public static Command Build(Terminal terminal, CancellationToken cancellation)
    {
        var run = new RunOptions(ComparisonPlan.UsualEpochs);
        var models = new Option<string[]>("--models", "-m")
        {
            Description = $"Which models, separated by commas: {string.Join(", ", Models.Names)}. Without it: all that fit the data.",
            HelpName = "NAMES",
            AllowMultipleArgumentsPerToken = true,
        };
        var parameters = NumberOption.Whole("--parameters", "The number of parameters each model gets.", ComparisonPlan.UsualParameters);
        var seeds = NumberOption.Whole(
            "--seeds", "How many times to train each model, each with its own seed; reports mean and standard error.", 1);
        var output = new Option<string>("--out", "-o")
        {
            Description = "The folder to write to; it is made if it does not exist.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => Path.Combine("out", "compare"),
        };
        var command = new DetailedCommand("compare", Summary, Details) { models, parameters, seeds, output };
        run.AddTo(command);
        command.SetAction(line =>
        {
            var names = line.GetValue(models) ?? [];
            var plan = new ComparisonPlan(
                Data: line.GetValue(run.Data)!,
                Models: ComparisonPlan.Choose(names),
                ModelsNamed: names.Length > 0,
                Parameters: line.GetValue(parameters)!.Value,
                Seeds: line.GetValue(seeds)!.Value,
                Threads: line.GetValue(run.Threads)!.Value,
                Training: run.Read(line),
                LearningRate: line.GetValue(run.LearningRate));
            return Run(terminal, plan, line.GetValue(output)!, cancellation);
        });
        return command;
    }

    private static int Run(Terminal terminal, ComparisonPlan plan, string folder, CancellationToken cancellation)
    {
        var output = OutputFolder.Open(folder);
        torch.set_num_threads(plan.Threads);
        using var data = Datasets.Open(plan.Data, plan.Training.Seed);
        terminal.Line($"{data}");
        using var comparison = new Comparison(plan, data, terminal);
        var outcome = comparison.Run(cancellation);
        ComparisonTable.Print(terminal, outcome);
        new ComparisonFiles(output).Write(terminal, outcome);
        return outcome.Interrupted
            ? terminal.Fail(ExitCode.Interrupted, "interrupted; what had been trained is written.")
            : ExitCode.Success;
    }
}
