using System.Text.Json.Nodes;
using Bijectors.Testing;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>What a report shows of one trained model, besides its numbers.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Training">Its training, for the curves; of several seeds the first.</param>
internal sealed record ReportedModel(string Title, TrainingResult Training)
{
    /// <summary>What is to be shown of a flow.</summary>
    /// <param name="model">The kind of model, and its options.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="training">Its training.</param>
    /// <param name="watch">The snapshots of its layers; null for none.</param>
    /// <param name="look">How items of its data are shown.</param>
    /// <param name="test">Items that it was not trained on, and what they are given.</param>
    /// <param name="seed">The seed of what is drawn.</param>
    public static ReportedModel Of(
        (Model Kind, object Options) model, Flow flow, TrainingResult training, LayerWatch? watch, DataLook look,
        (Tensor Items, Tensor? Context) test, int seed)
    {
        flow.eval();
        return new(model.Kind.Title, training)
        {
            Snapshots = watch?.Snapshots ?? [],
            Look = look.Of(flow, test.Context, seed),
            Calibration = Calibration.Of(flow, test.Items, test.Context, seed),
            Layers = flow.Describe().TrimEnd(),
            Options = model.Kind.ToJson(model.Options),
        };
    }

    /// <summary>Of its layers, over the training; empty where none was taken.</summary>
    public IReadOnlyList<LayerSnapshot> Snapshots { get; init; } = [];

    /// <summary>What its samples look like; null where the data have no picture.</summary>
    public ItemLook? Look { get; init; }

    /// <summary>How its densities agree with where test items lie; null where that is not known.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>Its layers as a table of text.</summary>
    public string Layers { get; init; } = "";

    /// <summary>Its options; null where it has none.</summary>
    public JsonObject? Options { get; init; }
}
