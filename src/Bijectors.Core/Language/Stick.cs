using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A stick of length one, broken piece by piece: probabilities from shares.</summary>
public static class Stick
{
    /// <summary>
    /// <c>y_i = v_i (1 - v_1) ... (1 - v_(i-1))</c>, where piece i takes the share <c>v_i = sigmoid(x_i)</c> of what is
    /// left, and what is left in the end for the last: <c>y_K = (1 - v_1) ... (1 - v_(K-1))</c>. One to one from the
    /// reals onto <see cref="Domain.Simplex"/>. All products are sums of logarithms.
    /// </summary>
    /// <param name="logits">The shares as logits, <c>(..., K - 1)</c>: of a share close to one itself, what it leaves
    /// has few digits.</param>
    /// <returns>The pieces, <c>(..., K)</c>: positive, with sum 1; a fresh tensor.</returns>
    /// <exception cref="ArgumentException">The logits have no dimension.</exception>
    public static Tensor Pieces(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        if (logits.dim() == 0)
        {
            throw new ArgumentException(
                "Stick.Pieces: expected logits (..., K - 1), got a tensor of shape (); give it a last dimension.");
        }

        using var logs = LogPieces(logits);
        return logs.exp();
    }

    /// <summary>The logarithms of the pieces, <c>(..., K)</c>, finite also where a piece is rounded to zero.</summary>
    internal static Tensor LogPieces(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var left = nn.functional.logsigmoid(-logits).cumsum(-1);
        var none = zeros_like(left.narrow(-1, 0, 1));
        var before = cat([none, left], -1);
        var taken = cat([nn.functional.logsigmoid(logits), none], -1);
        return (taken + before).MoveToOuterDisposeScope();
    }
}
