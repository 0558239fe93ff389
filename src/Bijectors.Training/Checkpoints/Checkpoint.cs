using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// A file that holds the parts of a run as they are between two steps. It is written aside and renamed when it is
/// whole, so that a run that is killed leaves the last whole one.
/// </summary>
/// <remarks>
/// The format is safetensors: tensors under the names of parts, numbers and texts among the metadata, and a SHA-256 of
/// all. The trainer writes them itself, see <see cref="TrainingOptions.Checkpoints"/>; this is for a loop of one's own.
/// </remarks>
public sealed class Checkpoint
{
    private const string Format = "bijectors checkpoint";
    private const string Version = "1";
    private const string DigestKey = "sha256";
    private const string RunPrefix = "run:";

    private readonly IReadOnlyList<(string Name, ICheckpointed Part)> _parts;
    private readonly IReadOnlyList<(string Name, string Value)> _run;

    /// <summary>A checkpoint of a run.</summary>
    /// <param name="path">The file; its folder is made when it is written.</param>
    /// <param name="run">What identifies the run, by name: the data, the options. A file of a run that differs in one
    /// of them is refused.</param>
    /// <param name="parts">All that changes during the run, under names of one's own.</param>
    public Checkpoint(
        string path,
        IReadOnlyList<(string Name, string Value)> run,
        params IReadOnlyList<(string Name, ICheckpointed Part)> parts)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (Path, _run, _parts) = (path, run, parts);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Parameters and buffers of a module as a part.</summary>
    /// <param name="module">The module.</param>
    public static ICheckpointed Part(nn.Module module) =>
        new Tensors(state => state.Put("state", module), state => state.Restore("state", module));

    /// <summary>The state of a generator as a part.</summary>
    /// <param name="generator">The generator.</param>
    public static ICheckpointed Part(Generator generator) =>
        new Tensors(state => state.Put("state", generator), state => state.Restore("state", generator));

    /// <summary>Writes the parts as they are now.</summary>
    /// <exception cref="CheckpointException">The file cannot be written; the one before is as it was.</exception>
    public void Save()
    {
        using var scope = NewDisposeScope();
        var (tensors, texts) = (new Dictionary<string, Tensor>(), new Dictionary<string, string>());
        texts.Add("format", Format);
        texts.Add("formatVersion", Version);
        foreach (var (name, value) in _run)
        {
            texts.Add(RunPrefix + name, value);
        }

        var state = new CheckpointState(Path, tensors, texts);
        foreach (var (name, part) in _parts)
        {
            state.Put(name, part);
        }

        texts.Add(DigestKey, Digest.Of(tensors, texts));
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
            SafeTensors.Write(Path, tensors, texts);
        }
        catch (Exception exception)
            when (exception is SavedModelException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(Sentence(exception), exception);
        }
    }

    /// <summary>Puts the parts to where they were when the file was written.</summary>
    /// <returns>False where there is no file; the parts are as they were then.</returns>
    /// <exception cref="CheckpointException">The file cannot be read, is damaged or no checkpoint, or belongs to
    /// another run.</exception>
    public bool Load()
    {
        if (!File.Exists(Path))
        {
            return false;
        }

        using var scope = NewDisposeScope();
        var (tensors, texts) = Read();
        if (texts.GetValueOrDefault("format") != Format)
        {
            throw new CheckpointException(
                $"{Path}: expected a checkpoint of a run, got another file; name another path.");
        }

        if (texts.GetValueOrDefault("formatVersion") is var version && version != Version)
        {
            throw new CheckpointException(
                $"{Path}: expected format version {Version}, got '{version}'; take the version of Bijectors that wrote "
                + "it.");
        }

        texts.Remove(DigestKey, out var digest);
        if (digest != Digest.Of(tensors, texts))
        {
            throw new CheckpointException(
                $"{Path}: expected the content with the {DigestKey} that the file names, got another; it is damaged, "
                + "begin the run again.");
        }

        CheckRun(texts);
        var state = new CheckpointState(Path, tensors, texts);
        foreach (var (name, part) in _parts)
        {
            state.Restore(name, part);
        }

        return true;
    }

    private static string Sentence(Exception exception) => $"{exception.Message.TrimEnd('.')}.";

    private (Dictionary<string, Tensor> Tensors, Dictionary<string, string> Texts) Read()
    {
        try
        {
            var (tensors, texts) = SafeTensors.Read(Path);
            return (new(tensors), new(texts));
        }
        catch (SavedModelException exception)
        {
            throw new CheckpointException(Sentence(exception), exception);
        }
    }

    private void CheckRun(Dictionary<string, string> texts)
    {
        foreach (var (name, value) in _run)
        {
            if (texts.GetValueOrDefault(RunPrefix + name) is var saved && saved != value)
            {
                throw new CheckpointException(
                    $"{Path}: expected a checkpoint of this run, whose {name} is '{value}', got one of a run with "
                    + $"'{saved ?? "none"}'; take the same data and options, or another path.");
            }
        }

        // What this run does not have.
        var extra = texts.Keys.FirstOrDefault(
            key => key.StartsWith(RunPrefix, StringComparison.Ordinal) && _run.All(row => RunPrefix + row.Name != key));
        if (extra is not null)
        {
            throw new CheckpointException(
                $"{Path}: expected a checkpoint of this run, got one of a run with {extra[RunPrefix.Length..]} "
                + $"'{texts[extra]}'; take the same data and options, or another path.");
        }
    }

    /// <summary>A part that does not know of checkpoints itself.</summary>
    private sealed class Tensors(Action<CheckpointState> save, Action<CheckpointState> load) : ICheckpointed
    {
        public void Save(CheckpointState state) => save(state);

        public void Load(CheckpointState state) => load(state);
    }
}
