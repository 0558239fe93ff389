// From a table to a model in use: Guide train TABLE.csv, then Guide score TABLE.csv or Guide sample COUNT.
using System.Globalization;
using Bijectors;
using Bijectors.Data;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

SavedPieces.Register<Tails>("guide.tails");     // before saving and before loading: files name classes, not code
switch (args)
{
    case ["train", var table]: Train(table); break;
    case ["score", var table]: Score(table); break;
    case ["sample", var count]: Sample(long.Parse(count, CultureInfo.InvariantCulture)); break;
    default: Console.Error.WriteLine("Guide train TABLE.csv | score TABLE.csv | sample COUNT"); return 2;
}

return 0;

static void Train(string table)
{
    using var data = Datasets.Open("csv:" + table);             // shuffled, and split into three parts
    using var flow = Flow.On(Shape.Of(data.ItemShape))
        .Standardize(data.Train)                                // fitted to the data, saved with the flow
        .Then(new Tails())                                      // a layer of one's own
        .Repeat(4, layer => layer
            .Coupling(new RationalQuadraticSpline(bins: 8, bound: 5), hidden: 64)
            .Linear())
        .Into(Distribution.StandardNormal);

    var result = Trainer.Train(
        flow, new TrainingData(data.Train, data.Validation),
        new TrainingOptions { Epochs = 30, LearningRate = 3e-3, Patience = 5 },
        TrainingProgress.Lines());

    using var quiet = no_grad();                                // densities alone: no gradients are kept
    using var logProb = flow.LogProb(data.Test);                // (N), nats
    using var mean = logProb.mean();
    Console.WriteLine($"best epoch {result.BestEpoch}; test log-density {mean.item<float>():f3} nats");
    flow.Save("model.safetensors");
}

static void Score(string table)
{
    using var quiet = no_grad();
    using var trained = Flow.Load("model.safetensors");
    using var flow = trained.Frozen();                          // constants, layers merged: faster
    using var data = Datasets.Open("csv:" + table);
    using var logProb = flow.LogProb(data.Test);
    using var least = logProb.min();
    Console.WriteLine($"the most unusual of {data.Test.shape[0]} rows has {least.item<float>():f3} nats");
}

static void Sample(long count)
{
    using var quiet = no_grad();
    using var flow = Flow.Load("model.safetensors");
    using var generator = new Generator(1);                     // a seed gives the same samples
    using var samples = flow.Sample(count, generator: generator);
    for (long row = 0; row < count; row++)
    {
        using var values = samples[row];
        Console.WriteLine(string.Join(", ", values.data<float>().Select(value => $"{value:f3}")));
    }
}

/// <summary><c>y = asinh(x)</c> draws far points in.</summary>
[GeneratedBijector]
public sealed partial class Tails : Bijector
{
    [Forward]
    private static Tensor Map(Tensor x) => torch.asinh(x);
}
