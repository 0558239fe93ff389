using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A <see cref="Made"/> in a pass through the features of a point: each feature that is appended moves only the hidden
/// units that depend on it and none behind it, so that a whole pass costs about as much as one evaluation.
/// </summary>
/// <remarks>On the CPU the weights are read where they are, elsewhere they are copied when the pass begins: they must
/// stay as they are until it ends.</remarks>
public sealed class MadePass : ConditionerPass
{
    private readonly long[] _shape;
    private readonly int _features;
    private readonly int _outputs;
    private readonly MadeState _state;
    private readonly IReadOnlyList<int>? _order;
    private int _known;
    private bool _disposed;

    /// <summary>A pass that knows no feature yet.</summary>
    /// <param name="made">The network whose pass it is.</param>
    /// <param name="batch">The batch dimensions of the point.</param>
    /// <param name="context">The context of every item, <c>(batch..., C)</c>, or null.</param>
    /// <param name="network">The network.</param>
    internal MadePass(Made made, long[] batch, Tensor? context, MadeNetwork network)
        : base(made)
    {
        using var leaving = no_grad();
        _shape = [.. batch, 1];
        _features = network.Order.Features;
        _outputs = network.Outputs;
        _order = network.Order.IsNatural ? null : network.Order.Places;
        var items = batch.Aggregate(1L, (product, size) => product * size);

        MadeMemory<T> InMemory<T>()
            where T : unmanaged =>
            new(
                network.Order.UpTo, new(network.Order.Places, network.Order.Units, [.. network.Parameters]), items,
                Start(_features, items, context, network.Initial));
        _state = (network.HasKernel, network.Initial.Weight.device_type, network.Initial.Weight.dtype) switch
        {
            (true, DeviceType.CPU, ScalarType.Float32) => InMemory<float>(),
            (true, DeviceType.CPU, ScalarType.Float64) => InMemory<double>(),
            _ => new MadeTensors(network, new(network, items, context)),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int>? Order => _order;

    /// <inheritdoc/>
    /// <returns>The raw log-scale and the shift, <c>(batch..., 1)</c>, both fresh.</returns>
    /// <exception cref="InvalidOperationException">There is no next feature, or the network gives other than two
    /// numbers for each.</exception>
    public override (Tensor LogScale, Tensor Shift) ScaleAndShift()
    {
        CheckNext();
        return _outputs == 2
            ? (_state.Evaluate(_known, 0, _shape), _state.Evaluate(_known, 1, _shape))
            : throw new InvalidOperationException(
                $"MadePass: expected a network that gives two numbers for each feature, a log-scale and a shift, "
                + $"got {_outputs}.");
    }

    /// <inheritdoc/>
    /// <returns><c>(batch..., outputs)</c>, by default the raw log-scale and the shift, fresh.</returns>
    /// <exception cref="InvalidOperationException">There is no next feature.</exception>
    public override Tensor Evaluate()
    {
        CheckNext();
        using var scope = NewDisposeScope();
        return cat([.. Enumerable.Range(0, _outputs).Select(output => _state.Evaluate(_known, output, _shape))], -1)
            .MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">All features are known.</exception>
    public override void Append(Tensor entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        CheckNext();
        _state.Append(_known, entry);
        _known++;
    }

    /// <inheritdoc/>
    internal override bool ScaleShift(Tensor y, Tensor point, ScaleMap scale, bool inverse)
    {
        if (_known > 0 || _disposed || _outputs != 2 || scale.Vectors is not { } vectors
            || !_state.ScaleShift(y, point, vectors, inverse))
        {
            return false;
        }

        _known = _features;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        _state.Dispose();
    }

    /// <summary>What the first layer gives for the context alone; it is the same for all features, so it is there from
    /// the beginning.</summary>
    private static Tensor? Start(long features, long items, Tensor? context, Dense initial)
    {
        if (context is null)
        {
            return null;
        }

        using var rows = context.reshape(items, context.size(-1));
        using var weight = initial.Weight.narrow(1, features, context.size(-1));
        return nn.functional.linear(rows, weight, initial.Bias);
    }

    private void CheckNext()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_known == _features)
        {
            throw new InvalidOperationException($"MadePass: expected at most {_features} features, got one more.");
        }
    }
}
