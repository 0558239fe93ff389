using System.ComponentModel;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>The inverse, the log-dets and the shapes of <see cref="Stick.Pieces"/>. Emitted code uses it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class StickPieces
{
    /// <summary>The pieces, and <c>log|dy/dx| = sum of log y_i + log(K)/2</c> in the measure of the simplex.</summary>
    /// <param name="x">The shares as logits, <c>(..., K - 1)</c>.</param>
    /// <param name="eventRank">The number of last dimensions that are an event.</param>
    /// <returns>Fresh tensors: <c>(..., K)</c>, and nats, broadcastable to the batch shape.</returns>
    public static (Tensor Y, Tensor LogDet) WithLogDet(Tensor x, int eventRank)
    {
        using var logs = Stick.LogPieces(x);
        return (logs.exp(), LogDet(logs, x, eventRank));
    }

    /// <summary>The logits with these pieces: <c>x_i = log y_i - log(y_(i+1) + ... + y_K)</c>.</summary>
    /// <param name="y">The pieces, <c>(..., K)</c>.</param>
    /// <returns>A fresh tensor, <c>(..., K - 1)</c>.</returns>
    public static Tensor Logits(Tensor y)
    {
        using var logs = y.log();
        return Logits(y, logs);
    }

    /// <summary>The same, with <c>log|dy/dx|</c> there.</summary>
    public static (Tensor X, Tensor LogDet) LogitsWithLogDet(Tensor y, int eventRank)
    {
        using var logs = y.log();
        return (Logits(y, logs), LogDet(logs, y, eventRank));
    }

    /// <summary>The shape of the pieces, <c>(K)</c>.</summary>
    /// <exception cref="ShapeException">The logits are no vector.</exception>
    public static Shape OutputShape(Bijector f, Shape input) => input.Rank == 1
        ? Shape.Vector(input[-1] + 1)
        : throw new ShapeException($"{f}", "expected a vector of logits", $"got {input}");

    /// <summary>The shape of the logits, <c>(K - 1)</c>.</summary>
    /// <exception cref="ShapeException">The pieces are no vector, or there is only one.</exception>
    public static Shape InputShape(Bijector f, Shape output) => output.Rank == 1 && output[-1] > 1
        ? Shape.Vector(output[-1] - 1)
        : throw new ShapeException($"{f}", "expected two probabilities or more", $"got {output}");

    private static Tensor Logits(Tensor y, Tensor logs)
    {
        using var scope = NewDisposeScope();
        var count = y.size(-1) - 1;

        // What is left behind each piece, summed from the end: so small pieces keep their digits.
        var left = y.flip(-1).cumsum(-1).flip(-1).narrow(-1, 1, count);
        return (logs.narrow(-1, 0, count) - left.log()).MoveToOuterDisposeScope();
    }

    private static Tensor LogDet(Tensor logs, Tensor like, int eventRank)
    {
        using var scope = NewDisposeScope();
        var each = logs.sum([-1L]) + (0.5 * Math.Log(logs.size(-1)));
        return LogDets.Sum(each, like, eventRank, termRank: 1).MoveToOuterDisposeScope();
    }
}
