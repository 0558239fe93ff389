using System.Globalization;
using System.Reflection;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A flow as one <c>.safetensors</c> file: the declaration as JSON among the metadata, the tensors of the state
/// dictionary, and what the flow made of a few points when it was saved.
/// </summary>
internal static class FlowFile
{
    /// <summary>
    /// The version of what is written here. Files of version 1 name a model in place of a declaration.
    /// </summary>
    public const int Version = 2;

    /// <summary>The name of the declaration among the metadata.</summary>
    public const string Declaration = "flow";

    /// <summary>What one event may have, so that what is computed for each entry of it stays small.</summary>
    public const long LargestEvent = 1 << 26;

    private const string Format = "format";
    private const string FormatVersion = "formatVersion";
    private const string Ours = "bijectors";

    // As deep as bijectors may be nested, each an object in an argument or in a list.
    private const int Depth = (3 * Nesting.Deepest) + 16;

    // A flow of a few tensors more or less is made, so that the message can name them.
    private const long Slack = 1_000;

    /// <summary>The version of this library.</summary>
    public static string LibraryVersion { get; } =
        typeof(Flow).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>How many numbers the flow of a file may have that holds so many.</summary>
    public static long MostNumbers(long held) => (2 * held) + Slack;

    /// <summary>Writes a flow aside and renames the file when it is whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="notes">Further metadata.</param>
    /// <exception cref="SavedModelException">The flow is frozen or has a piece of a class that is not registered, a
    /// weight is NaN or infinite, or the file cannot be written.</exception>
    public static void Write(string path, Flow flow, IReadOnlyDictionary<string, string> notes)
    {
        if (flow.IsFrozen)
        {
            throw new SavedModelException(
                $"{path}: expected a flow that can be trained, got a frozen copy; save the flow, "
                + "and freeze it after loading.");
        }

        using var scope = NewDisposeScope();
        var tensors = SavedState.Once(flow.state_dict());
        SavedState.Check(path, tensors);
        var metadata = new Dictionary<string, string>(notes)
        {
            [Format] = Ours,
            [FormatVersion] = Version.ToString(CultureInfo.InvariantCulture),
            ["version"] = LibraryVersion,
        };
        try
        {
            var (declaration, constants) = PieceWriter.Write(flow);
            metadata[Declaration] = declaration.ToJsonString(new JsonSerializerOptions { MaxDepth = Depth });
            Add(tensors, constants);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or JsonException)
        {
            throw new SavedModelException($"{path}: {exception.Message}", exception);
        }

        Add(tensors, FlowProbe.Of(flow));
        metadata[SavedDigest.Key] = SavedDigest.Of(tensors, metadata);
        SafeTensors.Write(path, tensors, metadata);
    }

    /// <summary>Makes the flow of a file again, on the CPU.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SavedModelException">The file is missing, damaged, of another program or another version, names
    /// a piece that is not registered or a larger flow than it holds, or the flow is another one than was
    /// saved.</exception>
    public static (Flow Flow, IReadOnlyDictionary<string, string> Notes) Read(string path)
    {
        var (tensors, metadata) = SafeTensors.Read(path);
        try
        {
            return (Read(path, tensors, metadata), metadata);
        }
        finally
        {
            SafeTensors.Dispose(tensors);
        }
    }

    /// <summary>The same of tensors and metadata that have been read.</summary>
    /// <inheritdoc cref="Read(string)"/>
    public static Flow Read(
        string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        CheckFormat(path, metadata);
        SavedDigest.Check(path, tensors, metadata);
        var state = tensors
            .Where(row => !row.Key.StartsWith(PieceWriter.Constants, StringComparison.Ordinal)
                && !FlowProbe.IsPartOf(row.Key))
            .ToDictionary();

        // Outside of any scope of ours: what constructors make is the flow's.
        var flow = SavedState.Filled(path, Create(path, metadata[Declaration], tensors), state);
        try
        {
            FlowProbe.Check(path, flow, tensors);
            return flow;
        }
        catch
        {
            flow.Dispose();
            throw;
        }
    }

    /// <summary>Stops where metadata are not of a file that this version reads.</summary>
    private static void CheckFormat(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault(Format) != Ours)
        {
            throw new SavedModelException(
                $"{path}: expected a flow saved by Bijectors, got tensors of another program.");
        }

        var version = metadata.GetValueOrDefault(FormatVersion) ?? "1";
        if (version == "1")
        {
            throw new SavedModelException(
                $"{path}: expected a file with the declaration of a flow, got one of format version 1, "
                + "which names a model of the zoo; "
                + "load it by SavedModel.Load of Bijectors.Zoo, and save it again.");
        }

        if (version != Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new SavedModelException(
                $"{path}: expected format version {Version}, got '{version}'; it was saved by a newer version "
                + "of Bijectors, take that one.");
        }

        if (!metadata.ContainsKey(Declaration))
        {
            throw new SavedModelException(
                $"{path}: expected the declaration of a flow among the metadata, got none; the file is damaged.");
        }
    }

    private static Flow Create(string path, string declaration, IReadOnlyDictionary<string, Tensor> tensors)
    {
        // What a constructor asks for may be any size in a damaged file; what the file holds says what is
        // asked for rightly.
        var numbers = tensors.Values.Sum(tensor => tensor.numel());
        try
        {
            using var document = JsonDocument.Parse(declaration, new JsonDocumentOptions { MaxDepth = Depth });
            var piece = MemoryLimit.Within(
                MostNumbers(numbers), () => PieceReader.Read(document.RootElement, tensors));
            return piece as Flow
                ?? throw new ArgumentException($"expected a {nameof(Flow)}, got a {piece.GetType().Name}");
        }
        catch (InsufficientMemoryException exception)
        {
            throw new SavedModelException(
                $"{path}: expected a declaration of a flow with the {numbers} numbers that the file holds, "
                + "got one of a larger flow; "
                + "the file is damaged.",
                exception);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or SavedModelException))
        {
            throw new SavedModelException(
                $"{path}: expected a declaration that makes a flow, got another: {Reason(exception)}.",
                exception);
        }
    }

    // What an option is missing is told by constructors in words of the framework.
    private static string Reason(Exception exception) => exception is ArgumentNullException missing
        ? $"expected a value for '{missing.ParamName}', got none"
        : exception.Message.TrimEnd('.');

    private static void Add(Dictionary<string, Tensor> tensors, IReadOnlyDictionary<string, Tensor> others)
    {
        foreach (var (name, tensor) in others)
        {
            tensors.Add(name, tensor);
        }
    }
}
