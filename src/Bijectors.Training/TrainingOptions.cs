using System.Globalization;
using Bijectors.Distributed;

namespace Bijectors.Training;

/// <summary>
/// How a flow is trained. <see cref="Epochs"/>, <see cref="Steps"/> and <see cref="Seconds"/> are limits of which the
/// first one reached ends the run; with none of them it runs for <see cref="UsualEpochs"/> epochs.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>The epochs of a run for which no limit was given.</summary>
    public const int UsualEpochs = 50;

    /// <summary>How often every training item is seen; null for no such limit.</summary>
    public int? Epochs { get; init; }

    /// <summary>The number of updates; null for no such limit.</summary>
    public long? Steps { get; init; }

    /// <summary>The wall time in seconds, validation included; null for no such limit.</summary>
    public double? Seconds { get; init; }

    /// <summary>
    /// The number of items of a batch; the last one of an epoch may be smaller. A <see cref="BatchSource"/> that is
    /// given has its own.
    /// </summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// Over how many batches the gradient of an update is averaged, each item counting the same: the step of a batch as
    /// many times as large, in the memory of one. The last update of an epoch may have fewer.
    /// </summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>The learning rate after warm-up and before decay.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Adam or AdamW.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    /// <summary>The weight decay; see <see cref="OptimizerKind"/> for what it does.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Parameters with a learning rate or a weight decay of their own; none by default.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; init; } = [];

    /// <summary>
    /// The learning rate over the run; null for what <see cref="WarmupSteps"/> and <see cref="CosineDecay"/> say.
    /// </summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Over how many first steps the learning rate rises linearly from 0, where no schedule is
    /// given.</summary>
    public int WarmupSteps { get; init; } = 50;

    /// <summary>
    /// True to let the learning rate fall to 0 along half a cosine over the whole run, by epochs, steps or elapsed
    /// time, where no schedule is given.
    /// </summary>
    public bool CosineDecay { get; init; } = true;

    /// <summary>
    /// The largest Euclidean norm of a gradient of the loss in nats per dimension; longer ones are shortened. Null
    /// for no limit.
    /// </summary>
    public double? ClipNorm { get; init; } = 1;

    /// <summary>
    /// The decay d of the running average <c>a = d a + (1 - d) p</c> of the weights, which is what is validated and
    /// kept; 0 for none. The first steps use the smaller decay <c>(1 + t) / (10 + t)</c>.
    /// </summary>
    public double EmaDecay { get; init; }

    /// <summary>After how many epochs without a better validation loss training stops early; null for never.</summary>
    public int? Patience { get; init; }

    /// <summary>
    /// True to let layers that nothing has set yet initialise themselves from the first batch (ActNorm does), where it
    /// has <see cref="DataInitialization.FewestItems"/> items or more; a trained flow stays as it is. False to leave
    /// all as they are.
    /// </summary>
    public bool Initialize { get; init; } = true;

    /// <summary>
    /// The deviation of Gaussian noise that is added to each item, fresh each time, in the unit of the items; 0 for
    /// none. The flow then learns the density of items with that noise, and <see cref="Distribution.Denoised"/> takes
    /// it off its samples. See <see cref="MaximumLikelihood"/>; an <see cref="Objective"/> that is given has its own.
    /// </summary>
    public double Noise { get; init; }

    /// <summary>
    /// The share of items whose context is left out, drawn anew each time, for a flow whose context may be missing
    /// (<see cref="OptionalContext"/>); 0 for none. The flow then learns the density with a context and without one,
    /// from which <see cref="Flow.Guided"/> extrapolates. An <see cref="Objective"/> that is given has its own.
    /// </summary>
    public double ContextDropout { get; init; }

    /// <summary>
    /// Over how many draws of dequantization noise the validation loss is averaged. An <see cref="Objective"/> that is
    /// given has its own.
    /// </summary>
    public int ValidationDraws { get; init; } = 1;

    /// <summary>
    /// How many validations are spread evenly over the whole run, besides those at the end of each epoch; 0 for none.
    /// Where one epoch takes long they give the history its points.
    /// </summary>
    public int Validations { get; init; }

    /// <summary>
    /// The largest share of the wall time that validations may take: while they have taken more, one is left out, but
    /// never the last. Null for no limit; with one, which are left out depends on the machine's speed.
    /// </summary>
    public double? ValidationShare { get; init; }

    /// <summary>
    /// The seed of batch order and noise. The same seed gives the same numbers, unless a time limit cuts the run.
    /// </summary>
    public int Seed { get; init; }

    /// <summary>Look at the run after each update and each validation, in this order; none by default.</summary>
    public IReadOnlyList<TrainingCallback> Callbacks { get; init; } = [];

    /// <summary>Where the run is saved while it runs, and whether it is resumed from there; null for nowhere.</summary>
    public Checkpoints? Checkpoints { get; init; }

    /// <summary>
    /// The processes that train together, of which this is one; each is given the same module, data and options. The
    /// batch stays what is given here: each of them computes the gradient of its share of the items, the shares are
    /// added up, and all make the same update. Only the first one writes checkpoints. This process alone by default.
    /// </summary>
    public Communicator Ranks { get; init; } = Communicator.Alone;

    /// <summary>
    /// True to add up gradients of <see cref="Ranks"/> layer by layer, while the backward pass continues; false to do
    /// it behind the pass. The numbers are the same. It pays where a network transfers by itself, and not where ranks
    /// share the memory and the processors of one machine.
    /// </summary>
    public bool Overlap { get; init; }

    internal Schedule UsedSchedule =>
        Schedule ?? (CosineDecay ? Schedule.Cosine(WarmupSteps) : Schedule.Constant(WarmupSteps));

    internal void Check()
    {
        Expect(Epochs is null or > 0, nameof(Epochs), "at least 1", Epochs);
        Expect(Steps is null or > 0, nameof(Steps), "at least 1", Steps);
        Expect(Seconds is null or (> 0 and < double.PositiveInfinity), nameof(Seconds), "more than 0", Seconds);
        Expect(BatchSize > 0, nameof(BatchSize), "at least 1", BatchSize);
        Expect(Accumulation > 0, nameof(Accumulation), "at least 1", Accumulation);
        Expect(LearningRate is > 0 and < double.PositiveInfinity, nameof(LearningRate), "more than 0", LearningRate);
        Expect(WeightDecay is >= 0 and < double.PositiveInfinity, nameof(WeightDecay), "at least 0", WeightDecay);
        Expect(WarmupSteps >= 0, nameof(WarmupSteps), "at least 0", WarmupSteps);
        Expect(ClipNorm is null or > 0, nameof(ClipNorm), "more than 0 or null", ClipNorm);
        Expect(EmaDecay is >= 0 and < 1, nameof(EmaDecay), "0 or more and less than 1", EmaDecay);
        Expect(Patience is null or > 0, nameof(Patience), "at least 1 or null", Patience);
        Expect(Noise is >= 0 and < double.PositiveInfinity, nameof(Noise), "at least 0", Noise);
        Expect(ContextDropout is >= 0 and < 1, nameof(ContextDropout), "0 or more and less than 1", ContextDropout);
        Expect(ValidationDraws > 0, nameof(ValidationDraws), "at least 1", ValidationDraws);
        Expect(Validations >= 0, nameof(Validations), "at least 0", Validations);
        Expect(ValidationShare is null or (> 0 and <= 1), nameof(ValidationShare),
            "more than 0 and at most 1, or null", ValidationShare);
    }

    private static void Expect(bool holds, string name, string expected, IFormattable? got)
    {
        if (!holds)
        {
            var text = got?.ToString(null, CultureInfo.InvariantCulture);
            throw new ArgumentException($"TrainingOptions.{name}: expected {expected}, got {text}.");
        }
    }
}
