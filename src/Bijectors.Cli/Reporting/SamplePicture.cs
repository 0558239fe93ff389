using Bijectors.Data;

namespace Bijectors.Cli;

/// <summary>
/// Draws items of a data set, or samples of a flow trained on it, as one PNG: a grid of images, or the density of
/// points in the plane.
/// </summary>
internal sealed class SamplePicture : IDisposable
{
    private const int GridSide = 8;
    private const int GridPixels = 320;
    private const int PlanePoints = 20_000;
    private const int PlaneCells = 160;

    private readonly int? _levels;
    private readonly bool _plane;
    private readonly long _width;
    private readonly PixelPermutation? _order;

    // Of the training items, so that pictures of several models can be compared: by pixel range, or by coordinate.
    private readonly Tensor _low;
    private readonly Tensor _high;

    private SamplePicture(Dataset data, bool plane, PixelPermutation? order)
    {
        using var scope = NewDisposeScope();
        _order = order;
        (_levels, _plane, _width) = (data.Levels, plane, data.ItemShape[^1]);
        var entries = plane ? order?.Undo(data.Train) ?? data.Train : data.Train.flatten();
        (_low, _high) = (entries.amin([0]).DetachFromDisposeScope(), entries.amax([0]).DetachFromDisposeScope());
    }

    /// <summary>
    /// A way to draw the items of a data set; null where they are neither images nor points in the plane.
    /// </summary>
    /// <param name="data">The data.</param>
    /// <param name="order">The order of their pixels, which pictures undo; null where it is the usual one.</param>
    public static SamplePicture? For(Dataset data, PixelPermutation? order = null) => data.ItemShape switch
    {
        [1 or 3, _, _] => new SamplePicture(data, plane: false, order),
        [2] => new SamplePicture(data, plane: true, order),
        _ => null,
    };

    /// <summary>
    /// Samples of a flow as a PNG, under contexts of the data from the first on where it is conditional.
    /// </summary>
    public byte[] Draw(Flow flow, Tensor? contexts, int seed)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var count = _plane ? PlanePoints : GridSide * GridSide;
        var given = contexts?.index_select(0, arange(count, ScalarType.Int64).remainder(contexts.shape[0]));
        return Draw(flow.Quantize(flow.Sample(count, given, generator)));
    }

    /// <summary>The first of some items as a PNG.</summary>
    /// <param name="items">Items <c>(N, C, H, W)</c> or <c>(N, 2)</c>.</param>
    /// <param name="columns">The number of images in a row.</param>
    /// <param name="rows">The number of rows.</param>
    public byte[] Draw(Tensor items, int columns = GridSide, int rows = GridSide)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        var shown = _order?.Undo(items) ?? items;
        var x = shown.to(ScalarType.Float32, CPU).nan_to_num();
        if (_plane)
        {
            return PngImage.EncodeGrid(Density(x), 1, scale: GridPixels / PlaneCells, gap: 0);
        }

        var images = x.narrow(0, 0, Math.Min(columns * rows, x.shape[0]));
        var scaled = _levels is { } levels ? images / (levels - 1) : (images - _low) / (_high - _low + 1e-9);
        var scale = (int)Math.Max(1, GridPixels / (GridSide * _width));
        return PngImage.EncodeGrid(scaled.clamp(0, 1), columns, scale);
    }

    public void Dispose()
    {
        _low.Dispose();
        _high.Dispose();
    }

    /// <summary>
    /// How many points fall into each cell of the plane, as grey: white for none, darker with the root of the count.
    /// </summary>
    private Tensor Density(Tensor points)
    {
        var margin = (_high - _low) * 0.05;
        var cell = ((points - _low + margin) / (_high - _low + 2 * margin) * PlaneCells).floor().to(ScalarType.Int64);
        var inside = cell.ge(0).logical_and(cell.lt(PlaneCells)).all(1);
        var seen = cell[inside];
        // Rows count downwards, the second coordinate upwards.
        var index = (PlaneCells - 1 - seen.select(1, 1)) * PlaneCells + seen.select(1, 0);
        var counts = index.bincount(null, PlaneCells * PlaneCells).to(ScalarType.Float32).sqrt();
        return (1 - counts / counts.max().clamp_min(1)).view(1, 1, PlaneCells, PlaneCells);
    }
}
