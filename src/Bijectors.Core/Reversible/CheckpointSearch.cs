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
                $"{nameof(ReversiblePass)}: expected layers that give the same output for the "
                + "same input, got another one; "
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
            var found = inputs[i];
            if (!pass.IsKept[i] && Reason(pass, i, point, inputs[i], context, ref found) is { } reason)
            {
                pass.Mark(i, reason);
                found = inputs[i];
            }

            point = found;
        }
    }

    /// <summary>Why a step must be checkpointed, if it must; else its input as it was found.</summary>
    private static string? Reason(
        ReversiblePass pass, int step, Tensor point, Tensor input, Tensor? context, ref Tensor found)
    {
        try
        {
            using var finite = input.isfinite();
            using var all = finite.all();
            if (!all.item<bool>())
            {
                // Nothing that is found from here on says anything of the layer.
                return null;
            }

            found = pass.Steps[step].Undo(point, context);
            return Off("going back, its input", found, input)
                ?? Off("going back and forth, its output", pass.Map(step, found, context).Point, point);
        }
        catch (Exception e)
        {
            return $"going back failed: {e.Message}";
        }
    }

    private static string? Off(string what, Tensor found, Tensor point)
    {
        var (error, tolerance) = (Reconstruction.Error(found, point), Reconstruction.Tolerance(point.dtype));
        return error <= tolerance ? null : FormattableString.Invariant(
            $"{what} came out with a relative error of {error:G2}, more than {tolerance:G2}");
    }
}
