using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Backward passes whose failures arrive with their own message.</summary>
/// <remarks>
/// Some layers compute their gradients in C#, called by torch. An exception there cannot pass through torch's own code:
/// it is kept, torch is made to stop with an error of its own, and the exception is thrown when torch has returned.
/// <c>loss.backward()</c> alone throws torch's error, which does not say why.
/// </remarks>
public static class BackwardPass
{
    /// <summary><c>loss.backward()</c>, but what went wrong in a layer is thrown as it was.</summary>
    /// <param name="loss">A tensor of one number.</param>
    public static void Run(Tensor loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Run(() => loss.backward());
    }

    /// <summary>Runs a call of <c>torch.autograd</c>; what went wrong in a layer is thrown as it was.</summary>
    /// <param name="pass">The call.</param>
    public static void Run(Action pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        BackwardFailures.Run(pass);
    }

    /// <summary>The same for a call that gives a result, such as <c>torch.autograd.grad</c>.</summary>
    /// <param name="pass">The call.</param>
    /// <returns>What the call gives.</returns>
    public static TResult Run<TResult>(Func<TResult> pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return BackwardFailures.Run(pass);
    }
}
