using System.CommandLine;
using Bijectors.Data;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary><c>bijectors experiment</c>.</summary>
internal static class ExperimentCommand
{
    private const string MixerFlow = "mixerflow";
    private const string Summary =
        "Repeats an experiment of the documentation: rows of models, learning rates by validation, several seeds.";

    private const string Details =
        """
        Experiments:
          mixerflow   MixerFlow beside Glow, RealNVP, MAF, NSF and TarFlow: as this library recommends them (models), as
                      their papers have them (paper), with the pixels in one random order (permuted), and with single
                      options of MixerFlow changed (ablations). See docs/mixerflow.md.

        Each row has the width that gives it the parameters asked for, and is trained with each learning rate and the
        first seed; the other seeds take the rate of the best validation. Rows of ablations take the rate of
        MixerFlow. Test items choose nothing.

        The folder receives experiment.md, experiment.csv and a file for each training, trials/*.json. What is there is
        not trained again: an experiment that was stopped, or whose seeds are raised, resumes.

        Examples:
          bijectors experiment mixerflow
          bijectors experiment mixerflow --sections models,ablations --seeds 1 --steps 200
          bijectors experiment mixerflow --data fashion-mnist --parameters 250000 --seconds 1800 --threads 2
        """;

    public static Command Build(Terminal terminal, CancellationToken cancellation)
    {
        var name = new Argument<string>("experiment") { Description = $"Which experiment: {MixerFlow}." };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value != MixerFlow)
            {
                result.AddError($"expected {MixerFlow}, got '{token.Value}'");
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
        var command = new DetailedCommand("experiment", Summary, Details)
        {
            name, sections, parameters, seeds, output,
        };
        run.AddTo(command);
        command.Gives(terminal, line =>
        {
            torch.set_num_threads(line.GetValue(run.Threads)!.Value);
            var rate = line.GetValue(run.LearningRate);
            var plan = new ExperimentPlan(
                [.. Names([line.GetValue(sections)!]).SelectMany(MixerFlowExperiment.Rows)],
                line.GetValue(run.Data)!,
                line.GetValue(parameters)!.Value,
                line.GetValue(seeds)!.Value,
                run.Read(line),
                rate is { } given ? [given] : MixerFlowExperiment.Rates);
            return Run(terminal, plan, line.GetValue(output)!, cancellation);
        });
        return command;
    }

    private static ExperimentResult Run(
        Terminal terminal, ExperimentPlan plan, string path, CancellationToken cancellation)
    {
        var folder = OutputFolder.Open(path);
        using var data = Datasets.Open(plan.Data, plan.Training.Seed);
        if (data.Test.size(0) == 0 || data.Validation.size(0) == 0)
        {
            throw new UserException($"{plan.Data}: expected validation and test items, got none of one of them.");
        }

        var baseline = Baseline.Of(data.Train, data.Validation, data.Test, data.Levels);
        var probe = LinearProbe.Accuracy(null, data);
        IReadOnlyList<RowOutcome> rows = [];
        new ExperimentRun(plan, new TrialStore(path), terminal).All(data, Report, cancellation);
        return new ExperimentResult(folder.PathOf("experiment.md"), rows);

        void Report(IReadOnlyList<RowOutcome> outcomes)
        {
            rows = [.. outcomes];
            folder.Write(
                "experiment.md",
                ExperimentReport.Markdown(plan, outcomes, baseline.Bits(baseline.TestNllNats), probe));
            folder.Write("experiment.csv", ExperimentReport.Csv(outcomes));
        }
    }

    private static IEnumerable<string> Names(IEnumerable<string> texts) => texts.SelectMany(
        text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct();
}
