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

    /// <summary>Results in a folder.</summary>
    /// <exception cref="UserException">It cannot be written to.</exception>
    public TrialStore(string folder) => _folder = OutputFolder.Open(Path.Combine(folder, "trials"));

    /// <summary>
    /// The result of a trial; null where it has not been run, or where its file is of something else.
    /// </summary>
    public TrialResult? Find(Trial trial)
    {
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

    /// <summary>Keeps the result of a trial.</summary>
    public void Keep(Trial trial, TrialResult result) => _folder.Write(trial.FileName, new JsonObject
    {
        ["trial"] = trial.Identity,
        ["result"] = JsonSerializer.SerializeToNode(result, s_format),
    }.ToJsonString(s_format) + "\n");
}
