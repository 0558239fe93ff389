using Bijectors.Zoo;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

/// <summary>On a GPU everything gives what it gives on the processor, and stays there.</summary>
public sealed class CudaTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Bijectors => [.. Catalogue.All.Select(entry => entry.Name)];

    public static TheoryData<string> Flows => [.. Models.Names];

    [CudaTheory]
    [MemberData(nameof(Bijectors))]
    public void A_bijector_gives_what_it_gives_on_the_processor(string name)
    {
        var entry = Catalogue.All.Single(entry => entry.Name == name);
        using var generator = new Generator(0);
        using var here = entry.Make(0);
        using var there = entry.Make(0);
        here.to(ScalarType.Float64);
        there.to(ScalarType.Float64);
        there.to(CUDA);
        var x = here.Domain.Sample([3, .. entry.Shape.ToArray()], ScalarType.Float64, generator);
        var context = entry.ContextSize is { } size ? randn(3, size, ScalarType.Float64, generator: generator) : null;
        var (y, logDet) = here.ForwardWithLogDet(x, context);
        var (cudaY, cudaLogDet) = there.ForwardWithLogDet(x.cuda(), context?.cuda());
        AssertSame(y, cudaY);
        AssertSame(logDet, cudaLogDet);
        var (back, inverseLogDet) = here.InverseWithLogDet(y, context);
        var (cudaBack, cudaInverseLogDet) = there.InverseWithLogDet(cudaY, context?.cuda());
        AssertSame(back, cudaBack);
        AssertSame(inverseLogDet, cudaInverseLogDet);
    }

    [CudaTheory]
    [MemberData(nameof(Flows))]
    public void A_flow_scores_samples_and_has_gradients_as_on_the_processor(string name)
    {
        var shape = Shape.Image(1, 4, 4);
        using var here = Models.Named(name).Create(shape, levels: 17);
        using var there = Models.Named(name).Create(shape, levels: 17);
        here.to(ScalarType.Float64);
        there.to(ScalarType.Float64);
        there.to(CUDA);
        using var generator = new Generator(0);
        var x = here.Sample(4, generator: generator);
        using var same = new Generator(0);
        AssertSame(x, there.Sample(4, generator: same));
        var (logProb, cudaLogProb) = (here.LogProb(x), there.LogProb(x.cuda()));
        AssertSame(logProb, cudaLogProb);
        logProb.sum().backward();
        cudaLogProb.sum().backward();
        foreach (var (a, b) in here.parameters().Zip(there.parameters()))
        {
            AssertSame(a.grad!, b.grad!);
        }
    }

    public void Dispose() => _scope.Dispose();

    private static void AssertSame(Tensor here, Tensor there)
    {
        Assert.Equal(DeviceType.CUDA, there.device_type);
        Assert.True(there.cpu().allclose(here, 1e-7, 1e-7), $"{(there.cpu() - here).abs().max().item<double>()}");
    }

    /// <summary>Skipped where there is no GPU.</summary>
    private sealed class CudaTheoryAttribute : TheoryAttribute
    {
        public CudaTheoryAttribute() => Skip = cuda.is_available()
            ? null
            : "there is no CUDA device; run with -p:TorchBackend=TorchSharp-cuda-linux where there is one";
    }
}
