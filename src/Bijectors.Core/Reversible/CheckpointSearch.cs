using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Finds the steps whose inverses lose digits.</summary>
internal static class CheckpointSearch
{
    /// <summary>The inputs of all steps, run again from the first.</summary>
    /// <exception cref="InvalidOperationException">Another output came out than the first time.</exception>
    public static Tensor[] Inputs(ReversiblePass pass, Tensor input, Tensor output, Tensor? context)
    {
        List<Tensor> inputs = [input];
        var (again, _) = pass.Run(input, context, _ => true, inputs);
        var tolerance = Reconstruction.Tolerance(output.dtype);
        if (!again.allclose(output, tolerance, tolerance, equal_nan: true))
        {
            throw new InvalidOperationException(
                $"{nameof(ReversiblePass)}: expected layers that give the same output for the same input, got another one; "
                + "change no weights between forward and backward, and use no layer that draws random numbers.");
        }

        return [.. inputs];
    }

    /// <summary>Goes back from the output, and marks each step at which what is found is not what it was.</summary>
    public static void Mark(ReversiblePass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor? context)
    {
        var point = output;
        for (var i = inputs.Count - 1; i > 0; i--)
        {
            var (found, reason) = pass.IsKept[i] ? (inputs[i], null) : Undone(pass.Steps[i], point, inputs[i], context);
            if (reason is not null)
            {
                pass.Mark(i, reason);
            }

            point = found;
        }
    }

    private static (Tensor Found, string? Reason) Undone(ChainStep step, Tensor point, Tensor input, Tensor? context)
    {
        try
        {
            var found = step.Undo(point, context);
            var (error, tolerance) = (Reconstruction.Error(found, input), Reconstruction.Tolerance(input.dtype));
            if (error <= tolerance)
            {
                return (found, null);
            }

            using var finite = input.isfinite();
            using var all = finite.all();
            return (input, !all.item<bool>() ? null : FormattableString.Invariant(
                $"going back, its input came out with a relative error of {error:G2}, more than {tolerance:G2}"));
        }
        catch (Exception e)
        {
            return (input, $"going back failed: {e.Message}");
        }
    }
}
