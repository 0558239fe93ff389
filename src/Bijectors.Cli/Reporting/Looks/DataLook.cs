using System.Diagnostics;
using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>How the items of a data set are shown: as a picture, and column by column.</summary>
internal sealed class DataLook : IDisposable
{
    /// <summary>Of more columns than this the first are shown.</summary>
    public const int MostColumns = 16;

    private const int QuantileSamples = 2_000;

    // A mixture of many components searches for each sample among all of them, for seconds and in gigabytes.
    private const int SamplesAtOnce = 64;
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(15);

    private readonly SamplePicture? _picture;
    private readonly PixelPermutation? _order;
    private readonly bool _hasColumns;

    /// <summary>A way to show a data set.</summary>
    /// <param name="data">The data.</param>
    /// <param name="order">The order of their entries, which is undone; null where it is the usual one.</param>
    public DataLook(Dataset data, PixelPermutation? order = null)
    {
        (_picture, _order) = (SamplePicture.For(data, order), order);
        _hasColumns = data.ItemShape.Length == 1 && data.Levels is null;
        Names = !_hasColumns ? [] : data.Columns is { } names && order is null
            ? [.. names.Take(MostColumns)]
            : [.. Enumerable.Range(1, (int)Math.Min(MostColumns, data.ItemShape[0])).Select(i => $"column {i}")];
    }

    /// <summary>The names of the columns that are shown; empty where items are no vectors.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Items of the data.</summary>
    public ItemLook? Of(Tensor items) => _picture is null && !_hasColumns ? null : new()
    {
        Picture = _picture?.Draw(items),
        Shows = _picture?.Shows ?? "",
        Columns = Quantiles(items),
    };

    /// <summary>
    /// Samples of a flow, under contexts of the data from the first on where it is conditional.
    /// </summary>
    public ItemLook? Of(Flow flow, Tensor? contexts, int seed)
    {
        if (_picture is null && !_hasColumns)
        {
            return null;
        }

        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, flow.Device);
        var count = _picture?.Count ?? QuantileSamples;
        var given = contexts?.index_select(0, arange(count, ScalarType.Int64).remainder(contexts.shape[0]));
        return Of(flow.Quantize(Draw(flow, count, given, generator)))! with
        {
            Density = _picture?.DrawDensity(flow),
        };
    }

    public void Dispose() => _picture?.Dispose();

    /// <summary>Samples, some at a time, and fewer where they would take too long.</summary>
    private static Tensor Draw(Flow flow, int count, Tensor? given, Generator generator)
    {
        var (samples, clock) = (new List<Tensor>(), Stopwatch.StartNew());
        for (var drawn = 0; drawn < count && (drawn == 0 || clock.Elapsed < s_most); drawn += SamplesAtOnce)
        {
            var size = Math.Min(SamplesAtOnce, count - drawn);
            samples.Add(flow.Sample(size, given?.narrow(0, drawn, size), generator));
        }

        return cat(samples, 0);
    }

    private IReadOnlyList<ColumnQuantiles> Quantiles(Tensor items)
    {
        if (!_hasColumns)
        {
            return [];
        }

        using var scope = NewDisposeScope();
        var shown = _order?.Undo(items) ?? items;
        return ColumnQuantiles.Of(shown.narrow(1, 0, Names.Count));
    }
}
