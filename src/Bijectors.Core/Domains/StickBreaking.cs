using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Probabilities from any vectors, as a stick is broken piece by piece: <c>y_i = v_i (1 - v_1) ... (1 - v_(i-1))</c>
/// with <c>v_i = sigmoid(x_i - log(K - i))</c>, and what is left for the last; <c>(K - 1) -> (K)</c>, Real to
/// <see cref="Domain.Simplex"/>. <c>log|dy/dx| = sum of log y_i + log(K) / 2</c> in the measure of the surface. Zeros
/// give equal probabilities.
/// </summary>
/// <remarks>
/// All products are sums of logarithms, and what is left of the stick is summed from its end, so that small pieces keep
/// their digits in both directions. Source: Stan Reference Manual, "Unit simplex".
/// </remarks>
// By hand: the last piece is what the sum of the others leaves, which the language could only write as a difference,
// without the digits of a small one.
public sealed class StickBreaking : Bijector
{
    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override Domain Codomain => Domain.Simplex;

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => Shape.Vector(input[-1] + 1);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => output[-1] > 1
        ? Shape.Vector(output[-1] - 1)
        : throw new ShapeException(nameof(StickBreaking), "expected two probabilities or more", $"got {output}");

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var logs = Logs(x);
        return logs.exp();
    }

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank)
    {
        using var logs = Logs(x);
        return (logs.exp(), LogDet(logs, x, eventRank));
    }

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var count = y.size(-1) - 1;

        // What is left behind each piece, summed from the end.
        var left = y.flip(-1).cumsum(-1).flip(-1).narrow(-1, 1, count);
        var logits = y.narrow(-1, 0, count).log() - left.log();
        return (logits + Offsets(count, y)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank)
    {
        using var logs = y.log();
        return (InverseCore(y, context), LogDets.Negate(LogDet(logs, y, eventRank)));
    }

    /// <summary>The logarithms of the pieces.</summary>
    private static Tensor Logs(Tensor x)
    {
        using var scope = NewDisposeScope();
        var logits = x - Offsets(x.size(-1), x);
        var left = nn.functional.logsigmoid(-logits).cumsum(-1);
        var none = zeros_like(left.narrow(-1, 0, 1));
        var before = cat([none, left], -1);
        var taken = cat([nn.functional.logsigmoid(logits), none], -1);
        return (taken + before).MoveToOuterDisposeScope();
    }

    private static Tensor LogDet(Tensor logs, Tensor like, int eventRank)
    {
        using var scope = NewDisposeScope();
        var each = logs.sum([-1L]) + (0.5 * Math.Log(logs.size(-1)));
        return LogDets.Sum(each, like, eventRank, termRank: 1).MoveToOuterDisposeScope();
    }

    /// <summary><c>log(K - i)</c> for the pieces i = 1, ..., K - 1.</summary>
    private static Tensor Offsets(long count, Tensor like)
    {
        using var numbers = arange(count, 0, -1, like.dtype, like.device);
        return numbers.log();
    }
}
