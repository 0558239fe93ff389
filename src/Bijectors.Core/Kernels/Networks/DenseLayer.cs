namespace Bijectors;

/// <summary>The memory of a linear layer.</summary>
/// <param name="Weight">outputs x inputs.</param>
/// <param name="Bias">outputs.</param>
/// <param name="Mask">Which weights count, 1 or 0, like the weights; 0 for all.</param>
/// <param name="Inputs">What it reads.</param>
/// <param name="Outputs">What it gives.</param>
internal readonly record struct DenseLayer(nint Weight, nint Bias, nint Mask, int Inputs, int Outputs);
