using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks;

/// <summary>
/// Densities, samples and training gradients of the zoo at its defaults, on a batch of 128 images of 8 x 8.
/// </summary>
[InProcess]
public class ModelBenchmarks
{
    private const int Batch = 128;

    private readonly Generator _generator = new(0);
    private Flow _flow = null!;
    private Tensor _x = null!;

    /// <summary>The names of the models.</summary>
    public static IEnumerable<string> Names => Models.Names;

    /// <summary>The model.</summary>
    [ParamsSource(nameof(Names))]
    public string Model { get; set; } = "";

    /// <summary>Lets BenchmarkDotNet run them, with its own arguments.</summary>
    public static void Run(string[] arguments) =>
        BenchmarkSwitcher.FromAssembly(typeof(ModelBenchmarks).Assembly).Run(arguments);

    [GlobalSetup]
    public void Setup()
    {
        _flow = Models.Named(Model).Create(Shape.Image(1, 8, 8), levels: 17);
        _x = 17 * rand(Batch, 1, 8, 8, generator: _generator);
    }

    [Benchmark]
    public void Density()
    {
        using var ungraded = no_grad();
        _flow.LogProb(_x).Dispose();
    }

    [Benchmark]
    public void Samples()
    {
        using var ungraded = no_grad();
        _flow.Sample(Batch, generator: _generator).Dispose();
    }

    [Benchmark]
    public void Gradients()
    {
        using var scope = NewDisposeScope();
        _flow.zero_grad();
        (-_flow.LogProb(_x).mean()).backward();
    }
}
