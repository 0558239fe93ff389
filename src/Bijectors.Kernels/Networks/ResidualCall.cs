using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>One call of a residual network.</summary>
/// <param name="Masks">Which weights count, for every layer, as the torch code takes it; null for all.</param>
/// <param name="Staircases">The same as the kernels take it; several for equal parts of the last layer.</param>
/// <param name="Sorting">How points and results are sorted for the staircases; null where they are as they
/// stand.</param>
/// <param name="OfPoints">Whether gradients to the points are asked for.</param>
/// <param name="OfParameters">Whether gradients to weights and biases are.</param>
internal sealed record ResidualCall(
    IReadOnlyList<Tensor>? Masks = null, IReadOnlyList<Staircase>? Staircases = null, SortedFeatures? Sorting = null,
    bool OfPoints = false, bool OfParameters = false)
{
    /// <summary>Maps points; no graph leads through it.</summary>
    /// <param name="tensors">The points <c>(..., inputs)</c>, then weight and bias of every layer.</param>
    /// <param name="keep">Whether to keep what backward needs.</param>
    public (Tensor Result, Tensor? Kept) Map(IReadOnlyList<Tensor> tensors, bool keep) =>
        tensors[0].dtype == ScalarType.Float32 ? Map<float>(tensors, keep) : Map<double>(tensors, keep);

    /// <summary>The gradients of all tensors, null where they are not asked for.</summary>
    public Tensor?[] Gradients(IReadOnlyList<Tensor> tensors, Tensor kept, Tensor given) =>
        tensors[0].dtype == ScalarType.Float32 ? Gradients<float>(tensors, kept, given)
            : Gradients<double>(tensors, kept, given);

    /// <summary>The same by the torch code, as functions that can be differentiated again.</summary>
    public Tensor?[] DifferentiableGradients(IReadOnlyList<Tensor> tensors, Tensor given)
    {
        // Of nodes of their own: where one tensor was computed from another, gradients must not run through both.
        Tensor[] inputs = [.. tensors.Select(Kernels.Gradients.Variable)];
        Tensor[] unsorted = [Sorting?.Unsort(inputs[0]) ?? inputs[0], .. inputs[1..]];
        var plain = TorchResidual.Map(unsorted, Masks);
        var result = Sorting?.SortResult(plain) ?? plain;
        return [.. BackwardFailures.Run(
            () => autograd.grad([result], inputs, [given], retain_graph: true, create_graph: true))];
    }

    private (Tensor Result, Tensor? Kept) Map<T>(IReadOnlyList<Tensor> tensors, bool keep)
        where T : unmanaged
    {
        using var kernel = new ResidualKernel<T>(tensors, Staircases);
        var points = tensors[0];
        var result = empty([.. points.shape[..^1], tensors[^1].size(0)], points.dtype);
        var kept = keep
            ? empty([kernel.KeptMatrices, points.numel() / points.size(-1), tensors[2].size(0)], points.dtype) : null;
        kernel.Map(result, kept);
        return (result, kept);
    }

    private Tensor?[] Gradients<T>(IReadOnlyList<Tensor> tensors, Tensor kept, Tensor given)
        where T : unmanaged
    {
        using var kernel = new ResidualKernel<T>(tensors, Staircases);
        var ofPoints = OfPoints ? empty(tensors[0].shape, tensors[0].dtype) : null;
        Tensor[]? ofParameters = OfParameters ? [.. tensors.Skip(1).Select(t => zeros(t.shape, t.dtype))] : null;
        kernel.Gradients(given, kept, ofPoints, ofParameters);
        return [ofPoints, .. ofParameters ?? new Tensor?[tensors.Count - 1]];
    }
}
