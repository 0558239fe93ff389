using Bijectors.Distributed;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// What a module is trained for: a loss from a batch and noise, its unit, and the measure by which the best weights are
/// chosen. <see cref="MaximumLikelihood"/> is one; one of one's own overrides <see cref="Loss"/>.
/// </summary>
public abstract class Objective
{
    /// <summary>An objective of a module.</summary>
    /// <param name="module">What is trained: its parameters that require a gradient. It stays the caller's.</param>
    protected Objective(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        Module = module;
    }

    /// <summary>What is trained.</summary>
    public nn.Module Module { get; }

    /// <summary>
    /// In what the loss is reported. Where it is <see cref="LossUnit.BitsPerDimension"/>, <see cref="Loss"/> is in nats
    /// and is divided by <c>D ln 2</c> for reports.
    /// </summary>
    public virtual LossUnit Unit => LossUnit.None;

    /// <summary>
    /// The number D that the loss is divided by before its gradient is taken, so that learning rates and clip norms
    /// mean the same for small and large events: that of dimensions where the loss is in nats, 1 otherwise.
    /// </summary>
    public virtual long Dimensions => 1;

    /// <summary>In what <see cref="Validate"/> measures: <see cref="Unit"/> unless overridden.</summary>
    public virtual LossUnit ValidationUnit => Unit;

    /// <summary>True where more of what <see cref="Validate"/> measures is better.</summary>
    public virtual bool MoreIsBetter => false;

    /// <summary>Where <see cref="Loss"/> wants its noise: where the parameters are, unless overridden; null for where
    /// the batches are.</summary>
    public virtual Device? NoiseDevice => Module.parameters().FirstOrDefault()?.device;

    /// <summary>What identifies it in a checkpoint: the name of the type unless overridden.</summary>
    public virtual string Identity => GetType().Name;

    /// <summary>The loss of a batch, a mean over its items; the trainer makes it smaller.</summary>
    /// <param name="batch">From the source of the run.</param>
    /// <param name="noise">All randomness comes from here; its state is part of a checkpoint.</param>
    /// <returns>One number, <c>()</c>, with a graph that leads to the parameters.</returns>
    public abstract Tensor Loss(Batch batch, Generator noise);

    /// <summary>
    /// The loss of the items of one rank, where several processes share a batch (<see cref="TrainingOptions.Ranks"/>).
    /// Unless overridden the noise of each rank comes from a generator of its own, whose seed is drawn from
    /// <paramref name="noise"/>. An objective that draws its noise for the whole batch and keeps that of its items has
    /// the same loss on any number of ranks.
    /// </summary>
    /// <param name="batch">The whole batch, the same on all ranks.</param>
    /// <param name="noise">As for <see cref="Loss"/>, the same on all ranks; as much must be drawn
    /// from it on each.</param>
    /// <param name="ranks">The ranks; <see cref="Batch.Of"/> gives the items of this one.</param>
    /// <returns>One number, <c>()</c>, the mean over the items of this rank.</returns>
    public virtual Tensor SharedLoss(Batch batch, Generator noise, Communicator ranks)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentNullException.ThrowIfNull(ranks);
        using var own = RankNoise.Of(noise, ranks.Rank);
        return Loss(batch.Of(ranks), own);
    }

    /// <summary>Prepares a module that has not been trained yet by a first batch; does nothing unless
    /// overridden.</summary>
    /// <param name="batch">The first batch.</param>
    /// <param name="noise">As for <see cref="Loss"/>.</param>
    public virtual void Initialize(Batch batch, Generator noise)
    {
    }

    /// <summary>
    /// False where it is known that <see cref="Validate"/> measures nothing: early stopping and schedules that look at
    /// validations are then refused before the first step.
    /// </summary>
    public virtual bool Validates => true;

    /// <summary>
    /// Measures the module at the end of an epoch, without gradients and in evaluation mode; the weights with the best
    /// score are kept.
    /// </summary>
    /// <param name="seed">The seed of what is drawn here, the same at each validation of a run.</param>
    /// <returns>The score, for bits per dimension in nats as the loss is; null where nothing is measured, and the last
    /// weights are kept.</returns>
    public virtual ValidationScore? Validate(int seed) => null;

    /// <summary>
    /// <see cref="Validate"/> where several processes train together: each measures everything unless overridden.
    /// The score of the first one counts.
    /// </summary>
    /// <param name="seed">As for <see cref="Validate"/>.</param>
    /// <param name="ranks">The ranks, which may share out what is measured.</param>
    /// <returns>The score.</returns>
    public virtual ValidationScore? SharedValidate(int seed, Communicator ranks) => Validate(seed);

    /// <summary>Where the first value that is not finite came from, in a sentence without a stop; null where that is
    /// not known.</summary>
    internal virtual string? Explain(Batch batch, Generator noise) => null;

    /// <summary>The flow whose layers are passed exactly once by each loss, and by nothing else in it; null where that
    /// is not known.</summary>
    internal virtual Flow? PassedOnce => null;

    /// <summary>What identifies the runs of a module and an objective.</summary>
    internal virtual IEnumerable<(string Name, string Value)> Description()
    {
        yield return ("objective", Identity);
        yield return ("module", Module is Flow flow ? Digest.Of(flow.Describe()) : Module.GetName());
    }

    /// <summary>What a loss or a score is multiplied by to be in a unit.</summary>
    internal double Scale(LossUnit unit) => unit == LossUnit.BitsPerDimension ? 1 / (Dimensions * Math.Log(2)) : 1;
}
