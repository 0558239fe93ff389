using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>What can be said of a run from its directory, whatever state a killed process has left that in.</summary>
/// <param name="Folder">The directory.</param>
/// <param name="Status">finished, unfinished, running, failed or damaged.</param>
internal sealed record RunSummary(string Folder, string Status)
{
    private const string Finished = "finished";
    private const string Failed = "failed";
    private const string Unfinished = "unfinished";
    private const string Running = "running";
    private const string Damaged = "damaged";

    public string? Model { get; private init; }

    public string? Data { get; private init; }

    public long? Parameters { get; private init; }

    public long? Steps { get; private init; }

    /// <summary>In what the best validation is measured; null where no results say it.</summary>
    public string? Unit { get; private init; }

    public double? BestValidation { get; private init; }

    public double? TestBits { get; private init; }

    public double? TestNats { get; private init; }

    public string? Started { get; private init; }

    /// <summary>Why it failed, or what is damaged; null for neither.</summary>
    public string? Message { get; private init; }

    /// <summary>Reads a directory.</summary>
    public static RunSummary Of(RunFolder folder)
    {
        JsonObject config;
        try
        {
            config = folder.ReadConfig();
        }
        catch (Exception exception) when (exception is UserException or IOException or UnauthorizedAccessException)
        {
            return new(folder.Path, Damaged) { Message = exception.Message };
        }

        var results = Results(folder);
        var curves = RunCurves.Read(folder.PathOf(RunFolder.CurvesFile));
        var status = results.Text("status");
        return new(
            folder.Path,
            folder.IsRunning ? Running
                : status == TrainResult.Finished ? Finished
                : status == TrainResult.Failed ? Failed
                : Unfinished)
        {
            Model = (config["options"] as JsonObject).Text("model"),
            Data = (config["options"] as JsonObject).Text("data"),
            Parameters = (long?)config.Real("parameters"),
            Started = config.Text("started"),
            Steps = (long?)results.Real("steps") ?? curves?.Steps,
            Unit = results.Text("unit"),
            BestValidation = results.Real("bestValidation") ?? curves?.BestValidation,
            TestBits = (results?["test"] as JsonObject).Real("bitsPerDimension"),
            TestNats = (results?["test"] as JsonObject).Real("nats"),
            Message = results.Text("message"),
        };
    }

    /// <summary>The runs of a folder: itself, and those up to three folders deep, in the order of their
    /// names.</summary>
    /// <exception cref="UserException">There is no folder.</exception>
    public static IReadOnlyList<RunSummary> All(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserException($"{folder}: expected a folder with runs, found no folder.");
        }

        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 };
        return
        [
            .. Directory.EnumerateDirectories(folder, "*", options).Append(folder)
                .Select(path => new RunFolder(path)).Where(run => run.Exists)
                .OrderBy(run => run.Path, StringComparer.Ordinal).Select(Of),
        ];
    }

    public JsonObject ToJson() => new()
    {
        ["folder"] = Folder,
        ["status"] = Status,
        ["model"] = Model,
        ["data"] = Data,
        ["parameters"] = Parameters,
        ["steps"] = Steps,
        ["unit"] = Unit,
        ["bestValidation"] = BestValidation,
        ["testBitsPerDimension"] = TestBits,
        ["testNats"] = TestNats,
        ["started"] = Started,
        ["message"] = Message,
    };

    private static JsonObject? Results(RunFolder folder)
    {
        try
        {
            return folder.ReadResults();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
