using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>A frozen <see cref="Sketch"/>: <c>y = x exp(a) + b</c> with constants.</summary>
internal sealed class Copied : Bijector
{
    private readonly Tensor logScale;
    private readonly Tensor shift;

    public Copied(Tensor logScale, Tensor shift)
    {
        (this.logScale, this.shift) = (logScale.DetachFromDisposeScope(), shift.DetachFromDisposeScope());
        RegisterComponents();
    }

    public Tensor Shared
    {
        init => register_buffer("shared", value);
    }

    public double Off { get; init; }

    public double OffFused { get; init; }

    public double OffLogDet { get; init; }

    public Domain Onto { get; init; } = Domain.Real;

    public override int EventRank => 1;

    public override Domain Codomain => Onto;

    public static Copied Of(Sketch f) => new(f.A.detach().clone(), f.B.detach().clone());

    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => Map(x, Off);

    protected internal override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return ((y - shift) * (-logScale).exp()).MoveToOuterDisposeScope();
    }

    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank)
    {
        using var slope = logScale + OffLogDet;
        return (Map(x, OffFused), LogDets.Sum(slope, x, eventRank));
    }

    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank)
    {
        using var slope = -logScale;
        return (InverseCore(y, context), LogDets.Sum(slope, y, eventRank));
    }

    private Tensor Map(Tensor x, double off)
    {
        using var scope = NewDisposeScope();
        return (x * logScale.exp() + shift + off).MoveToOuterDisposeScope();
    }
}
