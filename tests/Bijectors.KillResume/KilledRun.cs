using System.Diagnostics;
using System.Globalization;
using Bijectors.Zoo;
using static TorchSharp.torch;

namespace Bijectors.KillResume;

/// <summary>One training run that is killed and resumed until it ends, in a folder of its own.</summary>
internal sealed class KilledRun(string folder, IReadOnlyList<string> training, string every)
{
    private const string Model = "model.safetensors";

    /// <summary>The checkpoint of the run.</summary>
    public string Checkpoint { get; } = Path.Combine(folder, "run.safetensors");

    /// <summary>The model that an undisturbed run saves.</summary>
    public static byte[] Undisturbed(string folder, IReadOnlyList<string> training)
    {
        var path = Path.Combine(folder, Model);
        CommandProcess.Run(["train", .. training, "--out", path]);
        return File.ReadAllBytes(path);
    }

    /// <summary>Begins the run or goes on with it, and kills it when the moment comes.</summary>
    /// <param name="waits">As for <see cref="CommandProcess.Run"/>.</param>
    /// <returns>The model where the run has ended; null where it was killed.</returns>
    public byte[]? Go(Func<Process, bool>? waits = null)
    {
        var path = Path.Combine(folder, Model);
        string[] checkpoints = ["--checkpoint", Checkpoint, "--checkpoint-every", every, "--resume"];
        return CommandProcess.Run(["train", .. training, .. checkpoints, "--out", path], waits)
            ? null : File.ReadAllBytes(path);
    }

    /// <summary>The number of updates in the checkpoint; 0 where there is none.</summary>
    public long Steps()
    {
        if (!File.Exists(Checkpoint))
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        return long.Parse(
            SafeTensors.Read(Checkpoint).Metadata["run.steps.adam.steps"], CultureInfo.InvariantCulture);
    }

    /// <summary>Whether a kill came while a file was written.</summary>
    public bool WasWriting() => Directory.EnumerateFiles(folder, "*.tmp").Any();

    /// <summary>Deletes what half-written files there are, to see those of the next kill.</summary>
    public void Tidy()
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.tmp"))
        {
            File.Delete(file);
        }
    }
}
