using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>
/// A causal network without parameters: the log-scale and the shift of an entry are functions of the entry before, and
/// zero where there is none. What it says of itself may be a lie.
/// </summary>
internal sealed class Preceding : CausalConditioner
{
    public Preceding()
        : base(contextSize: 0) => RegisterComponents();

    /// <summary>Whether the first entry reads the last, which no order allows.</summary>
    public bool GoesRound { get; init; }

    /// <summary>The order that it says it has.</summary>
    public int[]? Says { get; init; }

    /// <summary>Whether a pass is one of a network of another order.</summary>
    public bool PassesOtherwise { get; init; }

    public override int EventRank => 1;

    public override IReadOnlyList<int>? Order => Says;

    public override Shape OutputShape(Shape input) => input.With(-1, 2 * input[-1]);

    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var last = input.narrow(-1, input.size(-1) - 1, 1);
        var before = cat([GoesRound ? last : zeros_like(last), input.narrow(-1, 0, input.size(-1) - 1)], -1);
        return cat([before.tanh(), before.sin()], -1).MoveToOuterDisposeScope();
    }

    public override ConditionerPass Begin(Tensor like, Tensor? context) =>
        PassesOtherwise
            ? new Preceding { Says = [.. Enumerable.Range(0, (int)like.size(-1)).Reverse()] }.Begin(like, context)
            : base.Begin(like, context);

    public override CausalConditioner Frozen() =>
        new Preceding { GoesRound = GoesRound, Says = Says, PassesOtherwise = PassesOtherwise };
}
