using Bijectors.Data;
using Bijectors.Zoo;

namespace Bijectors.Cli;

/// <summary>The rows that are scored: of a table, or of an array.</summary>
internal sealed class ScoredRows : IDisposable
{
    private readonly IDisposable? _owned;

    private ScoredRows(Tensor items, Tensor? context, TableFile? table, IDisposable? owned) =>
        (Items, Context, Table, _owned) = (items, context, table, owned);

    /// <summary>The items <c>(N, event...)</c>.</summary>
    public Tensor Items { get; }

    /// <summary>What they are given, <c>(N, context...)</c>; null for nothing.</summary>
    public Tensor? Context { get; }

    /// <summary>The table that they stand in; null for an array.</summary>
    public TableFile? Table { get; }

    /// <summary>The rows of a table, whose columns are named by the text or by the model.</summary>
    public static ScoredRows OfTable(string source, SavedModel saved)
    {
        var table = SavedSchema.Read(Datasets.TableColumns(source), saved);
        return new(table.Items, table.Context, table, table);
    }

    /// <summary>The rows of an array.</summary>
    public static ScoredRows OfArray(string source, string? context)
    {
        using var scope = NewDisposeScope();
        var items = Npy.Read(source).to(ScalarType.Float32).DetachFromDisposeScope();
        var given = context is null ? null : Npy.Read(context).to(ScalarType.Float32).DetachFromDisposeScope();
        return new(items, given, null, null);
    }

    /// <summary>The names of the entries of an item, by which attributions are called.</summary>
    public IReadOnlyList<string> FeaturesOf(SavedModel saved) =>
        [.. Enumerable.Range(0, (int)saved.Flow.EventShape.Size).Select(i => SavedSchema.NameOf(saved, i))];

    /// <summary>Stops where the rows are no items of a flow.</summary>
    /// <exception cref="UserException">They are not.</exception>
    public void Check(Flow flow)
    {
        if (Items.dim() != flow.EventShape.Rank + 1 || !Items.shape.AsSpan(1).SequenceEqual(flow.EventShape.ToArray()))
        {
            throw new UserException(
                $"--data: expected rows of items {flow.EventShape}, as the model takes them, "
                + $"got {Shape.Of(Items.shape[1..])}.");
        }

        long[]? wanted = flow.ContextShape is { } shape ? [Items.shape[0], .. shape.ToArray()] : null;
        if (wanted is null ? Context is not null : Context is null || !Context.shape.SequenceEqual(wanted))
        {
            throw new UserException(
                $"--data: expected {(wanted is null ? "no context" : $"a context {flow.ContextShape} for each row")}, "
                + "as the model takes it, "
                + $"got {(Context is null ? "none" : $"{Shape.Of(Context.shape)}")}; "
                + "name its columns with FILE?context=COLUMNS.");
        }
    }

    /// <summary>Stops where a table is to be written again with columns that it has.</summary>
    /// <exception cref="UserException">It has one of them.</exception>
    public void CheckNames(IReadOnlyList<string> names, string path)
    {
        var writesTable = Table is not null && TableFile.CanWrite(path);
        if (writesTable && Table!.Header?.FirstOrDefault(name => names.Contains(name.Trim())) is { } taken)
        {
            throw new UserException(
                $"--data: expected a table without a column {taken.Trim()}, got one with it: it has been scored "
                + "before; take the table as it was, or rename the column.");
        }
    }

    public void Dispose()
    {
        _owned?.Dispose();
        if (_owned is null)
        {
            Items.Dispose();
            Context?.Dispose();
        }
    }
}
