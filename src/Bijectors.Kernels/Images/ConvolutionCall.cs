using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>One call of convolutions one after another.</summary>
/// <param name="OfImages">Whether gradients to the images are asked for.</param>
/// <param name="OfParameters">Whether gradients to weights and biases are.</param>
internal sealed record ConvolutionCall(bool OfImages = false, bool OfParameters = false)
{
    /// <summary>Maps images; no graph leads through it.</summary>
    /// <param name="tensors">The images <c>(N, channels, height, width)</c>, then weight and bias of
    /// every layer.</param>
    /// <param name="keep">Whether to keep what backward needs.</param>
    public static (Tensor Result, Tensor? Kept) Map(IReadOnlyList<Tensor> tensors, bool keep) =>
        tensors[0].dtype == ScalarType.Float32 ? Map<float>(tensors, keep) : Map<double>(tensors, keep);

    /// <summary>The gradients of all tensors, null where they are not asked for.</summary>
    public Tensor?[] Gradients(IReadOnlyList<Tensor> tensors, Tensor kept, Tensor given) =>
        tensors[0].dtype == ScalarType.Float32
            ? Gradients<float>(tensors, kept, given)
            : Gradients<double>(tensors, kept, given);

    /// <summary>The same by the torch code, as functions that can be differentiated again.</summary>
    public static Tensor?[] DifferentiableGradients(IReadOnlyList<Tensor> tensors, Tensor given)
    {
        // Of nodes of their own: where one tensor was computed from another, gradients must not run through both.
        Tensor[] inputs = [.. tensors.Select(Kernels.Gradients.Variable)];
        var result = TorchConvolution.Map(inputs);
        return [.. BackwardFailures.Run(
            () => autograd.grad([result], inputs, [given], retain_graph: true, create_graph: true))];
    }

    private static (Tensor Result, Tensor? Kept) Map<T>(IReadOnlyList<Tensor> tensors, bool keep)
        where T : unmanaged
    {
        using var kernel = new ConvolutionKernel<T>(tensors);
        var images = tensors[0];
        var result = empty([images.size(0), tensors[^1].size(0), images.size(2), images.size(3)], images.dtype);
        var kept = keep ? empty([images.size(0), kernel.KeptSize], images.dtype) : null;
        kernel.Map(result, kept);
        return (result, kept);
    }

    private Tensor?[] Gradients<T>(IReadOnlyList<Tensor> tensors, Tensor kept, Tensor given)
        where T : unmanaged
    {
        using var kernel = new ConvolutionKernel<T>(tensors);
        var ofImages = OfImages ? empty(tensors[0].shape, tensors[0].dtype) : null;
        Tensor[]? ofParameters = OfParameters ? [.. tensors.Skip(1).Select(t => empty(t.shape, t.dtype))] : null;
        kernel.Gradients(given, kept, ofImages, ofParameters);
        return [ofImages, .. ofParameters ?? new Tensor?[tensors.Count - 1]];
    }
}
