using System.Globalization;
using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>The contexts that samples are drawn under, from a command line.</summary>
internal static class SampleContext
{
    /// <summary>What stands for no context.</summary>
    public const string None = "none";

    /// <summary>Contexts <c>(N, context...)</c>; null for a model without.</summary>
    /// <exception cref="UserException">The model takes none, or another one.</exception>
    public static Tensor? Read(SavedModel saved, string? text)
    {
        if (saved.Flow.ContextShape is not { } shape)
        {
            return text is null
                ? null : throw new UserException("--context: expected none, since the model takes no context.");
        }

        if (text is null)
        {
            throw new UserException($"--context: expected a context {shape}{Named(saved)}, got none.");
        }

        if (text == None && saved.Flow.HasOptionalContext)
        {
            using var nothing = saved.Flow.NoContext();
            return nothing.unsqueeze(0).clone();
        }

        using var scope = NewDisposeScope();
        var contexts = File.Exists(text.Split('?')[0]) ? OfFile(saved, text) : Parse(saved, shape, text);
        return contexts.shape.AsSpan(1).SequenceEqual(shape.ToArray())
            ? contexts.to(saved.Flow.Dtype).MoveToOuterDisposeScope()
            : throw new UserException(
                $"--context: expected contexts {shape}{Named(saved)}, got {Shape.Of(contexts.shape[1..])}.");
    }

    private static Tensor OfFile(SavedModel saved, string text)
    {
        if (Path.GetExtension(text).Equals(".npy", StringComparison.OrdinalIgnoreCase))
        {
            return Npy.Read(text);
        }

        // Here the context is all that is read: its columns are the items of this table.
        var query = Datasets.TableColumns(text);
        using var table = TableFile.Read(query.File, query.Context ?? query.Targets ?? saved.ContextColumns);
        return table.Items.clone();
    }

    private static Tensor Parse(SavedModel saved, Shape shape, string text)
    {
        var cells = text.Split(',', StringSplitOptions.TrimEntries);
        var numbers = new double[cells.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            if (!double.TryParse(cells[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                || !double.IsFinite(numbers[i]))
            {
                throw new UserException(
                    $"--context: expected a file, or {shape.Size} numbers between commas{Named(saved)}, got '{text}'.");
            }
        }

        return numbers.Length == shape.Size
            ? tensor(numbers).reshape([1, .. shape.ToArray()])
            : throw new UserException($"--context: expected {shape.Size} numbers{Named(saved)}, got {numbers.Length}.");
    }

    private static string Named(SavedModel saved) =>
        saved.ContextColumns is { } columns ? $" ({string.Join(", ", columns)})" : "";
}
