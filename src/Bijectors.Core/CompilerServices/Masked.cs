using System.ComponentModel;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>Maps of those entries of a part that a mask does not keep. Emitted code uses it.</summary>
/// <remarks>
/// Products with the mask would be that in exact numbers only: 0 times what a map gives outside of its domain is no
/// number. What is kept is chosen instead, and an entry that is kept goes through the map as a number from inside its
/// domain, so that gradients are finite.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Masked
{
    private static readonly ConditionalWeakTable<Tensor, object?> s_seen = [];

    /// <summary>Where a mask keeps, as booleans.</summary>
    /// <param name="mask">Zeros and ones.</param>
    /// <returns>A fresh tensor of the shape of the mask.</returns>
    public static Tensor Kept(Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        return mask.eq(1);
    }

    /// <summary>The part, with a number in the place of what is kept.</summary>
    /// <param name="kept">Where the mask keeps.</param>
    /// <param name="part">The part.</param>
    /// <param name="number">A number inside the domain of the map.</param>
    /// <returns>A fresh tensor.</returns>
    public static Tensor StandIn(Tensor kept, Tensor part, double number)
    {
        ArgumentNullException.ThrowIfNull(part);
        using var filling = full([], number, dtype: part.dtype, device: part.device);
        return where(kept, filling, part);
    }

    /// <summary>The mapped part, with what the map makes of a number in the place of what is kept.</summary>
    /// <param name="kept">Where the mask keeps.</param>
    /// <param name="part">The mapped part.</param>
    /// <param name="number">A number inside the domain of the map.</param>
    /// <param name="map">The map.</param>
    /// <returns>A fresh tensor.</returns>
    public static Tensor StandIn(Tensor kept, Tensor part, double number, Func<Tensor, Tensor> map)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(map);
        using var scope = NewDisposeScope();
        Tensor image;
        using (no_grad())
        {
            image = map(full_like(part, number));
        }

        return where(kept, image.detach(), part).MoveToOuterDisposeScope();
    }

    /// <summary>A log-slope where entries are mapped, 0 where they are kept.</summary>
    /// <param name="kept">Where the mask keeps.</param>
    /// <param name="logSlope">The log-slope of the map; it broadcasts against the part.</param>
    /// <returns>A fresh tensor.</returns>
    public static Tensor LogSlope(Tensor kept, Tensor logSlope)
    {
        using var scope = NewDisposeScope();
        return where(kept, zeros_like(logSlope), logSlope).MoveToOuterDisposeScope();
    }

    /// <summary>A log-slope that is one number where entries are mapped, 0 where they are kept.</summary>
    /// <param name="kept">Where the mask keeps.</param>
    /// <param name="logSlope">The number.</param>
    /// <param name="like">The part: its dtype counts.</param>
    /// <returns>A fresh tensor of the shape of the mask.</returns>
    public static Tensor LogSlope(Tensor kept, double logSlope, Tensor like)
    {
        ArgumentNullException.ThrowIfNull(kept);
        ArgumentNullException.ThrowIfNull(like);
        using var scope = NewDisposeScope();
        var everywhere = full([], logSlope, dtype: like.dtype, device: like.device);
        return where(kept, zeros_like(everywhere), everywhere).MoveToOuterDisposeScope();
    }

    /// <summary>Sees to it that a mask that is computed is one, see below.</summary>
    public static void Check(Bijector f, Func<Tensor> mask, string name, Shape part)
    {
        ArgumentNullException.ThrowIfNull(mask);
        using var scope = NewDisposeScope();
        Check(f, mask(), name, part);
    }

    /// <summary>Sees to it that a mask holds zeros and ones, and belongs to an event.</summary>
    /// <param name="f">The bijector.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="part">The shape of the part that it masks, that of one event.</param>
    /// <exception cref="ShapeException">It has more dimensions than an event, or others.</exception>
    /// <exception cref="ArgumentException">It holds other numbers, or is trained.</exception>
    public static void Check(Bijector f, Tensor mask, string name, Shape part)
    {
        ArgumentNullException.ThrowIfNull(mask);
        Checks.Operand(f, mask, name, part);
        if (mask.dim() > part.Rank)
        {
            throw new ShapeException(
                $"{f}", $"expected a mask '{name}' of at most the {part.Rank} dimensions of an event",
                $"got {Shape.Of(mask.shape)}");
        }

        if (mask.requires_grad)
        {
            throw new ArgumentException(
                $"{f}: expected a mask '{name}' that stays as it is, got one that takes gradients; "
                + "hold it in a tensor, "
                + "not in a parameter.");
        }

        if (!HoldsBinary(mask))
        {
            throw new ArgumentException(
                $"{f}: expected zeros and ones in the mask '{name}', got other numbers; leave [Mask] out where it is "
                + "none.");
        }
    }

    // On other devices than the CPU, where to look is to wait, each is looked at once.
    private static bool HoldsBinary(Tensor mask)
    {
        var isFar = mask.device_type != DeviceType.CPU;
        if (isFar && s_seen.TryGetValue(mask, out _))
        {
            return true;
        }

        using var scope = NewDisposeScope();
        var holds = mask.eq(0).logical_or(mask.eq(1)).all().item<bool>();
        if (holds && isFar)
        {
            s_seen.AddOrUpdate(mask, null);
        }

        return holds;
    }
}
