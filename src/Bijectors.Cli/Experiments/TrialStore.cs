using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bijectors.Cli;

/// <summary>
/// The results of trials as files of a folder, one each: a trial that is there is not run again, so that an experiment
/// which was stopped resumes.
/// </summary>
internal sealed class TrialStore
{
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly OutputFolder _folder;
    private readonly Dictionary<string, TrialResult> _learned = [];

    /// <summary>Results in a folder.</summary>
    /// <exception cref="UserException">It cannot be written to.</exception>
    public TrialStore(string folder) => _folder = OutputFolder.Open(Path.Combine(folder, "trials"));

    /// <summary>
    /// The result of a trial; null where it has not been run, or where its file is of something else.
    /// </summary>
    public TrialResult? Find(Trial trial)
    {
        if (_learned.GetValueOrDefault(trial.FileName) is { } learned)
        {
            return learned;
        }

        var path = _folder.PathOf(trial.FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var file = JsonNode.Parse(File.ReadAllText(path));
            return JsonNode.DeepEquals(file?["trial"], JsonNode.Parse(trial.Identity.ToJsonString()))
                ? file!["result"].Deserialize<TrialResult>(s_format)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Takes over a result that another rank has.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="result">Its result.</param>
    /// <param name="keeps">Whether it is written too, where it is not there.</param>
    public void Learn(Trial trial, TrialResult result, bool keeps)
    {
        if (keeps && Find(trial) is null)
        {
            Keep(trial, result);
        }

        _learned[trial.FileName] = result;
    }

    /// <summary>A result as a text, with all its digits.</summary>
    public static string Write(TrialResult result) => JsonSerializer.Serialize(result, s_format);

    /// <summary>A result that <see cref="Write"/> wrote.</summary>
    public static TrialResult Read(string text) => JsonSerializer.Deserialize<TrialResult>(text, s_format)!;

    /// <summary>Keeps the result of a trial.</summary>
    public void Keep(Trial trial, TrialResult result) => _folder.Write(trial.FileName, new JsonObject
    {
        ["trial"] = trial.Identity,
        ["result"] = JsonSerializer.SerializeToNode(result, s_format),
    }.ToJsonString(s_format) + "\n");
}
