using System.Runtime.InteropServices;
using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>
/// Where and when a comparison ran, and on which data: how many items these have, and how many were chosen to look at.
/// </summary>
internal sealed record RunInfo(
    string Data,
    Shape Shape,
    int? Levels,
    Shape? Context,
    bool HasSteps,
    long TrainItems,
    long ValidationItems,
    long TestItems,
    long ValidationItemsUsed,
    long TestItemsChosen,
    DateTimeOffset Started,
    string Version,
    string Runtime,
    string System,
    string Torch,
    int Processors)
{
    /// <summary>What ran, and on what.</summary>
    public string Versions =>
        $"Bijectors {Version}, libtorch {Torch}, {Runtime}, {System}, {Numbers.Count(Processors, "processor")}";

    public static RunInfo Of(Dataset data, MeasuredItems items) => new(
        data.Name,
        Shape.Of(data.ItemShape),
        data.Levels,
        data.Context is { } context ? Shape.Of(context.Shape) : null,
        FlowOfData.HasSteps(data),
        data.Train.shape[0],
        data.Validation.shape[0],
        data.Test.shape[0],
        items.Validation.shape[0],
        items.Test.shape[0],
        DateTimeOffset.UtcNow,
        SavedModel.LibraryVersion,
        RuntimeInformation.FrameworkDescription,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        torch.__version__,
        Environment.ProcessorCount);
}
