using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A pass of a network that keeps nothing: for each entry it is evaluated where the entries before are
/// known.</summary>
internal sealed class WholePass : ConditionerPass
{
    private readonly Tensor _point;
    private readonly Tensor? _context;
    private readonly long _entries;
    private int _known;

    /// <param name="network">The network.</param>
    /// <param name="like">A tensor like the point.</param>
    /// <param name="context">What the network is evaluated with; it stays the caller's.</param>
    public WholePass(CausalConditioner network, Tensor like, Tensor? context)
        : base(network)
    {
        using var leaving = no_grad();
        _point = zeros_like(like);
        _context = context;
        _entries = like.size(network.CausalAxis);
    }

    private int Place => Network.Order is { } order ? order[_known] : _known;

    /// <inheritdoc/>
    public override Tensor Evaluate()
    {
        CheckNext();
        using var leaving = no_grad();
        using var output = Network.Evaluate(_point, _context);
        var axis = Network.CausalAxis;
        if (axis != Network.FeatureAxis)
        {
            using var entry = output.narrow(axis, Place, 1);
            return entry.clone();
        }

        // Each parameter has all entries side by side: of every one the same place.
        using var scope = NewDisposeScope();
        var places = Enumerable.Range(0, Network.Outputs).Select(parameter => (parameter * _entries) + Place).ToArray();
        return output.index_select(axis, tensor(places, device: output.device)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">All entries are known.</exception>
    public override void Append(Tensor entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        CheckNext();
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        var place = _point.narrow(Network.CausalAxis, Place, 1);
        place.copy_(entry.detach().reshape(place.shape));
        _known++;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _point.Dispose();

    private void CheckNext()
    {
        ObjectDisposedException.ThrowIf(_point.IsInvalid, this);
        if (_known == _entries)
        {
            throw new InvalidOperationException(
                $"{Network.GetType().Name}: expected at most {_entries} entries in a pass, got one more.");
        }
    }
}
