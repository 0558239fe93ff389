using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Bijectors.Testing;

/// <summary>What a <see cref="LayerProbe"/> measures of a flow at one moment of its training.</summary>
public sealed record LayerSnapshot
{
    /// <summary>The epoch of the run, from 1; 0 outside of one.</summary>
    public required int Epoch { get; init; }

    /// <summary>The number of updates behind the weights.</summary>
    public required long Step { get; init; }

    /// <summary>The layers, the one that meets the data first; what acts along an axis, on parts or after a multi-scale
    /// step is taken apart.</summary>
    public required IReadOnlyList<LayerMeasure> Layers { get; init; }

    /// <summary>The mean of <c>log|det J|</c> of the whole transform over the points, in nats per item.</summary>
    public required double LogDet { get; init; }

    /// <summary>The deviation of the same over the points, in nats.</summary>
    public required double LogDetDeviation { get; init; }

    /// <summary>The largest <c>|x - inverse(forward(x))| / (1 + |x|)</c> over all entries of the points; infinite where
    /// a value that is not finite came back.</summary>
    public required double RoundTrip { get; init; }

    /// <summary>The relative error of one rounding in the dtype of the flow.</summary>
    public required double Rounding { get; init; }

    /// <summary><see cref="RoundTrip"/> in roundings of the dtype: 1 is as exact as can be.</summary>
    [JsonIgnore]
    public double Roundings => RoundTrip / Rounding;

    /// <summary>How a snapshot is written as JSON, numbers with all their digits: what a checkpoint holds of
    /// it.</summary>
    public static JsonTypeInfo<LayerSnapshot> Json => LayerJson.Default.LayerSnapshot;
}
