using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A <see cref="CausalConditioner"/> in a pass through the entries of a point: it gives the parameters of the
/// next entry and is then given that entry.</summary>
public abstract class ConditionerPass : CausalPass
{
    private readonly CausalConditioner _network;
    private readonly int _featureAxis;
    private readonly int _outputs;

    /// <summary>A pass of a network.</summary>
    /// <param name="network">The network.</param>
    protected ConditionerPass(CausalConditioner network)
    {
        ArgumentNullException.ThrowIfNull(network);
        _network = network;
        (_featureAxis, _outputs) = (network.FeatureAxis, network.Outputs);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int>? Order => _network.Order;

    /// <inheritdoc/>
    public override int? Axis => _network.CausalAxis;

    /// <summary>The network.</summary>
    protected CausalConditioner Network => _network;

    /// <summary>What <see cref="Conditioner.Evaluate"/> gives for the next entry.</summary>
    /// <returns>The shape of one entry with <see cref="CausalConditioner.Outputs"/> times its features,
    /// fresh.</returns>
    /// <exception cref="InvalidOperationException">There is no next entry.</exception>
    public abstract Tensor Evaluate();

    /// <summary>What <see cref="Conditioner.ScaleAndShift"/> gives for the next entry.</summary>
    /// <returns>The raw log-scale and the shift, each of the shape of one entry, both fresh.</returns>
    /// <exception cref="InvalidOperationException">There is no next entry.</exception>
    public virtual (Tensor LogScale, Tensor Shift) ScaleAndShift()
    {
        using var output = Evaluate();
        return ParameterGroups.Halves(Network, output, _featureAxis);
    }

    /// <summary>What <see cref="CausalConditioner.Table"/> gives for the next entry.</summary>
    /// <returns>The shape of one entry, and one dimension more for its parameters, fresh.</returns>
    /// <exception cref="InvalidOperationException">There is no next entry.</exception>
    public Tensor Table()
    {
        using var output = Evaluate();
        return ParameterGroups.Stacked(Network, output, _featureAxis, _outputs);
    }

    /// <summary>What <see cref="CausalConditioner.Spline"/> gives for the next entry.</summary>
    /// <returns>Widths, heights and slopes, each of the shape of one entry, and one dimension more, all
    /// fresh.</returns>
    /// <exception cref="InvalidOperationException">There is no next entry.</exception>
    public (Tensor Widths, Tensor Heights, Tensor Slopes) Spline()
    {
        using var table = Table();
        return RationalQuadratic.Split(table, (_outputs + 1) / 3);
    }
}
