using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>A run as a callback sees it.</summary>
public sealed class TrainingMoment
{
    internal TrainingMoment(nn.Module module, IReadOnlyList<EpochRecord> history) =>
        (Module, History) = (module, history);

    /// <summary>What is trained, with the weights of the latest update, not their average.</summary>
    public nn.Module Module { get; }

    /// <summary>What came of the epochs so far.</summary>
    public IReadOnlyList<EpochRecord> History { get; }

    /// <summary>The current epoch, from 1.</summary>
    public int Epoch { get; internal set; }

    /// <summary>The number of updates so far.</summary>
    public long Step { get; internal set; }

    /// <summary>How much of the run is done, 0 to 1.</summary>
    public double Fraction { get; internal set; }

    /// <summary>The loss of the latest update, before it, in the unit of the objective.</summary>
    public double Loss { get; internal set; }

    /// <summary>The norm of the latest gradient, before it was clipped.</summary>
    public double GradientNorm { get; internal set; }

    /// <summary>The learning rate of the latest update.</summary>
    public double LearningRate { get; internal set; }

    /// <summary>Whether the run is to stop.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Stops the run after the current update; what is trained is validated and kept.</summary>
    public void Stop() => IsStopping = true;
}
