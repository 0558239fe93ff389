using System.Globalization;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks.Variational;

/// <summary>How near flows come to densities whose constant is known, under several options of training.</summary>
internal static class Divergences
{
    private const int Points = 20_000;
    private const ulong PointSeed = 777;

    private static readonly string[] Models = ["nsf", "iaf"];

    /// <summary>Prints the divergence and the validation of each seed, for each row, density and model.</summary>
    /// <param name="steps">The number of updates.</param>
    /// <param name="seeds">How many times each flow is trained.</param>
    /// <param name="rows">Options as <c>RATE,SCHEDULE,EMA,CLIP</c>; without any the defaults, a rate that suits both
    /// models on data, and the preset.</param>
    public static void Run(int steps, int seeds, IReadOnlyList<string> rows)
    {
        set_num_threads(1);
        (string Name, TrainingOptions Options)[] trials = rows.Count > 0
            ? [.. rows.Select(row => (row, Read(row)))]
            :
            [
                ("defaults", new()), ("rate 0.005", new() { LearningRate = 0.005 }),
                ("preset vi", TrainingPreset.VariationalInference.Apply(new())),
            ];
        foreach (var (name, options) in trials)
        {
            foreach (var target in Targets.All)
            {
                foreach (var model in Models)
                {
                    var runs = Enumerable.Range(0, seeds)
                        .Select(seed => Train(model, target.Dimensions, target.LogDensity, options with
                        {
                            Steps = steps,
                            Seed = seed,
                        }))
                        .ToList();
                    var mean = runs.Average(run => run.Divergence);
                    var squares = runs.Sum(run => (run.Divergence - mean) * (run.Divergence - mean));
                    var error = Math.Sqrt(squares / Math.Max(1, seeds - 1) / seeds);
                    var validation = string.Join(" ", runs.Select(run => Text(run.Validation)));
                    Console.WriteLine(
                        $"{name,-24} {target.Name} {model}: KL {Text(mean)} +- {Text(error)}, validation {validation}");
                }
            }
        }
    }

    private static (double Validation, double Divergence) Train(
        string model, int dimensions, Func<Tensor, Tensor> logDensity, TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        using var flow = Zoo.Models.Named(model).Create(Shape.Vector(dimensions), seed: options.Seed);
        var result = Trainer.Train(
            new ReverseKl(flow, logDensity), BatchSource.Empty(batchesPerEpoch: 100), options);
        using var ungraded = no_grad();
        using var generator = new Generator(PointSeed);
        var (x, logQ) = flow.SampleWithLogProb(Points, generator: generator);
        return (result.History.Min(record => record.ValidationLoss!.Value), (logQ - logDensity(x)).mean().ToDouble());
    }

    private static TrainingOptions Read(string row)
    {
        var parts = row.Split(',');
        double Number(int i) => double.Parse(parts[i], CultureInfo.InvariantCulture);
        const int warmup = 50;
        return new()
        {
            LearningRate = Number(0),
            Schedule = parts[1] switch
            {
                "constant" => Schedule.Constant(warmup),
                "polynomial" => Schedule.Polynomial(warmup),
                "one-cycle" => Schedule.OneCycle(),
                _ => Schedule.Cosine(warmup),
            },
            EmaDecay = Number(2),
            ClipNorm = Number(3),
        };
    }

    private static string Text(double number) => number.ToString("f4", CultureInfo.InvariantCulture);
}
