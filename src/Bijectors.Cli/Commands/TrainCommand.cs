using System.CommandLine;
using Bijectors.Data;
using Bijectors.Testing;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary><c>bijectors train</c>.</summary>
internal static class TrainCommand
{
    private const string Summary = "Trains one flow and saves it as a .safetensors file.";

    private const string Details =
        """
        The weights of the epoch with the best validation likelihood are kept. The file holds all that "sample",
        "describe" and "check" need. Ctrl-C stops the training; what is trained until then is saved, but nothing is
        written before the first step. Where the file cannot be written in the end, the model is kept elsewhere and the
        message says where. With --checkpoint the run itself is saved on the way: killed or stopped at any moment, it
        resumes with --resume and ends with the same weights, bit for bit.

        Examples:
          bijectors train --model glow --epochs 100 --out glow.safetensors
          bijectors train --model maf --data moons --set layers=5 --patience 10 --out moons.safetensors
          bijectors train --model glow --epochs 500 --checkpoint glow.run --checkpoint-every 30s --resume
        """;

    private const int UsualEpochs = 50;

    public static Command Build(Terminal terminal, CancellationToken cancellation)
    {
        var run = new RunOptions(UsualEpochs);
        var model = new ModelOptions();
        var tuning = new TuningOptions();
        var checkpoint = new CheckpointOptions();
        var output = new Option<string>("--out", "-o")
        {
            Description = "The file to save the model to.",
            HelpName = "FILE",
            DefaultValueFactory = _ => "model.safetensors",
        };
        var command = new DetailedCommand("train", Summary, Details) { output };
        model.AddTo(command);
        run.AddTo(command);
        tuning.AddTo(command);
        tuning.AddSingleTo(command);
        checkpoint.AddTo(command);
        command.SetAction(line =>
        {
            var path = OutputFolder.CheckFile(line.GetValue(output)!);
            var kind = model.Model(line);
            set_num_threads(line.GetValue(run.Threads)!.Value);
            var training = tuning.ChangeSingle(line, run.Read(line));
            using var data = Datasets.Open(line.GetValue(run.Data)!, training.Seed);
            var shape = Shape.Of(data.ItemShape);
            var options = model.Options(line, kind, shape, data.Levels);
            training = training with
            {
                Noise = tuning.Noise(line, data.Levels),
                LearningRate = line.GetValue(run.LearningRate) ?? kind.LearningRateFor(shape, options),
                Checkpoints = checkpoint.Read(
                    line, [("model", kind.Name), ("options of the model", kind.ToJson(options).ToJsonString())]),
            };
            var flow = kind.Create(shape, options, data.Levels, training.Seed, ModelContext.Of(data));
            using var saved = new SavedModel(
                kind,
                options,
                training.ContextDropout > 0 ? ModelContext.Optional(flow) : flow,
                line.GetValue(run.Data)!,
                training.Seed)
            {
                Columns = data.Columns,
                ContextColumns = data.Context?.Columns,
                Noise = training.Noise,
            };
            return Train(terminal, saved, data, training, line.GetValue(run.Layers)!.Value, path, cancellation);
        });
        return command;
    }

    private static int Train(
        Terminal terminal, SavedModel saved, Dataset data, TrainingOptions training, int snapshots, string path,
        CancellationToken cancellation)
    {
        var flow = saved.Flow;
        terminal.Line($"{data}");
        foreach (var warning in data.Warnings)
        {
            terminal.Line($"Warning: {warning}");
        }

        terminal.Line($"{saved.Title}: {Numbers.Count(flow.ParameterCount)} parameters");
        if (training.Checkpoints is { Resume: true, File: var file })
        {
            terminal.Line(File.Exists(file) ? $"Goes on from {file}" : $"No checkpoint at {file} yet: the run begins.");
        }

        var items = new TrainingData(data.Train, data.Validation, data.Context?.Train, data.Context?.Validation);
        using var watch = LayerWatch.On(flow, snapshots, items, training);
        var result = TrainingDisplay.On(terminal)
            .Show(saved.Title, progress => Fit(saved, items, training, watch, path, progress, cancellation));
        if (result.Steps == 0)
        {
            // An untrained flow is not worth the file that may be there.
            throw new OperationCanceledException(cancellation);
        }

        Refuge.Write(path, saved.Save);
        WriteLayers(terminal, watch, path);

        var effort = $"{Numbers.Seconds(result.Seconds)}, {Numbers.Count(result.Steps)} steps";
        terminal.Line($"{Reason(result)}; best epoch {result.BestEpoch} of {result.History.Count}, {effort}.");
        if (result.ValidationItemsLeftOut is { Count: > 0 } leftOut)
        {
            terminal.Line(
                $"{Numbers.Count(leftOut.Count)} of {Numbers.Count(data.Validation.size(0))} "
                + "validation items have no finite "
                + $"log-density, the first at place {Numbers.Count(leftOut[0])}; "
                + "the best epoch is chosen by the others.");
        }

        if (data.Test.shape[0] > 0)
        {
            var test = Evaluation.Likelihood(flow, data.Test, data.Context?.Test, draws: 5, noise: training.Noise);
            var bits = Numbers.Measure(test.BitsPerDimension, test.StandardError);
            var how = flow.HasEstimatedLogProb ? ", of log-densities that are estimated" : "";
            how += training.Noise > 0 ? $", of items with noise of deviation {Numbers.Plain(training.Noise)}" : "";
            terminal.Line($"Test: {bits} bits/dim, {Numbers.Measure(test.Nats, null)} nats per item{how}.");
        }

        terminal.Line($"Saved: {path}");
        var further = training.Checkpoints is null ? "" : ", and --resume continues it";
        return result.StopReason == StopReason.Cancelled
            ? terminal.Fail(ExitCode.Interrupted, $"interrupted; what had been trained is saved{further}.")
            : ExitCode.Success;
    }

    /// <summary>
    /// Trains; where a loss is not finite or a checkpoint cannot be written, what was best before is kept beside the
    /// file, which stays.
    /// </summary>
    private static TrainingResult Fit(
        SavedModel saved,
        TrainingData items,
        TrainingOptions training,
        LayerWatch? watch,
        string path,
        IProgress<TrainingProgress> progress,
        CancellationToken cancellation)
    {
        var steps = 0L;
        var noise = saved.Flow.Transform.LogDetNoise
            .Select((generator, i) => ($"estimates{i}", Checkpoint.Part(generator)));
        var counting = TrainingCallback.From(now => steps = now.Step);
        try
        {
            training = training with
            {
                Callbacks = [counting],
                Checkpoints = training.Checkpoints is { } checkpoints ? checkpoints with { Parts = [.. noise] } : null,
            };
            training = watch?.Added(training) ?? training;
            return Trainer.Train(saved.Flow, items, training, progress, cancellation);
        }
        catch (Exception exception)
            when (exception is NonFiniteLossException { Step: > 1 } || (exception is CheckpointException && steps > 0))
        {
            var kept = Path.ChangeExtension(path, $".before-failure{Path.GetExtension(path)}");
            saved.Save(kept);
            throw new UserException(
                $"{exception.Message.TrimEnd('.')}; the best weights before that are kept as '{kept}'.", exception);
        }
    }

    /// <summary>What was seen of the layers, as a table beside the model, and what went wrong in them as
    /// sentences.</summary>
    private static void WriteLayers(Terminal terminal, LayerWatch? watch, string path)
    {
        if (watch is not { Snapshots: { Count: > 0 } snapshots })
        {
            return;
        }

        var table = Path.ChangeExtension(path, ".layers.csv");
        OutputFolder.Open(Path.GetDirectoryName(table)!).Write(Path.GetFileName(table), LayerHistory.ToCsv(snapshots));
        foreach (var finding in LayerHistory.Findings(snapshots))
        {
            terminal.Line($"Warning: {finding}.");
        }
    }

    private static string Reason(TrainingResult result) => result.StopReason switch
    {
        StopReason.EarlyStop => "Stopped early, validation got no better",
        StopReason.Cancelled => "Stopped on request",
        _ => "Done",
    };
}
