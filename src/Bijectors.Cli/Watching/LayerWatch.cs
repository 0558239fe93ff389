using Bijectors.Testing;
using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>The layers of one flow over its training.</summary>
internal sealed class LayerWatch : IDisposable
{
    /// <summary>How many snapshots are spread over a run unless another number is given.</summary>
    public const int UsualSnapshots = 10;

    // Of a run that a limit in seconds ends, snapshots take time that updates would have had.
    private const double Share = 0.05;

    private readonly LayerProbe _probe;
    private readonly Recording<LayerSnapshot> _recording;

    private LayerWatch(LayerProbe probe, int snapshots, bool timeIsLimited)
    {
        _probe = probe;
        _recording = new(now => probe.Measure(now.Epoch, now.Step), LayerSnapshot.Json)
        {
            Snapshots = snapshots,
            Share = timeIsLimited ? Share : null,
        };
    }

    /// <summary>A watch on a flow; null for no snapshots.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="snapshots">How many snapshots are spread over the run; 0 for none.</param>
    /// <param name="data">Some of the validation items are taken, of the training items where there are
    /// none.</param>
    /// <param name="training">How the flow is trained.</param>
    public static LayerWatch? On(Flow flow, int snapshots, TrainingData data, TrainingOptions training)
    {
        if (snapshots == 0)
        {
            return null;
        }

        var validates = data.Validation is { } validation && validation.shape[0] > 0;
        var (items, context) = validates
            ? (data.Validation!, data.ValidationContext) : (data.Train, data.TrainContext);
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        using var noise = new Generator((ulong)training.Seed, flow.Device);
        var (inner, points, given) = flow.BehindFirstSteps(
            items.to(flow.Dtype, flow.Device), context?.to(flow.Dtype, flow.Device), noise);
        return new(
            new LayerProbe(inner, points, given, seed: training.Seed), snapshots, training.Seconds is not null);
    }

    /// <summary>What was seen.</summary>
    public IReadOnlyList<LayerSnapshot> Snapshots => _recording.Values;

    /// <summary>These training options with the watch, also in their checkpoints.</summary>
    public TrainingOptions Added(TrainingOptions training) => training with
    {
        Callbacks = [.. training.Callbacks, _recording],
        Checkpoints = training.Checkpoints is { } checkpoints
            ? checkpoints with
            {
                Parts = [.. checkpoints.Parts, ("layers", _recording)],
                Run = [.. checkpoints.Run, ("snapshots of the layers", $"{_recording.Snapshots}")],
            }
            : null,
    };

    public void Dispose() => _probe.Dispose();
}
