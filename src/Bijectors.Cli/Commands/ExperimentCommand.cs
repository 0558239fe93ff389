using System.CommandLine;
using Bijectors.Data;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary><c>bijectors experiment</c>.</summary>
internal static class ExperimentCommand
{
    private const string MixerFlow = "mixerflow";
    private const string Sweep = "sweep";
    private const string Summary =
        "Repeats an experiment of the documentation: rows of models, learning rates by validation, several seeds.";

    private const string Details =
        """
        Experiments:
          mixerflow   MixerFlow beside Glow, RealNVP, MAF, NSF and TarFlow: as this library recommends them (models), as
                      their papers have them (paper), with the pixels in one random order (permuted), and with single
                      options of MixerFlow changed (ablations). See docs/mixerflow.md.
          sweep       One model (--model) with all combinations of some of its options (--vary, once for each).

        Each row has the width that gives it the parameters asked for, and is trained with each learning rate and the
        first seed; the other seeds take the rate of the best validation. Rows of ablations take the rate of
        MixerFlow. Test items choose nothing.

        The folder receives experiment.md, experiment.csv and a file for each training, trials/*.json. What is there is
        not trained again: an experiment that was stopped, or whose seeds are raised, resumes.

        Under "mpirun -np N" the trainings are shared out over N processes, and the first one writes the report.

        Examples:
          bijectors experiment mixerflow
          bijectors experiment mixerflow --sections models,ablations --seeds 1 --steps 200
          bijectors experiment mixerflow --data fashion-mnist --parameters 250000 --seconds 1800 --threads 2
          mpirun -np 4 bijectors experiment sweep --model nsf --vary layers=2,4 --vary bins=8,16 --steps 500
        """;

    public static Command Build(Terminal terminal, SharedCommand shared, CancellationToken cancellation)
    {
        var name = new Argument<string>("experiment") { Description = $"Which experiment: {MixerFlow}, {Sweep}." };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value is not (MixerFlow or Sweep))
            {
                result.AddError($"expected {MixerFlow} or {Sweep}, got '{token.Value}'");
            }
        });
        var run = new RunOptions(ComparisonPlan.UsualEpochs);
        var sections = new Option<string>("--sections")
        {
            Description = $"Which tables, separated by commas: {string.Join(", ", MixerFlowExperiment.Sections)}.",
            HelpName = "NAMES",
            DefaultValueFactory = _ => string.Join(',', MixerFlowExperiment.Sections),
        };
        sections.Validators.Add(result =>
        {
            var unknown = Names(result.Tokens.Select(token => token.Value))
                .FirstOrDefault(section => !MixerFlowExperiment.Sections.Contains(section));
            if (unknown is not null)
            {
                result.AddError(
                    $"--sections: expected some of {string.Join(", ", MixerFlowExperiment.Sections)}, got '{unknown}'");
            }
        });
        var parameters = NumberOption.Whole(
            "--parameters", "The number of parameters of each row.", ComparisonPlan.UsualParameters);
        var seeds = NumberOption.Whole("--seeds", "How many times each row is trained.", 3);
        var output = new Option<string>("--out", "-o")
        {
            Description = "The folder to write to; it is made if it does not exist.",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => Path.Combine("out", "experiment"),
        };
        var model = new Option<string?>("--model", "-m")
        {
            Description = "Of a sweep, which model.",
            HelpName = "NAME",
        };
        model.CompletionSources.Add([.. Zoo.Models.Names]);
        var vary = new Option<string[]>("--vary")
        {
            Description = "Of a sweep, an option of the model and its values. May be given several times.",
            HelpName = "NAME=VALUE,...",
        };
        var command = new DetailedCommand("experiment", Summary, Details) { IsShared = true };
        command.Add(name);
        foreach (var option in (ReadOnlySpan<Option>)[sections, model, vary, parameters, seeds, output])
        {
            command.Add(option);
        }

        run.AddTo(command);
        command.Validators.Add(result =>
        {
            var (isSweep, named) = (result.GetResult(name)?.Tokens is [{ Value: Sweep }], result.IsGiven(model));
            string[] varied = [.. result.GetResult(vary)?.Tokens.Select(token => token.Value) ?? []];
            if (isSweep ? !named || varied.Length == 0 : named || varied.Length > 0)
            {
                result.AddError("expected --model and --vary for a sweep, and for no other experiment");
            }
            else if (isSweep && result.IsGiven(sections))
            {
                result.AddError("--sections: expected an experiment with several tables, got a sweep");
            }
            else if (varied.FirstOrDefault(text => !SweepExperiment.IsOne(text)) is { } wrong)
            {
                result.AddError($"--vary: expected NAME=VALUE,VALUE, got '{wrong}'");
            }
        });
        command.Gives(terminal, line =>
        {
            torch.set_num_threads(line.GetValue(run.Threads)!.Value);
            var rate = line.GetValue(run.LearningRate);
            var plan = new ExperimentPlan(
                line.GetValue(name) == Sweep
                    ? [.. SweepExperiment.Rows(Zoo.Models.Named(line.GetValue(model)!), line.GetValue(vary)!)]
                    : [.. Names([line.GetValue(sections)!]).SelectMany(MixerFlowExperiment.Rows)],
                line.GetValue(run.Data)!,
                line.GetValue(parameters)!.Value,
                line.GetValue(seeds)!.Value,
                run.Read(line),
                rate is { } given ? [given] : MixerFlowExperiment.Rates);
            return Run(terminal, shared, plan, line.GetValue(output)!, cancellation);
        });
        return command;
    }

    private static ExperimentResult Run(
        Terminal terminal, SharedCommand shared, ExperimentPlan plan, string path, CancellationToken cancellation)
    {
        var folder = OutputFolder.Open(path);
        using var data = Datasets.Open(plan.Data, plan.Training.Seed);
        if (data.Test.size(0) == 0 || data.Validation.size(0) == 0)
        {
            throw new UserException($"{plan.Data}: expected validation and test items, got none of one of them.");
        }

        // A word that is no option of the model ends it here, and leaves no row out.
        var shape = Shape.Of(data.ItemShape);
        foreach (var row in plan.Rows.Where(row => row.Section == SweepExperiment.Section))
        {
            row.OptionsFor(shape);
        }

        var baseline = Baseline.Of(data, data.Validation, data.Test);
        var probe = LinearProbe.Accuracy(null, data);
        IReadOnlyList<RowOutcome> rows = [];
        shared.Begin();
        new ExperimentRun(plan, new TrialStore(path), terminal, shared.Ranks).All(data, Report, cancellation);
        return new ExperimentResult(folder.PathOf("experiment.md"), rows);

        void Report(IReadOnlyList<RowOutcome> outcomes)
        {
            rows = [.. outcomes];
            if (!shared.Writes)
            {
                return;
            }

            folder.Write(
                "experiment.md",
                ExperimentReport.Markdown(plan, outcomes, baseline.Bits(baseline.TestNllNats), probe));
            folder.Write("experiment.csv", ExperimentReport.Csv(outcomes));
        }
    }

    private static IEnumerable<string> Names(IEnumerable<string> texts) => texts.SelectMany(
        text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct();
}
