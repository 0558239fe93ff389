using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A <see cref="Made"/> on its way through the features of a point: each feature that is appended moves only the hidden units that hear it and none behind it,
/// so that a whole pass costs about as much as one evaluation.
/// </summary>
/// <remarks>
/// The weights are copied when the pass begins, see <see cref="MadeWeights"/>.
/// </remarks>
public sealed class MadePass : CausalPass
{
    private readonly long[] _shape;
    private readonly int[] _reach;
    private readonly MadeState _state;
    private int _known;
    private bool _disposed;

    /// <summary>A pass that knows no feature yet.</summary>
    /// <param name="batch">The batch dimensions of the point.</param>
    /// <param name="degrees">The degree of every hidden unit.</param>
    /// <param name="features">The number D of features.</param>
    /// <param name="context">The context of every item, <c>(batch..., C)</c>, or null.</param>
    /// <param name="initial">The first layer, which reads features and context.</param>
    /// <param name="blocks">The residual blocks.</param>
    /// <param name="final">The last layer, which gives all log-scales and then all shifts.</param>
    internal MadePass(
        long[] batch, long[] degrees, long features, Tensor? context, Dense initial, IEnumerable<ResidualBlock> blocks, Dense final)
    {
        _shape = [.. batch, 1];
        _reach = [.. Enumerable.Range(0, (int)features).Select(degree => degrees.Count(own => own <= degree))];
        var items = batch.Aggregate(1L, (product, size) => product * size);
        var weights = new MadeWeights(degrees, features, items, context, initial, blocks, final);
        _state = (weights.Start.device_type, weights.Start.dtype) switch
        {
            (DeviceType.CPU, ScalarType.Float32) => new MadeMemory<float>(weights),
            (DeviceType.CPU, ScalarType.Float64) => new MadeMemory<double>(weights),
            _ => new MadeTensors(weights),
        };
        Advance();
    }

    /// <summary>What <see cref="Conditioner.ScaleAndShift"/> gives for the next feature.</summary>
    /// <returns>The raw log-scale and the shift, <c>(batch..., 1)</c>, both fresh.</returns>
    /// <exception cref="InvalidOperationException">There is no next feature.</exception>
    public (Tensor LogScale, Tensor Shift) ScaleAndShift()
    {
        CheckNext();
        var reach = _reach[_known];
        return (_state.Evaluate(_known, reach, _shape), _state.Evaluate(_known + _reach.Length, reach, _shape));
    }

    /// <summary>What <see cref="Made.Evaluate"/> gives for the next feature.</summary>
    /// <returns><c>(batch..., 2)</c>, the raw log-scale and the shift, fresh.</returns>
    /// <exception cref="InvalidOperationException">There is no next feature.</exception>
    public Tensor Evaluate()
    {
        var (logScale, shift) = ScaleAndShift();
        using (logScale)
        using (shift)
        {
            return cat([logScale, shift], -1);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">All features are known.</exception>
    public override void Append(Tensor entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        CheckNext();
        _state.Set(_known, entry);
        _known++;
        if (_known < _reach.Length)
        {
            Advance();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        _state.Dispose();
    }

    /// <summary>Computes the units that hear all that is known and nothing else.</summary>
    private void Advance()
    {
        var from = _known == 0 ? 0 : _reach[_known - 1];
        var count = _reach[_known] - from;
        if (count > 0)
        {
            _state.Advance(_known, from, count);
        }
    }

    private void CheckNext()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_known == _reach.Length)
        {
            throw new InvalidOperationException($"MadePass: expected at most {_reach.Length} features, got one more.");
        }
    }
}
