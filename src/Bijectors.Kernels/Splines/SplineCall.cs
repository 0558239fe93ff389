using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>One call of the spline kernels.</summary>
/// <param name="Bound">Where the identity begins.</param>
/// <param name="Inverse">Whether y is mapped to x.</param>
/// <param name="WithLogSlope">Whether log(dy/dx) is asked for.</param>
/// <param name="OfParameters">Whether gradients to the parameters are.</param>
internal sealed record SplineCall(double Bound, bool Inverse, bool WithLogSlope, bool OfParameters = false)
{
    /// <summary>Maps points.</summary>
    /// <param name="tensors">Points <c>(...)</c>, raw widths <c>(..., K)</c>, raw heights <c>(..., K)</c>, raw slopes
    /// <c>(..., K - 1)</c>.</param>
    /// <returns>The values, and the log-slopes where they are asked for; no graph leads through them.</returns>
    public List<Tensor> Map(IReadOnlyList<Tensor> tensors) =>
        tensors[0].dtype == ScalarType.Float32 ? Map<float>(tensors) : Map<double>(tensors);

    /// <summary>The gradients to the four tensors.</summary>
    /// <param name="saved">The tensors; for the inverse x too.</param>
    /// <param name="given">The gradients of the results, null where there are none.</param>
    public Tensor?[] Gradients(IReadOnlyList<Tensor> saved, Tensor?[] given) =>
        saved[0].dtype == ScalarType.Float32 ? Gradients<float>(saved, given) : Gradients<double>(saved, given);

    /// <summary>The same by the torch code, as functions that can be differentiated again.</summary>
    public Tensor?[] DifferentiableGradients(IReadOnlyList<Tensor> saved, Tensor?[] given)
    {
        // Of nodes of their own: where one tensor was computed from another, gradients must not run through both.
        Tensor[] inputs = [.. saved.Take(4).Select(Kernels.Gradients.Variable)];
        var (value, logSlope) = Inverse
            ? TorchSpline.InverseWithLogSlope(inputs[0], inputs[1], inputs[2], inputs[3], Bound)
            : TorchSpline.MapWithLogSlope(inputs[0], inputs[1], inputs[2], inputs[3], Bound);
        var pairs = new[] { value, logSlope }.Zip(given).Where(p => p.Second is not null).ToList();
        Tensor[] results = [.. pairs.Select(p => p.First)];
        Tensor[] incoming = [.. pairs.Select(p => p.Second!)];
        var gradients = BackwardFailures.Run(
            () => autograd.grad(results, inputs, incoming, retain_graph: true, create_graph: true, allow_unused: true));
        return [.. gradients.Select(g => g.IsInvalid ? null : g)];
    }

    private List<Tensor> Map<T>(IReadOnlyList<Tensor> tensors)
        where T : unmanaged
    {
        using var memory = new TensorMemory();
        var rows = Rows<T>(memory, tensors);
        var value = empty(tensors[0].shape, tensors[0].dtype);
        var logSlope = WithLogSlope ? empty_like(value) : null;
        SplineKernel.Map(rows, memory.Of(value), memory.Of(logSlope), value.numel());
        return logSlope is null ? [value] : [value, logSlope];
    }

    private Tensor?[] Gradients<T>(IReadOnlyList<Tensor> saved, Tensor?[] given)
        where T : unmanaged
    {
        using var memory = new TensorMemory();
        var rows = Rows<T>(memory, saved);
        var points = empty(saved[0].shape, saved[0].dtype);
        Tensor?[] parameters = [.. saved.Skip(1).Take(3).Select(t => OfParameters ? empty(t.shape, t.dtype) : null)];
        var gradients = new SplineGradients<T>(
            Inverse ? memory.Of(saved[4]) : rows.Points, memory.OfContiguous(given[0]),
            memory.OfContiguous(WithLogSlope ? given[1] : null), memory.Of(points), memory.Rows<T>(parameters[0]),
            memory.Rows<T>(parameters[1]), memory.Rows<T>(parameters[2]));
        SplineGradientKernel.Run(rows, gradients, points.numel());
        return [points, .. parameters];
    }

    private SplineRows<T> Rows<T>(TensorMemory memory, IReadOnlyList<Tensor> tensors)
        where T : unmanaged => new(
            memory.OfContiguous(tensors[0]), memory.Rows<T>(tensors[1]), memory.Rows<T>(tensors[2]),
            memory.Rows<T>(tensors[3]), Bound, Inverse);
}
