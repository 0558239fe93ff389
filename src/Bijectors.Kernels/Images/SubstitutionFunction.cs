using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// The solution of <c>(I + N) x = y</c> with gradients in closed form: <c>w = (I + N)^-T v</c> of y, which is a
/// substitution in the opposite order, and <c>-sum w[p] x[p - o]^T</c> of the matrix of a tap o.
/// </summary>
internal sealed class SubstitutionFunction : GradientFunction<SubstitutionFunction, TapOrder>
{
    /// <param name="y">Images <c>(N, C, height, width)</c>.</param>
    /// <param name="taps">The matrices, <c>(K, C, C)</c>.</param>
    /// <param name="order">Where the taps lie.</param>
    public static Tensor Apply(Tensor y, Tensor taps, TapOrder order) => Apply(order, y, taps);

    /// <inheritdoc/>
    protected override (Tensor Result, List<Tensor> Saved, TapOrder Call) Map(Tensor[] tensors, TapOrder call)
    {
        var x = FusedSubstitution.Values(tensors[0], tensors[1], call);
        return (x, [x.detach(), .. tensors], call);
    }

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(TapOrder call, List<Tensor> saved, Tensor given)
    {
        var (x, y, taps) = (saved[0], saved[1], saved[2]);
        if (is_grad_enabled())
        {
            // As a function of y and the taps, to be differentiated again.
            x = FusedSubstitution.Solve(y, taps, call);
        }

        var w = FusedSubstitution.Solve(given, taps.mT, call.Opposite());
        return [w, TapGradients(w, x, call)];
    }

    private static Tensor TapGradients(Tensor w, Tensor x, TapOrder order)
    {
        using var scope = NewDisposeScope();
        var (after, before) = (order.Turned(w), order.Turned(x));
        var sums = stack(order.Taps.Select(tap => TapGradient(after, before, tap.Down, tap.Right)).ToList());
        return (-sums).MoveToOuterDisposeScope();
    }

    /// <summary>The sum of <c>w[p] x[p - o]^T</c> over all pixels of all images whose other pixel exists.</summary>
    private static Tensor TapGradient(Tensor w, Tensor x, int down, int right)
    {
        var (channels, rows, columns) = (x.size(1), x.size(2) - down, x.size(3) - Math.Abs(right));
        return rows <= 0 || columns <= 0
            ? zeros([channels, channels], x.dtype, x.device)
            : Columns(w, down, Math.Max(0, right)).mm(Columns(x, 0, Math.Max(0, -right)).mT);

        Tensor Columns(Tensor images, long row, long column) => images
            .narrow(2, row, rows).narrow(3, column, columns).permute(1, 0, 2, 3).reshape(channels, -1);
    }
}
