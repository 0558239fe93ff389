using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>
/// All that a training depends on, with nothing left to a default: what the options of <c>train</c> come to, and what
/// a run directory keeps. Names are those of the options.
/// </summary>
internal sealed record TrainPlan
{
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    public required string Model { get; init; }

    /// <summary>The options of the model, all of them.</summary>
    public required JsonObject Set { get; init; }

    public required string Data { get; init; }

    public int? Epochs { get; init; }

    public long? Steps { get; init; }

    public double? Seconds { get; init; }

    public required int Batch { get; init; }

    public required double LearningRate { get; init; }

    public required string Schedule { get; init; }

    public required int Warmup { get; init; }

    public required double Power { get; init; }

    public required OptimizerKind Optimizer { get; init; }

    public required double WeightDecay { get; init; }

    /// <summary>The largest norm of a gradient; 0 for no limit.</summary>
    public required double Clip { get; init; }

    public required double Ema { get; init; }

    /// <summary>The deviation of the noise: of pixels with levels as if they were brought to [-1, 1].</summary>
    public required double Noise { get; init; }

    public required double ContextDropout { get; init; }

    public int? Patience { get; init; }

    public required int Draws { get; init; }

    public required int Seed { get; init; }

    public required int Layers { get; init; }

    public required int Threads { get; init; }

    /// <summary>The kind of model and its options.</summary>
    public (Model Kind, object Options) Made()
    {
        var kind = Models.Named(Model);
        return (kind, kind.FromJson(Set));
    }

    /// <summary>How to train, without checkpoints.</summary>
    /// <param name="levels">How many levels the items have; null for none.</param>
    public TrainingOptions Options(int? levels) => new()
    {
        Epochs = Epochs,
        Steps = Steps,
        Seconds = Seconds,
        BatchSize = Batch,
        LearningRate = LearningRate,
        Schedule = Course.Make(),
        WarmupSteps = Warmup,
        Optimizer = Optimizer,
        WeightDecay = WeightDecay,
        ClipNorm = Clip > 0 ? Clip : null,
        EmaDecay = Ema,
        Noise = Noise * (levels is { } count ? count / 2.0 : 1),
        ContextDropout = ContextDropout,
        Patience = Patience,
        ValidationDraws = Draws,
        Seed = Seed,
    };

    /// <summary>How to train, as options of a command line.</summary>
    public string Spell()
    {
        var options = Options(null);
        return $"{RunOptions.Spell(options)} {TuningOptions.Spell(Course, options)}";
    }

    public JsonObject ToJson()
    {
        var json = JsonSerializer.SerializeToNode(this, s_format)!.AsObject();
        json["optimizer"] = Optimizer.ToString().ToLower(CultureInfo.InvariantCulture);
        return json;
    }

    /// <summary>A plan that <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is another text.</exception>
    public static TrainPlan FromJson(JsonObject json)
    {
        var copy = json.DeepClone().AsObject();
        copy["optimizer"] = (int)(Enum.TryParse<OptimizerKind>(json.Text("optimizer"), true, out var kind)
            ? kind : throw new JsonException($"no optimizer '{json["optimizer"]}'"));
        return copy.Deserialize<TrainPlan>(s_format) ?? throw new JsonException("nothing");
    }

    private RateCourse Course => new(Schedule, Warmup, Power);
}
