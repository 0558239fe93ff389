using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>A value with the first derivatives of something else; second ones are an error.</summary>
internal sealed class FirstDerivatives : GradientFunction<FirstDerivatives, string>
{
    /// <param name="derivatives">What is differentiated.</param>
    /// <param name="value">The value, of that shape.</param>
    /// <param name="whose">What has no second derivatives, for the message.</param>
    public static Tensor Only(Tensor derivatives, Tensor value, string whose) => Apply(whose, derivatives, value);

    /// <inheritdoc/>
    protected override (Tensor Result, List<Tensor> Saved, string Call) Map(Tensor[] tensors, string call) =>
        (tensors[1].clone(), [], call);

    /// <inheritdoc/>
    protected override Tensor?[] Gradients(string call, List<Tensor> saved, Tensor given) => is_grad_enabled()
        ? throw new NotSupportedException(
            $"{call}: expected to be differentiated once, got a gradient that is to be differentiated again.")
        : [given.alias(), null];
}
