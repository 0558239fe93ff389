using System.CommandLine;
using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary><c>bijectors compare</c>.</summary>
internal static class CompareCommand
{
    private const string Summary =
        "Trains several flows on the same data at the same budget and reports which fits best.";

    private const string Details =
        """
        Each model gets the width at which it has the number of parameters asked for, or comes nearest, and the same
        number of epochs or steps, or with --seconds the same wall time. Without any of them: 60 epochs, and where the
        training set holds more than 200,000 numbers also no more than 100 seconds for each model. The table shows test
        likelihood in bits per dimension (lower is better) beside a baseline of independent pixels, by how much each
        model lies above the lowest with the standard error of that difference, how exactly each model inverts itself,
        and its speed. The output folder receives results.json, report.html (one file, nothing else needed to read it)
        and sample grids as PNG.

        Ctrl-C stops the training; what is trained until then is measured and written.

        Examples:
          bijectors compare
          bijectors compare --models mixerflow,glow --seconds 60 --seeds 3
          bijectors compare --data fashion-mnist --steps 100 --set mixerflow.patch=7 --set glow.levels=1
          bijectors compare --data fashion-mnist --permute 1 --out out/permuted
          bijectors compare --data csv:measurements.csv --epochs 100 --out out/measurements
        """;

    public static Command Build(Terminal terminal, CancellationToken cancellation)
    {
        var run = new RunOptions(ComparisonPlan.UsualEpochs);
        var tuning = new TuningOptions();
        var models = new Option<string[]>("--models", "-m")
        {
            Description = $"Which models, separated by commas: {string.Join(", ", Models.Names)}. "
                + "Without it: all that fit the data.",
            HelpName = "NAMES",
            AllowMultipleArgumentsPerToken = true,
        };
        models.CompletionSources.Add([.. Models.Names]);
        var parameters = NumberOption.Whole(
            "--parameters", "The number of parameters each model gets.", ComparisonPlan.UsualParameters);
        var settings = new Option<string[]>("--set", "-s")
        {
            Description =
                "Changes an option of a model, as in --set mixerflow.patch=4; \"bijectors describe NAME\" lists them. "
                    + "May be given several times.",
            HelpName = "MODEL.OPTION=VALUE",
        };
        settings.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => !ModelSettings.IsOne(token.Value)) is { } token)
            {
                result.AddError($"--set: expected MODEL.OPTION=VALUE, got '{token.Value}'");
            }
        });
        var seeds = NumberOption.Whole(
            "--seeds",
            "How many times to train each model, each with its own seed; reports mean and standard error.", 1);
        var testItems = NumberOption.Whole(
            "--test-items",
            "The most test items to measure on, and the most validation items to look at while training, "
                + "drawn with the seed. Without it "
                + $"{ComparisonPlan.ManyItems}, or {ComparisonPlan.FewItems} where an item has more than "
                + $"{ComparisonPlan.LargeItem} entries.");
        var evaluationSeconds = NumberOption.Real(
            "--evaluation-seconds",
            "For how long each trained model scores test items; all are reported on those "
            + "that every model had time for.",
            ComparisonPlan.UsualEvaluationSeconds);
        var permute = NumberOption.Whole(
            "--permute", "Puts the pixels of all items into one random order, drawn from this seed.", least: 0);
        var save = new Option<bool>("--save")
        {
            Description = "Saves the first trained model of each kind too, as model-NAME.safetensors in the folder.",
        };
        var output = new Option<string>("--out", "-o")
        {
            Description = "The folder to write to; it is made if it does not exist.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => Path.Combine("out", "compare"),
        };
        var command = new DetailedCommand("compare", Summary, Details) { models, parameters, settings, seeds, testItems,
            evaluationSeconds, permute, save, output };
        command.Validators.Add(line =>
        {
            if (line.IsGiven(save) && line.IsGiven(permute))
            {
                line.AddError(
                    "--save: expected pixels in their own order, got --permute, which no saved model knows of");
            }
        });
        run.AddTo(command);
        tuning.AddTo(command);
        command.Gives(terminal, line =>
        {
            var names = line.GetValue(models) ?? [];
            var training = tuning.Change(line, run.Read(line));
            var plan = new ComparisonPlan(
                Data: line.GetValue(run.Data)!,
                Models: ComparisonPlan.Choose(names),
                ModelsNamed: names.Length > 0,
                Settings: ModelSettings.Parse(line.GetValue(settings) ?? []),
                Parameters: line.GetValue(parameters)!.Value,
                Seeds: line.GetValue(seeds)!.Value,
                Threads: line.GetValue(run.Threads)!.Value,
                Training: training,
                LimitIsGiven: run.LimitIsGiven(line),
                LearningRate: line.GetValue(run.LearningRate) ?? tuning.Preset(line)?.LearningRate,
                TestItems: line.GetValue(testItems),
                EvaluationSeconds: line.GetValue(evaluationSeconds)!.Value,
                Layers: line.GetValue(run.Layers)!.Value,
                Permute: line.GetValue(permute))
            {
                SaveTo = line.GetValue(save) ? line.GetValue(output) : null,
                Preset = tuning.Preset(line),
                SetByPreset = tuning.SetByPreset(line, line.GetValue(run.LearningRate) is not null),
                Updates = TuningOptions.Spell(tuning.Course(line), training),
            };
            return Run(terminal, plan, line.GetValue(output)!, cancellation);
        });
        return command;
    }

    private static CompareResult Run(
        Terminal terminal, ComparisonPlan plan, string folder, CancellationToken cancellation)
    {
        OutputFolder.Open(folder);
        torch.set_num_threads(plan.Threads);
        using var opened = Datasets.Open(plan.Data, plan.Training.Seed);
        PresetOption.Check(plan.Preset, Shape.Of(opened.ItemShape));
        using var order = plan.Permute is { } seed ? new PixelPermutation(opened.ItemShape, seed) : null;
        using var permuted = order?.Apply(opened);
        terminal.Note($"{opened}");
        using var comparison = new Comparison(plan, permuted ?? opened, order, terminal);
        var outcome = comparison.Run(cancellation);
        try
        {
            ComparisonFiles.Write(folder, outcome);
            return new CompareResult(outcome, folder);
        }
        catch (UserException exception)
        {
            return new CompareResult(outcome, folder) { NotWritten = exception.Message };
        }
    }
}
