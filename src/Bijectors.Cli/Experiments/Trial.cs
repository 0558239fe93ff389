using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Bijectors.Training;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>One training of an experiment, told by all that its numbers depend on.</summary>
/// <param name="Data">The data as the command line names them.</param>
/// <param name="Permute">The seed of the order of the pixels.</param>
/// <param name="Model">The kind of model.</param>
/// <param name="Options">Its options, the width included.</param>
/// <param name="Training">How it is trained: budget, batch, learning rate and seed.</param>
internal sealed record Trial(string Data, int? Permute, Model Model, object Options, TrainingOptions Training)
{
    /// <summary>Everything that the result depends on, as JSON: what is stored beside it and compared.</summary>
    public JsonObject Identity => new()
    {
        ["data"] = Data,
        ["permute"] = Permute,
        ["model"] = Model.Name,
        ["options"] = Model.ToJson(Options),
        ["epochs"] = Training.Epochs,
        ["steps"] = Training.Steps,
        ["seconds"] = Training.Seconds,
        ["batch"] = Training.BatchSize,
        ["learningRate"] = Training.LearningRate,
        ["seed"] = Training.Seed,
        ["version"] = SavedModel.LibraryVersion,
    };

    /// <summary>The name of the file that holds its result.</summary>
    public string FileName
    {
        get
        {
            var digest = SHA256.HashData(Encoding.UTF8.GetBytes(Identity.ToJsonString()));
            return $"{Model.Name}-{Convert.ToHexStringLower(digest)[..12]}.json";
        }
    }
}
