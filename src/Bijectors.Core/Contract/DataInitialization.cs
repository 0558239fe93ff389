using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Data-dependent initialisation: inside this scope each bijector that a point passes through in the forward direction may set
/// its parameters from it. Outside, forward never changes anything.
/// </summary>
/// <remarks>Source: Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.1.</remarks>
public static class DataInitialization
{
    [ThreadStatic]
    private static bool s_active;

    /// <summary>Passes a batch through <paramref name="f"/> and lets every layer on the way initialise itself from it.</summary>
    /// <param name="f">The bijector to initialise.</param>
    /// <param name="x">A batch of data, <c>(batch..., event...)</c>; a few hundred items are enough.</param>
    /// <param name="context">The batch's context, where the bijector is conditional.</param>
    public static void Run(Bijector f, Tensor x, Tensor? context = null)
    {
        var outer = s_active;
        s_active = true;
        try
        {
            using var grad = no_grad();
            f.Forward(x, context).Dispose();
        }
        finally
        {
            s_active = outer;
        }
    }

    internal static void Visit(Bijector f, Tensor x)
    {
        if (s_active)
        {
            f.InitializeFrom(x);
        }
    }
}
