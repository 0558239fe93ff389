using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Training;

/// <summary>
/// The identity, until it has been called often enough: then its output, or only the gradient of its parameter, is
/// NaN.
/// </summary>
public sealed class Poison : Bijector
{
#pragma warning disable IDE1006 // the name in the state dict
    public readonly Parameter amount = (Parameter)nn.Parameter(zeros(1)).DetachFromDisposeScope();
#pragma warning restore IDE1006
    private readonly int _afterCalls;
    private readonly bool _inGradient;
    private int _calls;

    public Poison(int afterCalls, bool inGradient)
    {
        (_afterCalls, _inGradient) = (afterCalls, inGradient);
        RegisterComponents();
    }

    public override int EventRank => 0;

    public override bool IsVolumePreserving => true;

    protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        if (++_calls <= _afterCalls)
        {
            return (x + 0 * amount).MoveToOuterDisposeScope();
        }

        // sqrt(0) is finite, its slope is not: times zero it makes NaN of the gradient alone.
        return (_inGradient ? x + 0 * amount.sqrt() : x * double.NaN).MoveToOuterDisposeScope();
    }

    protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y.alias();

    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (ForwardCore(x, context), LogDets.Zero(x));

    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) =>
        (InverseCore(y, context), LogDets.Zero(y));
}
