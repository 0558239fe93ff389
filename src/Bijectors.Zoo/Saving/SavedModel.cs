using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Zoo;

/// <summary>
/// A trained flow with what is needed to make it again, as one <c>.safetensors</c> file: the tensors of its state dict,
/// and as metadata the model, its options, the item's shape and what it was trained on.
/// </summary>
public sealed class SavedModel : IDisposable
{
    /// <summary>A flow and where it comes from.</summary>
    /// <param name="model">The kind of model.</param>
    /// <param name="options">The options it was made with.</param>
    /// <param name="flow">The flow; the saved model owns it from now on.</param>
    /// <param name="data">What it was trained on, as on a command line: <c>digits</c>.</param>
    /// <param name="seed">The seed it was made and trained with.</param>
    public SavedModel(Model model, object options, Flow flow, string data = "", int seed = 0) =>
        (Model, Options, Flow, Data, Seed) = (model, options, flow, data, seed);

    /// <summary>The kind of model.</summary>
    public Model Model { get; }

    /// <summary>The options it was made with, a value of <see cref="Model.OptionsType"/>.</summary>
    public object Options { get; }

    /// <summary>The flow.</summary>
    public Flow Flow { get; }

    /// <summary>What it was trained on; empty where nobody said.</summary>
    public string Data { get; }

    /// <summary>The seed it was made and trained with.</summary>
    public int Seed { get; }

    /// <summary>The names of the columns of an item, where it was trained on a table with names.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The names of the columns of a context.</summary>
    public IReadOnlyList<string>? ContextColumns { get; init; }

    /// <summary>The version of this library.</summary>
    public static string LibraryVersion { get; } =
        typeof(SavedModel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Writes the file aside and renames it when it is whole.</summary>
    /// <param name="path">The file; one that exists is replaced, where the path is a link, what it leads to.</param>
    /// <exception cref="SavedModelException">The file cannot be written, or a weight is NaN or infinite.</exception>
    public void Save(string path)
    {
        var state = Flow.state_dict();
        SavedState.Check(path, state);
        var metadata = Metadata();
        SafeTensors.Write(path, state, metadata.Append(new(SavedDigest.Key, SavedDigest.Of(state, metadata))).ToDictionary());
    }

    /// <summary>Makes the flow of a file again.</summary>
    /// <param name="path">A file that <see cref="Save"/> has written.</param>
    /// <exception cref="SavedModelException">
    /// The file is missing, cut short or damaged, is no saved model, names a larger model than it holds, or its tensors do
    /// not fit the model it names.
    /// </exception>
    public static SavedModel Load(string path)
    {
        using var scope = NewDisposeScope();
        var (tensors, metadata) = SafeTensors.Read(path);
        var header = SavedModelHeader.Read(path, metadata);
        SavedDigest.Check(path, tensors, metadata);
        var flow = header.Create(path, tensors.Values.Sum(tensor => tensor.numel()));
        try
        {
            if (tensors.Values.FirstOrDefault(tensor => tensor.is_floating_point()) is { dtype: not ScalarType.Float32 } other)
            {
                flow.to(other.dtype);
            }

            Fill(path, flow, tensors);
        }
        catch
        {
            flow.Dispose();
            throw;
        }

        return new SavedModel(header.Model, header.Options, flow, header.Data, header.Seed)
        {
            Columns = header.Columns,
            ContextColumns = header.ContextColumns,
        };
    }

    /// <summary>Disposes the flow.</summary>
    public void Dispose() => Flow.Dispose();

    private Dictionary<string, string> Metadata() => new()
    {
        ["format"] = "bijectors",
        ["formatVersion"] = Text(SavedModelHeader.FormatVersion),
        ["version"] = LibraryVersion,
        ["model"] = Model.Name,
        ["options"] = Model.ToJson(Options).ToJsonString(),
        ["shape"] = JsonSerializer.Serialize(Flow.EventShape.ToArray()),
        ["levels"] = Text(Flow.Levels),
        ["context"] = Flow.ContextShape is { } context ? JsonSerializer.Serialize(context.ToArray()) : "",
        ["columns"] = Columns is null ? "" : JsonSerializer.Serialize(Columns),
        ["contextColumns"] = ContextColumns is null ? "" : JsonSerializer.Serialize(ContextColumns),
        ["data"] = Data,
        ["seed"] = Text(Seed),
    };

    private static void Fill(string path, Flow flow, IReadOnlyDictionary<string, Tensor> tensors)
    {
        var state = flow.state_dict();
        if (tensors.Keys.Except(state.Keys).FirstOrDefault() is { } extra)
        {
            throw new SavedModelException(
                $"{path}: expected only tensors of the model, got {extra} besides; it was saved by another version.");
        }

        SavedState.Check(path, tensors);
        using var ungraded = no_grad();
        foreach (var (name, live) in state)
        {
            if (!tensors.TryGetValue(name, out var saved))
            {
                throw new SavedModelException($"{path}: expected the tensor {name}, found none; it was saved by another version.");
            }

            if (saved.dtype != live.dtype || !saved.shape.AsSpan().SequenceEqual(live.shape))
            {
                throw new SavedModelException(
                    $"{path}: expected {name} to be {live.dtype} ({string.Join(", ", live.shape)}), "
                    + $"got {saved.dtype} ({string.Join(", ", saved.shape)}).");
            }

            live.copy_(saved);
        }
    }

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
