// Trains flows to a density that is known by its energy only: by an objective written by hand, by that of the library,
// and in a loop of one's own. Each should come to a divergence near 0.
using Bijectors;
using Bijectors.Training;
using TorchSharp;
using static TorchSharp.torch;

set_num_threads(1);
var options = new TrainingOptions
{
    Epochs = 3,
    LearningRate = 1e-2,
    EmaDecay = 0.99,
    Callbacks = [new Watch(least: 1e-6)],
};

var first = Create();
Trainer.Train(new EnergyDivergence(first), BatchSource.Empty(batchesPerEpoch: 100), options);
Report("by hand", first);

var second = Create();
var divergence = new ReverseKl(second, x => -Banana.Energy(x), samples: 256);
Trainer.Train(divergence, BatchSource.Empty(batchesPerEpoch: 100), options);
Report("library", second);

var third = Create();
var folder = Directory.CreateTempSubdirectory("bijectors-").FullName;
OwnLoop.Train(third, new EnergyDivergence(third), BatchSource.Empty(), 300, Path.Combine(folder, "run.safetensors"));
Directory.Delete(folder, recursive: true);
Report("own loop", third);

static Flow Create() => Flow.On(Shape.Vector(2))
    .Repeat(4, layer => layer.Reverse().AffineCoupling(hidden: 32))
    .Into(Distribution.DiagonalNormal);

static void Report(string name, Flow q)
{
    using var ungraded = no_grad();
    using var scope = NewDisposeScope();
    using var generator = new Generator(7);
    var (x, logProb) = q.SampleWithLogProb(10_000, generator: generator);
    var divergence = (logProb + Banana.Energy(x)).mean().ToDouble() + Banana.LogConstant;
    Console.WriteLine($"{name}: KL(q || p) = {divergence:f4} nats");
}
