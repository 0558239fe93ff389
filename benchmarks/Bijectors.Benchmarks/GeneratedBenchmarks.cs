using BenchmarkDotNet.Attributes;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Benchmarks;

/// <summary>The emitted affine coupling against one written by hand with every temporary disposed at once.</summary>
[InProcess]
[MemoryDiagnoser]
public class GeneratedBenchmarks
{
    private readonly Generator _generator = new(0);
    private ResidualMlp _net = null!;
    private AffineCoupling _generated = null!;
    private Tensor _x = null!;

    /// <summary>The number of features.</summary>
    [Params(8, 64)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        set_num_threads(1);
        _net = new ResidualMlp(Size / 2, Size, 64, 1, _generator);
        _generated = new AffineCoupling(_net, scale: ScaleMap.Exponential);
        _x = randn(256, Size, generator: _generator);
    }

    [Benchmark]
    public void Generated()
    {
        using var ungraded = no_grad();
        var (y, logDet) = _generated.ForwardWithLogDet(_x);
        y.Dispose();
        logDet.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void ByHand()
    {
        using var ungraded = no_grad();
        using var a = _x.narrow(-1, 0, Size / 2);
        using var b = _x.narrow(-1, Size / 2, Size / 2);
        var (logScale, shift) = _net.ScaleAndShift(a, null);
        using (logScale)
        using (shift)
        using (var scale = logScale.exp())
        using (var scaled = b * scale)
        using (var mapped = scaled + shift)
        using (var y = cat([a, mapped], -1))
        using (var logDet = logScale.sum(-1))
        {
        }
    }
}
