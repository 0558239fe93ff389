using System.CommandLine;
using Bijectors.Data;

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
        message says where. With --run all of the run goes to a folder, and is saved there on the way: killed or stopped
        at any moment, "bijectors resume FOLDER" continues it, and it ends with the same weights, bit for bit.
        --checkpoint does the same with a single file, from which --resume continues.

        Under "mpirun -np N" the N processes train one model together: --batch stays the batch of an update, of which
        each computes its share, and the losses are those of one process. The first one writes and reports.

        Examples:
          bijectors train --model glow --epochs 100 --out glow.safetensors
          bijectors train --model maf --data moons --set layers=5 --patience 10 --out moons.safetensors
          bijectors train --model glow --epochs 500 --run runs/glow
          bijectors train --model glow --epochs 500 --checkpoint glow.run --checkpoint-every 30s --resume
          mpirun -np 4 bijectors train --model glow --epochs 500 --batch 512 --run runs/glow
        """;

    private const int UsualEpochs = 50;

    public static Command Build(Terminal terminal, SharedCommand shared, CancellationToken cancellation)
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
        var command = new DetailedCommand("train", Summary, Details) { IsShared = true };
        command.Add(output);
        model.AddTo(command);
        run.AddTo(command);
        tuning.AddTo(command);
        tuning.AddSingleTo(command);
        checkpoint.AddTo(command);
        command.Validators.Add(result =>
        {
            if (checkpoint.Names(result) && result.IsGiven(output))
            {
                result.AddError("expected --run or --out, got both; the folder of a run holds its model");
            }
        });
        command.Gives(terminal, line =>
        {
            var folder = checkpoint.Run(line);
            var path = folder?.Model ?? line.GetValue(output)!;
            if (shared.Writes)
            {
                folder?.CheckNew();
                path = folder?.Model ?? OutputFolder.CheckFile(path);
            }

            var seed = line.GetValue(run.Seed)!.Value;
            using var data = Datasets.Open(line.GetValue(run.Data)!, seed);
            var plan = Plan(line, data);
            var told = tuning.SetByPreset(line, line.GetValue(run.LearningRate) is not null);
            if (folder is not null)
            {
                plan = plan with { Data = Datasets.Rooted(plan.Data, Environment.CurrentDirectory) };
                return RunSession.Begin(
                    terminal, shared, folder, plan, data, checkpoint.Every(line), told, cancellation);
            }

            using var training = new TrainRun(plan, data, new(path, checkpoint.Read(line)), shared);
            var journal = new RunJournal(terminal);
            if (told is not null)
            {
                journal.Note(told);
            }

            return training.Go(TrainingDisplay.On(terminal), journal, cancellation);
        });
        return command;

        TrainPlan Plan(ParseResult line, Dataset data)
        {
            var kind = model.Model(line);
            var shape = Shape.Of(data.ItemShape);
            PresetOption.Check(tuning.Preset(line), shape);
            var options = model.Options(line, kind, shape, data.Levels);
            var training = tuning.ChangeSingle(line, run.Read(line));
            var course = tuning.Course(line);
            return new TrainPlan
            {
                Model = kind.Name,
                Set = kind.ToJson(options),
                Data = line.GetValue(run.Data)!,
                Epochs = training.Epochs,
                Steps = training.Steps,
                Seconds = training.Seconds,
                Batch = training.BatchSize,
                LearningRate = line.GetValue(run.LearningRate) ?? tuning.Preset(line)?.LearningRate
                    ?? kind.LearningRateFor(shape, options),
                Schedule = course.Name,
                Warmup = course.Warmup,
                Power = course.Power,
                Optimizer = training.Optimizer,
                WeightDecay = training.WeightDecay,
                Clip = training.ClipNorm ?? 0,
                Ema = training.EmaDecay,
                Noise = tuning.Noise(line),
                ContextDropout = training.ContextDropout,
                Patience = training.Patience,
                Draws = training.ValidationDraws,
                Seed = training.Seed,
                Layers = line.GetValue(run.Layers)!.Value,
                Threads = line.GetValue(run.Threads)!.Value,
            };
        }
    }
}
