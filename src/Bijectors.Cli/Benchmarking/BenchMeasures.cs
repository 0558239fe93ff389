namespace Bijectors.Cli;

/// <summary>What was measured of a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Parameters">The number of trained numbers.</param>
/// <param name="TrainStep">Gradients set to zero, minus the mean log-density, backward, Adam.</param>
/// <param name="Density">The log-density of a batch, without gradients.</param>
/// <param name="Sample">Drawing the samples, without gradients.</param>
/// <param name="TrainOperations">The multiplications and additions of matrix products that a training
/// step needs.</param>
internal sealed record BenchMeasures(
    BenchCase Case, long Parameters, BenchTime TrainStep, BenchTime Density, BenchTime Sample, double TrainOperations);
