using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Zoo;

/// <summary>
/// Files of format version 1, or without a version: in place of the declaration of the flow they name a model, its
/// options and the shapes that it is made for.
/// </summary>
internal static class FirstFormat
{
    /// <summary>Whether metadata are of this format; those of other programs and of newer versions are not.</summary>
    public static bool IsThatOf(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault("format") == "bijectors"
        && (metadata.GetValueOrDefault("formatVersion") ?? "1") == "1";

    /// <summary>Makes the flow again.</summary>
    /// <exception cref="SavedModelException">The metadata are no model's, or the tensors do not fit the
    /// model.</exception>
    public static Flow Read(
        string path,
        IReadOnlyDictionary<string, Tensor> tensors,
        IReadOnlyDictionary<string, string> metadata,
        SavedModelNotes notes)
    {
        SavedDigest.Check(path, tensors, metadata);
        var flow = Create(path, metadata, notes, tensors.Values.Sum(tensor => tensor.numel()));
        return SavedState.Filled(path, flow, tensors);
    }

    /// <summary>The flow with its random start; one with more than twice the numbers of the file is not made.</summary>
    private static Flow Create(
        string path, IReadOnlyDictionary<string, string> metadata, SavedModelNotes notes, long numbers)
    {
        var (shape, levels, context) = SavedModelNotes.Checked(path, () =>
        (
            ItemShape(metadata["shape"]),
            SavedModelNotes.Number(metadata["levels"]),
            metadata.GetValueOrDefault("context") is { Length: > 0 } given ? ItemShape(given) : (Shape?)null));
        var model = notes.Model
            ?? throw new SavedModelException(
                $"{path}: expected all metadata of a saved model, got none that names the model.");
        try
        {
            return MemoryLimit.Within(
                FlowFile.MostNumbers(numbers), () => model.Create(shape, notes.Options, levels, notes.Seed, context));
        }
        catch (InsufficientMemoryException exception)
        {
            throw new SavedModelException(
                $"{path}: expected options of a {model.Title} with the {numbers} numbers that the file holds, "
                + "got those of a larger one; "
                + "the file is damaged.",
                exception);
        }
        catch (ArgumentException exception)
        {
            throw new SavedModelException(
                $"{path}: expected options that make a {model.Title}, got others: {exception.Message}", exception);
        }
    }

    private static Shape ItemShape(string text)
    {
        var shape = Shape.Of(NotesJson.ReadSizes(text) ?? throw new ArgumentException("no sizes"));
        return shape.Size <= FlowFile.LargestEvent
            ? shape
            : throw new ArgumentException($"an item of {shape}, more than {FlowFile.LargestEvent} numbers");
    }
}
