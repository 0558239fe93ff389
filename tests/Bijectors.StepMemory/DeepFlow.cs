using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.StepMemory;

/// <summary>
/// The flow that is measured: affine couplings whose activations take much more memory than their weights.
/// </summary>
internal static class DeepFlow
{
    private const int Size = 64;

    /// <summary>Couplings of alternating halves.</summary>
    public static Flow Create(int layers) => Flow.On(Shape.Vector(Size), seed: 0)
        .Repeat(layers, (flow, i) =>
            flow.AffineCoupling(hidden: 32, blocks: 1, i % 2 == 0 ? Partition.Halves() : Partition.Halves().Swapped()))
        .Into(Distribution.StandardNormal);

    /// <summary>
    /// A batch; with 8192 points no activation is below the 1 MiB at which freed memory goes back to the system.
    /// </summary>
    public static Tensor Batch(long points = 8192, ScalarType dtype = ScalarType.Float32)
    {
        using var generator = new Generator(1);
        return randn([points, Size], dtype, generator: generator);
    }

    /// <summary>The gradients of the mean log-density of a batch.</summary>
    public static void Step(Flow flow, Tensor batch)
    {
        using var scope = NewDisposeScope();
        flow.zero_grad();
        (-flow.LogProb(batch).mean()).backward();
    }
}
