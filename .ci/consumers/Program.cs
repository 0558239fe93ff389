using Bijectors;
using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

using var bijector = new Exponential();
using var x = linspace(-2, 2, 9, dtype: ScalarType.Float64);
using var y = bijector.Forward(x);
using var back = bijector.Inverse(y);
using var largest = (back - x).abs().max();
double error = largest.item<double>();
Console.WriteLine($"{Environment.Version}: the packed generator's inverse is off by {error:e1}.");
var flags = typeof(Tensor).GetMethod("mul", [typeof(Scalar)])!.MethodImplementationFlags;
var holds = flags.HasFlag(System.Reflection.MethodImplAttributes.NoOptimization);
Console.WriteLine($"TorchSharp holds what torch reads: {holds}.");

using var moons = Datasets.Toy("moons");
var model = Models.Named("realnvp");
using var flow = model.Create(Shape.Vector(2));
Trainer.Train(flow, new TrainingData(moons.Train, moons.Validation), new TrainingOptions { Steps = 20 });
SavedPieces.Register<Exponential>("consumer.exponential");
var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.safetensors");
flow.Save(path);
using var loaded = Flow.Load(path);
File.Delete(path);
using var first = flow.LogProb(moons.Test);
using var second = loaded.LogProb(moons.Test);
var same = first.equal(second).all().item<bool>();
Console.WriteLine($"A saved flow gives the densities that it gave before: {same}.");
return error < 1e-14 && holds && same ? 0 : 1;

[GeneratedBijector]
public sealed partial class Exponential : Bijector
{
    [Forward]
    private static Tensor Map(Tensor x) => torch.exp(x);
}
