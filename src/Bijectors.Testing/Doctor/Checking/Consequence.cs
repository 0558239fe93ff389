namespace Bijectors.Testing.Doctor;

/// <summary>What follows for the user where an operation is wrong.</summary>
internal static class Consequence
{
    private const string OfConvolutions =
        "Networks that call torch's convolutions themselves get these numbers; layers of Bijectors do not use them. "
        + "Set the environment variable ONEDNN_MAX_CPU_ISA=SSE41 before the process starts, then run this again.";

    private const string OfValues =
        "Densities, samples and gradients that use it are wrong on this machine, whatever the model.";

    private const string OfGradients =
        "Its values are right: densities and samples of trained models are too, but training on this machine is not.";

    private const string Cure =
        " Start the process with the environment variable ATEN_CPU_CAPABILITY=default, or use another version of "
        + "libtorch, and run this again; while the line stays, trust no results from this machine.";

    /// <summary>One or two sentences.</summary>
    public static string Of(Operation operation, bool isValueWrong) =>
        operation.Name == "nn.functional.conv2d" ? OfConvolutions
        : (isValueWrong ? OfValues : OfGradients) + Cure;
}
