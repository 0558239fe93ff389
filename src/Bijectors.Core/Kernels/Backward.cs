using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>What every backward pass in C# has to see to between the native frames.</summary>
internal static class Backward
{
    [ThreadStatic]
    private static List<Tensor>? t_returned;

    /// <summary>Computes gradients.</summary>
    /// <param name="given">The gradients that came in, null where there are none; disposed.</param>
    /// <param name="gradients">Computes those that go out, in a scope of its own.</param>
    /// <param name="saved">What was saved: the inputs first.</param>
    /// <param name="inputs">The number of inputs that are tensors.</param>
    /// <returns>One gradient for each input; null for all where none came in, NaN where the computation failed.</returns>
    public static List<Tensor> Run(Tensor?[] given, Func<Tensor?[]> gradients, Func<List<Tensor>> saved, int inputs)
    {
        Release();
        try
        {
            using var scope = NewDisposeScope();
            if (given.All(g => g is null))
            {
                return [.. new Tensor[inputs]];
            }

            try
            {
                return Return(gradients());
            }
            catch (Exception)
            {
                // An exception must not reach the native frames below; NaN gradients are seen, and training refuses them.
                return Return([.. saved().Take(inputs).Select(t => full_like(t, double.NaN))]);
            }
        }
        finally
        {
            foreach (var gradient in given)
            {
                gradient?.Dispose();
            }
        }
    }

    /// <summary>Lets go of the gradients of this thread's last call: what the native side needs of them it holds itself by now, and they may be large.</summary>
    public static void Release()
    {
        t_returned?.ForEach(t => t.Dispose());
        t_returned?.Clear();
    }

    private static List<Tensor> Return(Tensor?[] gradients)
    {
        t_returned ??= [];
        foreach (var gradient in gradients)
        {
            if (gradient is not null)
            {
                t_returned.Add(gradient);
                gradient.DetachFromDisposeScope();
            }
        }

        return [.. gradients.Select(g => g!)];
    }
}
