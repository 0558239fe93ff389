namespace Bijectors;

/// <content>The usual map of the reals onto it.</content>
public sealed partial record Interval
{
    /// <summary>The identity, exp from the finite end, or the logistic function between two ends.</summary>
    protected internal override Bijector FromReals() => (double.IsInfinity(Low), double.IsInfinity(High)) switch
    {
        (true, true) => new Identity(),
        (false, true) => Low == 0 ? new Exp() : new Exp() >> new Shift(Low),
        (true, false) => new Exp() >> new Affine(-1, High),
        _ => this == Unit ? new Sigmoid() : new Sigmoid() >> new Affine(High - Low, Low),
    };
}
