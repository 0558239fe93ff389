using System.ComponentModel;
using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.CompilerServices;

/// <summary>The lives of tensors that a compiled bijector makes while it runs. Emitted code uses it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Temporaries
{
    /// <summary>
    /// Ends a pass of a loop: <paramref name="next"/> leaves the scope of the pass, and the state it replaces is
    /// disposed.
    /// </summary>
    public static Tensor Next(DisposeScope pass, Tensor state, Tensor next)
    {
        if (!ReferenceEquals(state, next))
        {
            state.Dispose();
        }

        return pass.MoveToOuter(next);
    }

    /// <summary>
    /// Ends a pass of a loop with several states: what is among the next states is kept, whatever its name.
    /// </summary>
    public static void Next(DisposeScope pass, ReadOnlySpan<Tensor> states, ReadOnlySpan<Tensor> next)
    {
        foreach (var state in states)
        {
            var goesOn = false;
            foreach (var tensor in next)
            {
                goesOn |= ReferenceEquals(state, tensor);
            }

            if (!goesOn)
            {
                state.Dispose();
            }
        }

        foreach (var tensor in next)
        {
            pass.MoveToOuter(tensor);
        }
    }

    /// <summary>
    /// Whether the result of an operation on a temporary may take its place in memory: no graph may need what stood
    /// there, and the result must have its shape and dtype.
    /// </summary>
    /// <param name="temporary">A tensor that nobody else reads.</param>
    /// <param name="operand">The other operand.</param>
    public static bool CanOverwrite(Tensor temporary, Tensor operand) => InPlace.CanOverwrite(temporary, operand);
}
