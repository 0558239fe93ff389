using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A trained scale and shift of each hidden unit, <c>w h + b</c>; with layer normalisation of
/// <c>(h - mean) / sqrt(variance + 1e-5)</c> over the units of an item.
/// </summary>
internal sealed class UnitScaling : nn.Module
{
    // That of torch.nn.LayerNorm.
    private const double LeastVariance = 1e-5;

    private readonly Tensor scale;
    private readonly Tensor shift;
    private readonly bool _isLayerNorm;
    private readonly int _axis;

    /// <param name="units">How many units there are.</param>
    /// <param name="axis">The dimension that they lie along, counted from the end.</param>
    /// <param name="isLayerNorm">Whether items are normalised first.</param>
    public UnitScaling(long units, int axis, bool isLayerNorm)
        : base(nameof(UnitScaling))
    {
        (_axis, _isLayerNorm) = (axis, isLayerNorm);
        scale = Initial.Constant(1, Along(units));
        shift = Initial.Constant(0, Along(units));
        RegisterComponents();

        long[] Along(long units) => [units, .. Enumerable.Repeat(1L, -axis - 1)];
    }

    private UnitScaling(UnitScaling source)
        : base(nameof(UnitScaling))
    {
        (_axis, _isLayerNorm) = (source._axis, source._isLayerNorm);
        (scale, shift) = (Initial.Snapshot(source.scale), Initial.Snapshot(source.shift));
        RegisterComponents();
    }

    /// <summary>w, the shape of the units.</summary>
    public Tensor Scale => scale;

    /// <summary>b, the shape of the units.</summary>
    public Tensor Shift => shift;

    /// <summary>Scales and shifts hidden units.</summary>
    /// <param name="h"><c>(..., units, ...)</c></param>
    /// <returns>A fresh tensor of that shape.</returns>
    public Tensor Apply(Tensor h)
    {
        using var scope = NewDisposeScope();
        if (_isLayerNorm)
        {
            h = h - h.mean([_axis], keepdim: true);
            h = h * (h.square().mean([_axis], keepdim: true) + LeastVariance).rsqrt();
        }

        return ((h * scale) + shift).MoveToOuterDisposeScope();
    }

    /// <summary>The same of constants.</summary>
    public UnitScaling Frozen() => new(this);
}
