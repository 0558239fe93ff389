using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Empties <c>.grad</c> of tensors, so that the gradients of a computation of its own can be collected there, and puts
/// back what stood there.
/// </summary>
/// <remarks>Errors of <c>autograd.grad</c>, which would not need this, end the process; those of <c>backward</c> are
/// exceptions.</remarks>
internal sealed class BorrowedGradients : IDisposable
{
    private readonly IReadOnlyList<Tensor> _tensors;
    private readonly Tensor?[] _before;

    public BorrowedGradients(IReadOnlyList<Tensor> tensors)
    {
        _tensors = tensors;
        _before = [.. tensors.Select(tensor => tensor.grad)];
        Clear();
    }

    /// <summary>Forgets what was collected.</summary>
    public void Clear()
    {
        foreach (var tensor in _tensors)
        {
            tensor.grad = null;
        }
    }

    /// <summary>What was collected; null where there was nothing.</summary>
    public Tensor?[] Take() => [.. _tensors.Select(tensor => tensor.grad)];

    public void Dispose()
    {
        for (var i = 0; i < _before.Length; i++)
        {
            _tensors[i].grad = _before[i];
            _before[i]?.Dispose();
        }
    }
}
