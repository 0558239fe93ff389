namespace Bijectors.Kernels;

/// <summary>The memory of a linear layer.</summary>
/// <param name="Weight">outputs x inputs.</param>
/// <param name="Bias">outputs, in the order of the staircase.</param>
/// <param name="Staircase">Which weights count, and the order of units and inputs; null for all, as they are.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Outputs">What it gives.</param>
internal readonly record struct DenseLayer(nint Weight, nint Bias, Staircase? Staircase, int Inputs, int Outputs)
{
    /// <summary>How many weights count.</summary>
    public long Count => Staircase?.Count ?? (long)Inputs * Outputs;
}
