using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bijectors.Data;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>
/// The directory of one training: what it depends on (config.json), what it says on the way (log.txt), its curves
/// (curves.csv), its checkpoint, its model, and what came of it (results.json, report.html). All but the log are whole
/// at any moment.
/// </summary>
internal sealed class RunFolder
{
    public const string ConfigFile = "config.json";
    public const string ResultsFile = "results.json";
    public const string CurvesFile = "curves.csv";
    public const string ReportFile = "report.html";
    public const string LogFile = "log.txt";
    public const string ModelFile = "model.safetensors";

    private const string LockFile = ".lock";
    private const string Format = "bijectors run";
    private const int Version = 1;

    private static readonly JsonSerializerOptions s_format =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;

    public RunFolder(string path) => _path = path;

    /// <summary>The folder, as it was named.</summary>
    public string Path => _path;

    /// <summary>Where the model is saved.</summary>
    public string Model => PathOf(ModelFile);

    /// <summary>Where the run is saved on the way.</summary>
    public string Checkpoint => PathOf(Checkpoints.FileName);

    /// <summary>Whether there is a run in the folder.</summary>
    public bool Exists => File.Exists(PathOf(ConfigFile));

    /// <summary>Whether a process is training the run.</summary>
    public bool IsRunning => RunLock.IsTaken(PathOf(LockFile));

    public string PathOf(string name) => System.IO.Path.Combine(_path, name);

    /// <summary>Takes the run for this process.</summary>
    /// <exception cref="UserException">Another process trains it, or the folder cannot be written to.</exception>
    public RunLock Take()
    {
        OutputFolder.Open(_path);
        return RunLock.TryTake(PathOf(LockFile)) ?? throw new UserException(
            $"{_path}: expected a run that nobody is training, got one that another process is at; wait for it.");
    }

    /// <summary>The log, to which lines are added.</summary>
    public RunLog Log() => new(PathOf(LogFile));

    /// <summary>Stops where there is something that a new run would take the place of.</summary>
    /// <exception cref="UserException">There is.</exception>
    public void CheckNew()
    {
        var there = ((ReadOnlySpan<string>)[ConfigFile, Checkpoints.FileName, ModelFile]).ToArray()
            .FirstOrDefault(name => File.Exists(PathOf(name)));
        if (there is not null)
        {
            throw new UserException(
                $"{_path}: expected a folder without a run, got one that has a {there}; continue it with "
                + $"\"bijectors resume {_path}\", or take another folder.");
        }
    }

    /// <summary>Writes down what the run depends on.</summary>
    public void WriteConfig(TrainPlan plan, Dataset data, long parameters, string? every) =>
        Write(ConfigFile, new JsonObject
        {
            ["format"] = Format,
            ["formatVersion"] = Version,
            ["started"] = Now(),
            ["parameters"] = parameters,
            ["checkpointEvery"] = every,
            ["options"] = plan.ToJson(),
            ["data"] = new JsonObject
            {
                ["name"] = data.Name,
                ["shape"] = new JsonArray([.. data.ItemShape.Select(size => (JsonNode)size)]),
                ["levels"] = data.Levels,
                ["train"] = data.Train.shape[0],
                ["validation"] = data.Validation.shape[0],
                ["test"] = data.Test.shape[0],
            },
            ["versions"] = new JsonObject
            {
                ["bijectors"] = SavedModel.LibraryVersion,
                ["torch"] = torch.__version__,
                ["runtime"] = RuntimeInformation.FrameworkDescription,
                ["system"] = $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
            },
        });

    /// <summary>Writes what came of the run.</summary>
    public void WriteResults(JsonObject results)
    {
        results["ended"] = Now();
        Write(ResultsFile, results);
    }

    public void WriteCurves(IEnumerable<EpochRecord> history) =>
        OutputFolder.Open(_path).Write(CurvesFile, RunCurves.ToCsv(history));

    public void WriteReport(string page) => OutputFolder.Open(_path).Write(ReportFile, page);

    /// <summary>What the run depends on.</summary>
    /// <exception cref="UserException">There is no run, or its file is damaged or of another version.</exception>
    public JsonObject ReadConfig()
    {
        if (!Exists)
        {
            throw new UserException(
                $"{_path}: expected the folder of a run, with a {ConfigFile}, found none; \"bijectors train --run "
                + $"{_path}\" begins one.");
        }

        var config = Read(ConfigFile) ?? throw Damaged("no JSON object");
        if (config.Text("format") != Format)
        {
            throw Damaged("no run of Bijectors");
        }

        return config["formatVersion"]?.ToJsonString() is { } version && version == $"{Version}"
            ? config
            : throw new UserException(
                $"{PathOf(ConfigFile)}: expected format version {Version}, got "
                + $"{config["formatVersion"]?.ToJsonString() ?? "none"}; take the version of Bijectors that wrote it.");
    }

    /// <summary>The plan of the run.</summary>
    /// <exception cref="UserException">As <see cref="ReadConfig"/>.</exception>
    public TrainPlan ReadPlan()
    {
        try
        {
            return TrainPlan.FromJson(ReadConfig()["options"] as JsonObject ?? throw new JsonException("no options"));
        }
        catch (JsonException exception)
        {
            throw Damaged(JsonFault.Of(exception), exception);
        }
    }

    /// <summary>How often the run is saved, as on a command line; null for as often as usual.</summary>
    public string? ReadInterval() => ReadConfig().Text("checkpointEvery");

    /// <summary>What came of the run; null where it has not ended, or the file is damaged.</summary>
    public JsonObject? ReadResults() => File.Exists(PathOf(ResultsFile)) ? Read(ResultsFile) : null;

    private static string Now() =>
        DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private JsonObject? Read(string name)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(PathOf(name))) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Write(string name, JsonObject json) =>
        OutputFolder.Open(_path).Write(name, json.ToJsonString(s_format) + "\n");

    private UserException Damaged(string got, Exception? inner = null) => new(
        $"{PathOf(ConfigFile)}: expected what a run depends on, got {got}; the file is damaged, begin the run again in "
        + "another folder.",
        inner);
}
