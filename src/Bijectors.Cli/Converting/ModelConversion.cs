using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>Saved models, and runs, into saved models.</summary>
internal static class ModelConversion
{
    private const string Extension = ".safetensors";
    private const string CheckpointFormat = "bijectors checkpoint";
    private const int Samples = 64;

    /// <summary>Writes a model in another dtype, or the best weights of a run so far.</summary>
    /// <param name="source">A saved model, or the folder of a run.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="dtype">The dtype; null to leave it.</param>
    /// <exception cref="UserException">There is no model, or the ending of the file is another one.</exception>
    public static ConvertResult Convert(string source, string path, ScalarType? dtype)
    {
        if (!Path.GetExtension(path).Equals(Extension, StringComparison.OrdinalIgnoreCase))
        {
            throw new UserException(
                $"{path}: expected a file ending in {Extension} for a model, got '{Path.GetExtension(path)}'.");
        }

        if (Directory.Exists(source) && new RunFolder(source) is { Exists: true } run && !IsFinished(run))
        {
            return OfCheckpoint(run, path, dtype);
        }

        CheckIsModel(source);
        using var saved = ModelFile.Load(source);
        return Write(saved, path, dtype);
    }

    private static bool IsFinished(RunFolder run) =>
        File.Exists(run.Model) && (string?)run.ReadResults()?["status"] == TrainResult.Finished;

    private static ConvertResult OfCheckpoint(RunFolder folder, string path, ScalarType? dtype)
    {
        var plan = folder.ReadPlan();
        using var held = folder.Take();
        using var data = Datasets.Open(plan.Data, plan.Seed);
        using var run = new TrainRun(plan, data, RunSession.PlaceOf(folder, null, resume: true));
        return Write(run.BestOfCheckpoint(), path, dtype);
    }

    private static ConvertResult Write(SavedModel saved, string path, ScalarType? dtype)
    {
        double? change = null;
        if (dtype is { } wanted && wanted != saved.Flow.Dtype)
        {
            using var scope = NewDisposeScope();
            using var noise = new Generator(0);
            var (samples, given) = Draw(saved.Flow);

            // Behind steps that draw noise, which would be other noise in the other dtype.
            var (flow, points, contexts) = saved.Flow.BehindFirstSteps(samples, given, noise);
            var before = LogProb(flow, points, contexts);
            saved.Flow.to(wanted);
            change = (LogProb(flow, points, contexts) - before).abs().max().item<double>();
        }

        saved.Save(path);
        return new(path, saved.Flow.EventShape.ToArray(), saved.Flow.Dtype) { LogProbChange = change };
    }

    private static (Tensor Points, Tensor? Contexts) Draw(Flow flow)
    {
        using var ungraded = no_grad();
        using var generator = new Generator(0);
        flow.eval();
        var contexts = flow.ContextShape is { } shape
            ? randn([Samples, .. shape.ToArray()], flow.Dtype, generator: generator) : null;
        return (flow.Sample(Samples, contexts, generator), contexts);
    }

    private static Tensor LogProb(Flow flow, Tensor points, Tensor? contexts)
    {
        using var ungraded = no_grad();
        using var generator = new Generator(0);
        var (x, c) = (points.to(flow.Dtype), contexts?.to(flow.Dtype));
        return (flow.HasExactLogProb ? flow.LogProb(x, c) : flow.LowerBound(x, c, 1, generator))
            .to(ScalarType.Float64);
    }

    private static void CheckIsModel(string source)
    {
        if (!File.Exists(source))
        {
            return;
        }

        using var scope = NewDisposeScope();
        if (SafeTensors.Read(source).Metadata.GetValueOrDefault("format") == CheckpointFormat)
        {
            throw new UserException(
                $"{source}: expected a saved model or the folder of a run, got a checkpoint alone, which does not say "
                + "what flow it is of; name the folder of the run, or resume the training that wrote it.");
        }
    }
}
