using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>What a service says of its model and its limits.</summary>
internal sealed record ServiceDescription(
    string Model,
    string Version,
    long[] EventShape,
    long RowSize,
    IReadOnlyList<string>? Columns,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Categories,
    IReadOnlyList<string> MayBeMissing,
    long[]? ContextShape,
    bool ContextMayBeMissing,
    IReadOnlyList<string>? ContextColumns,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? ContextCategories,
    int? Levels,
    string Dtype,
    string ScoreKind,
    string TrainedOn,
    string Training,
    string[] Layers,
    ServiceLimits Limits)
{
    public static ServiceDescription Of(SavedModel saved, ServeOptions options) => new(
        saved.Title,
        SavedModel.LibraryVersion,
        saved.Flow.EventShape.ToArray(),
        saved.Flow.EventShape.Size,
        saved.Columns,
        saved.Flow.Categories.ToDictionary(column => SavedSchema.NameOf(saved, column.Key), column => column.Value),
        [.. saved.Flow.MissingColumns.Select(column => SavedSchema.NameOf(saved, column))],
        saved.Flow.ContextShape?.ToArray(),
        saved.Flow.HasOptionalContext,
        saved.ContextColumns,
        saved.ContextCategories,
        saved.Flow.Levels,
        saved.Flow.Dtype.ToString(),
        KindOfScores(saved.Flow),
        saved.Data,
        saved.Training,
        saved.Flow.Describe().TrimEnd().Split('\n'),
        new(options.MaxRows, options.MaxNumbers, options.MaxBody, options.Queue.Capacity));

    /// <summary>What a score is.</summary>
    public static string KindOfScores(Flow flow) => flow switch
    {
        { HasExactLogProb: false } => "bound",
        { HasEstimatedLogProb: true } => "estimate",
        { Levels: not null } => "dequantized",
        _ => "exact",
    };
}
