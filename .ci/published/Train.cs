using System.Runtime.InteropServices;
using Bijectors;
using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

// Trains a flow with a layer of the program's own and one of a library, saves all models of the zoo and loads them
// again, and says what they give, in a folder that is named: the same in every form that it is published in.
var folder = args[0];
set_num_threads(1);
SavedPieces.Register<Squash>("published.squash");
SavedPieces.Register<YeoJohnson>("published.yeo-johnson");
using var moons = Datasets.Toy("moons");
var points = moons.Test[..200];

using var flow = Flow.On(Shape.Vector(2), seed: 3)
    .ActNorm().Linear().AffineCoupling(hidden: 16).Then(new YeoJohnson()).Then(new Squash())
    .Repeat(2, layer => layer.Linear().MaskedAutoregressive(hidden: 16))
    .Into(Distribution.StandardNormal);
Trainer.Train(flow, new TrainingData(moons.Train, moons.Validation), new TrainingOptions { Steps = 10 });
var path = Path.Combine(folder, "flow.safetensors");
flow.Save(path);
Say("trained", flow, points);
using (var loaded = Flow.Load(path))
{
    Say("loaded", loaded, points);
}

using var images = randn([4, 1, 4, 4], generator: new Generator(4));
foreach (var kind in Models.All)
{
    var items = kind.Name is "mixerflow" or "glow" or "tarflow" or "jet" or "flowpp" or "jetformer" or "farmer"
        or "latentflow" ? images : points;
    var shape = Shape.Of(items.shape[1..]);
    var options = kind.FromJson(kind.ToJson(kind.With(kind.DefaultsFor(shape), "marginalBins", "4")));
    using var model = kind.Create(shape, options);
    model.Initialize(items);
    var saved = Path.Combine(folder, $"{kind.Name}.safetensors");
    new SavedModel(kind, options, model).Save(saved);
    Say(kind.Name, model, items);
    Console.WriteLine(kind.ToJson(options).ToJsonString());
    using var again = SavedModel.Load(saved);
    Say("loaded", again.Flow, items);
    Console.WriteLine(again.Model!.ToJson(again.Options!).ToJsonString() == kind.ToJson(options).ToJsonString());
}

// An error in a backward pass of ours comes through torch, and with its reason where BackwardPass looks after it.
using var spline = Flow.On(Shape.Vector(2)).Coupling(Transformer.RationalQuadratic(), 8)
    .Into(Distribution.StandardNormal);
(Action<Tensor>, string)[] passes = [(BackwardPass.Run, "inplace"), (t => t.backward(), "")];
foreach (var (pass, reason) in passes)
{
    using var x = points.clone().requires_grad_();
    using var loss = spline.LogProb(x).sum();
    using (no_grad())
    {
        x.mul_(2);
    }

    try
    {
        pass(loss);
        Console.WriteLine("no error");
    }
    catch (ExternalException exception)
    {
        Console.WriteLine(exception.Message.Contains(reason));
    }
}

// Collections beside it free nothing that torch still reads.
var wrong = 0;
var worker = new Thread(() =>
{
    using var two = full([4, 4], 2.0, ScalarType.Float64);
    for (var k = 0; k < 20_000; k++)
    {
        using var product = two * k;
        using var sum = product + two;
        wrong += sum[3, 3].item<double>() == (2.0 * k) + 2 ? 0 : 1;
    }
});
worker.Start();
while (worker.IsAlive)
{
    GC.Collect(0, GCCollectionMode.Forced, blocking: true);
    Thread.Sleep(1);
}

Console.WriteLine($"wrong beside collections: {wrong}");

static void Say(string name, Flow flow, Tensor items)
{
    using var ungraded = no_grad();
    using var generator = new Generator(5);
    using var samples = flow.Sample(100, generator: generator);
    using var scores = flow.HasExactLogProb ? flow.LogProb(items)
        : flow.LowerBound(items, samples: 2, generator: generator);
    Console.WriteLine($"{name} {scores.mean().item<float>():R} {samples.abs().mean().item<float>():R}");
}

[GeneratedBijector]
public sealed partial class Squash : Bijector
{
    [Forward]
    private static Tensor Map(Tensor x) => torch.asinh(0.5 * x) + 1;
}
