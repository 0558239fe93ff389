using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>
/// Draws items of a data set, or samples of a flow trained on it, as one PNG: a grid of images, or where vectors lie.
/// </summary>
internal sealed class SamplePicture : IDisposable
{
    private const int GridSide = 8;
    private const int GridPixels = 320;
    private const int PointsOfPlane = 20_000;

    // Enough for coarser panels: some flows are slow to invert.
    private const int Points = 5_000;

    private readonly int? _levels;
    private readonly long _width;
    private readonly PixelPermutation? _order;
    private readonly PairGrid? _pairs;

    // The range of the training pixels, so that pictures of several models can be compared.
    private readonly Tensor _low;
    private readonly Tensor _high;

    private SamplePicture(Dataset data, bool pairs, PixelPermutation? order)
    {
        using var scope = NewDisposeScope();
        _order = order;
        (_levels, _width) = (data.Levels, data.ItemShape[^1]);
        _pairs = pairs ? new PairGrid(Whole(order?.Undo(data.Train) ?? data.Train)) : null;
        (_low, _high) = (data.Train.amin().DetachFromDisposeScope(), data.Train.amax().DetachFromDisposeScope());
    }

    /// <summary>
    /// A way to draw the items of a data set; null where they are neither images nor vectors of few entries.
    /// </summary>
    /// <param name="data">The data.</param>
    /// <param name="order">The order of their pixels, which pictures undo; null where it is the usual one.</param>
    public static SamplePicture? For(Dataset data, PixelPermutation? order = null) => data.ItemShape switch
    {
        [1 or 3, _, _] => new SamplePicture(data, pairs: false, order),
        [>= 2 and <= PairGrid.MostEntries] => new SamplePicture(data, pairs: true, order),
        _ => null,
    };

    /// <summary>How many samples a picture shows.</summary>
    public int Count => _pairs switch
    {
        null => GridSide * GridSide,
        { Entries: 2 } => PointsOfPlane,
        _ => Points,
    };

    /// <summary>What a picture shows, as a phrase.</summary>
    public string Shows => _pairs switch
    {
        null => "a grid of images",
        { Entries: 2 } => "where they lie in the plane, the darker the more of them",
        { Entries: var entries } =>
            $"where they lie, two of {entries} columns at a time, from column 1 to the right and from column 2 "
                + "downwards, the darker the more of them",
    };

    /// <summary>The first of some items as a PNG; of vectors all.</summary>
    /// <param name="items">Items <c>(N, C, H, W)</c> or <c>(N, D)</c>.</param>
    /// <param name="columns">The number of images in a row.</param>
    /// <param name="rows">The number of rows.</param>
    public byte[] Draw(Tensor items, int columns = GridSide, int rows = GridSide)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var shown = _order?.Undo(items) ?? items;
        var x = shown.to(ScalarType.Float32, CPU).nan_to_num();
        if (_pairs is { } pairs)
        {
            return Encode(pairs, pairs.Draw(Whole(shown).to(ScalarType.Float32, CPU).nan_to_num()));
        }

        var images = x.narrow(0, 0, Math.Min(columns * rows, x.shape[0]));
        var scaled = _levels is { } levels ? images / (levels - 1) : (images - _low) / (_high - _low + 1e-9);
        var scale = (int)Math.Max(1, GridPixels / (GridSide * _width));
        return PngImage.EncodeGrid(scaled.clamp(0, 1), columns, scale);
    }

    /// <summary>The density of a flow over the plane as a PNG; null where it has none that is known, is conditional, or
    /// the data lie elsewhere.</summary>
    public byte[]? DrawDensity(Flow flow)
    {
        if (_pairs is not { Entries: 2 } pairs || _order is not null || _levels is not null || !flow.HasExactLogProb
            || flow.ContextShape is not null)
        {
            return null;
        }

        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var density = flow.LogProb(pairs.Middles().to(flow.Dtype, flow.Device)).exp();
        return Encode(pairs, pairs.Shade(density.cpu()));
    }

    public void Dispose()
    {
        _low.Dispose();
        _high.Dispose();
        _pairs?.Dispose();
    }

    /// <summary>The rows of which no entry is missing; all where some entry of each is.</summary>
    private static Tensor Whole(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var whole = rows.isnan().any(1).logical_not().nonzero().flatten();
        return (whole.numel() > 0 ? rows.index_select(0, whole) : rows.nan_to_num()).MoveToOuterDisposeScope();
    }

    private static byte[] Encode(PairGrid pairs, Tensor panels) =>
        PngImage.EncodeGrid(panels, pairs.Columns, pairs.Scale, gap: pairs.Columns > 1 ? 2 : 0);
}
