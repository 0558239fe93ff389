using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>Results that take the memory of an operand.</summary>
internal static class InPlace
{
    /// <summary>
    /// Whether the result of an operation on a temporary may take its place in memory: no graph may need what stood
    /// there, and the result must have its shape and dtype.
    /// </summary>
    /// <param name="temporary">A tensor that nobody else reads.</param>
    /// <param name="operand">The other operand.</param>
    public static bool CanOverwrite(Tensor temporary, Tensor operand)
    {
        if (temporary.requires_grad || (operand.requires_grad && is_grad_enabled()) || temporary.dtype != operand.dtype)
        {
            return false;
        }

        var (wide, narrow) = ((int)temporary.dim(), (int)operand.dim());
        for (var i = 1; i <= narrow; i++)
        {
            if (i > wide || (operand.size(narrow - i) != 1 && operand.size(narrow - i) != temporary.size(wide - i)))
            {
                return false;
            }
        }

        return true;
    }
}
