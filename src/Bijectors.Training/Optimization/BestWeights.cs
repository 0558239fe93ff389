using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>A copy of weights and buffers, to come back to.</summary>
public sealed class BestWeights : ICheckpointed, IDisposable
{
    private readonly FlatParameters _parameters;
    private readonly Tensor _values;
    private readonly (string Name, Tensor Live, Tensor Kept)[] _buffers;

    /// <summary>A place for a copy; nothing is kept yet.</summary>
    /// <param name="module">The module.</param>
    /// <param name="adam">Its optimizer; it must live as long.</param>
    public BestWeights(nn.Module module, FlatAdam adam)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(adam);
        _parameters = adam.Parameters;
        _values = zeros_like(_parameters.Values).DetachFromDisposeScope();
        _buffers =
        [
            .. module.named_buffers()
                .Select(row => (row.name, row.buffer, row.buffer.clone().DetachFromDisposeScope())),
        ];
    }

    /// <summary>Whether there is something to come back to.</summary>
    public bool HasKept { get; private set; }

    /// <summary>Keeps the current weights.</summary>
    public void Keep()
    {
        HasKept = true;
        using var ungraded = no_grad();
        _values.copy_(_parameters.Values);
        foreach (var (_, live, kept) in _buffers)
        {
            kept.copy_(live);
        }
    }

    /// <summary>Puts the kept weights back; does nothing before the first ones.</summary>
    public void Restore()
    {
        if (!HasKept)
        {
            return;
        }

        using var ungraded = no_grad();
        _parameters.Values.copy_(_values);
        _parameters.Changed();
        foreach (var (_, live, kept) in _buffers)
        {
            live.copy_(kept);
        }
    }

    /// <inheritdoc/>
    public void Save(CheckpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Put("kept", HasKept ? 1 : 0);
        state.Put("values", _values);
        foreach (var (name, _, kept) in _buffers)
        {
            state.Put($"buffers.{name}", kept);
        }
    }

    /// <inheritdoc/>
    public void Load(CheckpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        HasKept = state.Whole("kept") == 1;
        state.Restore("values", _values);
        foreach (var (name, _, kept) in _buffers)
        {
            state.Restore($"buffers.{name}", kept);
        }
    }

    /// <summary>Frees the copy.</summary>
    public void Dispose()
    {
        _values.Dispose();
        foreach (var (_, _, kept) in _buffers)
        {
            kept.Dispose();
        }
    }
}
