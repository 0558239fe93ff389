// Writes bijectors as one forward map each, one with a primitive of its own, and puts all of them through the laws.
using Bijectors;
using Bijectors.Testing;
using TorchSharp;
using static TorchSharp.torch;

var generator = new Generator(0);
TwoWayCoupling Coupling() => new(new ResidualMlp(2, 4, 16, 1, generator), new ResidualMlp(2, 4, 16, 1, generator));

BijectorLaws.Check(() => new Squash());
BijectorLaws.Check(Coupling, Shape.Vector(4));
PrimitiveLaws.Check(typeof(SinhArcsinh));
BijectorLaws.Check(() => new Skew());
BijectorLaws.Check(() => new YeoJohnson());
BijectorLaws.Check(() => new BoxCox(lambda: 0.5));
BijectorLaws.Check(
    () => new AffineCoupling(new TokenNet(3, 6, 8, new Generator(1)), Partition.Halves(-2)), Shape.Of(4, 3));
BijectorLaws.Check(() => new MaskedAutoregressive(new EarlierTokens(3, 8, new Generator(2))), Shape.Of(4, 3));

using var coupling = Coupling();
using var x = randn(3, 4, generator: generator);
var (y, logDet) = coupling.ForwardWithLogDet(x);
using var back = coupling.Inverse(y);
Console.WriteLine($"Squash maps {new Squash().Domain} onto {new Squash().Codomain}, BoxCox {new BoxCox(0.5).Domain} "
    + $"onto {new BoxCox(0.5).Codomain}.");
Console.WriteLine($"log|det dy/dx| of three points: {string.Join(", ", logDet.data<float>())}");
Console.WriteLine($"Largest |x - inverse(forward(x))|: {(x - back).abs().max().item<float>():g2}");

using var laplace = Flow.On(Shape.Vector(4)).AffineCoupling(hidden: 16).Into(shape => new Laplace(shape));
Console.WriteLine("-log p of a sample under a flow into Laplace: "
    + $"{-laplace.SampleWithLogProb(1, generator: generator).LogProb.item<float>():f2} nats");
using var image = zeros(1, 8, 8);
using var underImages = Declarations.UnderImages();
Console.WriteLine($"Samples under an image: {Shape.Of(underImages.Sample(5, image, generator).shape)}");

var path = Path.Combine(Path.GetTempPath(), "laplace.safetensors");
SavedPieces.Register<Laplace>("example.laplace");
laplace.Save(path);
using var loaded = Flow.Load(path);
using var same = laplace.LogProb(x) == loaded.LogProb(x);
Console.WriteLine($"Saved and loaded, with a distribution of one's own: {loaded.Base.GetType().Name}, the same: "
    + $"{same.all().item<bool>()}");
