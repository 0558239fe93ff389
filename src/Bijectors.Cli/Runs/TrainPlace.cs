using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>Where a training leaves what it makes.</summary>
/// <param name="Model">The file of the model.</param>
/// <param name="Checkpoints">Where the run is saved on the way; null for nowhere.</param>
/// <param name="Run">The directory of the run; null for none.</param>
internal sealed record TrainPlace(string Model, Checkpoints? Checkpoints, RunFolder? Run = null);
