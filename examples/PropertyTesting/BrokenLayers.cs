using Bijectors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

/// <summary>Forgets that tanh has a slope of its own.</summary>
public sealed class ForgotATerm(long size) : GoodLayer(size)
{
    public override Domain Codomain => Domain.Interval(-1, 1);

    protected override Tensor Map(Tensor x) => base.Map(x).tanh();

    protected override Tensor Undo(Tensor y) => base.Undo(y.atanh());
}

/// <summary>
/// The log-det has the wrong sign in both directions, so that forward and inverse agree with each other.
/// </summary>
public sealed class WrongSignBothWays(long size) : GoodLayer(size)
{
    protected override Tensor LogSlope(Tensor x) => -a;
}

/// <summary>Undoes the shift and the scale in the order in which they were done.</summary>
public sealed class WrongOrder(long size) : GoodLayer(size)
{
    protected override Tensor Undo(Tensor y) => y * (-a).exp() - b;
}

/// <summary>The inverse of the square is the other root.</summary>
public sealed class OtherBranch(long size) : GoodLayer(size)
{
    public override Domain Codomain => Domain.Positive;

    protected override Tensor Map(Tensor x) => base.Map(x).square();

    protected override Tensor Undo(Tensor y) => base.Undo(-y.sqrt());

    protected override Tensor LogSlope(Tensor x) => a + (2 * base.Map(x)).abs().log();
}

/// <summary>Says that it is onto all reals, and is onto the positive ones.</summary>
public sealed class NotOnto(long size) : GoodLayer(size)
{
    protected override Tensor Map(Tensor x) => base.Map(x).exp();

    protected override Tensor Undo(Tensor y) => base.Undo(y.log());

    protected override Tensor LogSlope(Tensor x) => a + base.Map(x);
}

/// <summary>Sums the log-det over the batch as well.</summary>
public sealed class SumsTheBatch(long size) : GoodLayer(size)
{
    protected override Tensor Total(Tensor logSlope, Tensor like, int eventRank) => logSlope.expand_as(like).sum();
}

/// <summary>The shift is not trained: no gradient reaches it.</summary>
public sealed class DetachesAParameter(long size) : GoodLayer(size)
{
    protected override Tensor Map(Tensor x) => x * a.exp() + b.detach();
}

/// <summary>Has dropout inside, so that the inverse undoes another map.</summary>
public sealed class DropsOut(long size) : GoodLayer(size)
{
    private readonly Dropout dropout = nn.Dropout(0.5);

    protected override Tensor Map(Tensor x) => base.Map(x) + dropout.forward(ones_like(x));

    protected override Tensor Undo(Tensor y) => base.Undo(y - dropout.forward(ones_like(y)));
}

/// <summary>A random order that is not in the state dictionary: a loaded model is another one.</summary>
public sealed class ForgetsItsOrder(long size) : GoodLayer(size)
{
    private static int s_made;
    private readonly long _by = ++s_made % size;

    protected override Tensor Map(Tensor x) => base.Map(x).roll(_by, -1);

    protected override Tensor Undo(Tensor y) => base.Undo(y.roll(-_by, -1));
}

/// <summary>Keeps what it computed last, and with it the memory.</summary>
public sealed class KeepsACache(long size) : GoodLayer(size)
{
    private Tensor? _last;

    protected override Tensor Map(Tensor x)
    {
        _last = base.Map(x).DetachFromDisposeScope();
        return _last.alias();
    }
}
