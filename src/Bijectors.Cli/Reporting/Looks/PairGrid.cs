namespace Bijectors.Cli;

/// <summary>
/// Where vectors lie, two entries at a time, as grey pictures: of two entries one panel, of more a triangle in which
/// rows are the entries from the second on and columns those before. The horizontal axis is the earlier entry. Axes
/// reach a little beyond the training items, the same for data and samples.
/// </summary>
internal sealed class PairGrid : IDisposable
{
    /// <summary>Vectors of more entries than this have no picture.</summary>
    public const int MostEntries = 6;

    private const int Pixels = 320;

    private readonly Tensor _low;
    private readonly Tensor _span;

    /// <summary>Axes that fit items <c>(N, D)</c>.</summary>
    public PairGrid(Tensor train)
    {
        using var scope = NewDisposeScope();
        Entries = (int)train.shape[1];
        var (low, high) = (train.amin([0]), train.amax([0]));
        var margin = (high - low) * 0.05;
        _low = (low - margin).DetachFromDisposeScope();
        _span = (high - low + 2 * margin).DetachFromDisposeScope();
    }

    /// <summary>The number of entries of a vector.</summary>
    public int Entries { get; }

    /// <summary>The number of panels in a row.</summary>
    public int Columns => Entries - 1;

    /// <summary>The number of cells along a side of each panel.</summary>
    public int Cells => Entries == 2 ? 160 : 64;

    /// <summary>The side of the square that each cell becomes in a picture.</summary>
    public int Scale => Math.Max(1, Pixels / Cells / Math.Min(2, Columns));

    /// <summary>Points of the plane, one in the middle of each cell, in the order of its pixels: <c>(Cells^2,
    /// 2)</c>.</summary>
    public Tensor Middles()
    {
        using var scope = NewDisposeScope();
        var along = (arange(Cells) + 0.5) / Cells;
        // Rows count downwards, the second entry upwards.
        var places = stack([along.repeat(Cells), along.flip(0).repeat_interleave(Cells)], 1);
        return (places * _span + _low).MoveToOuterDisposeScope();
    }

    /// <summary>Pictures <c>(panels, 1, Cells, Cells)</c> with values in [0, 1]: white where no point lies, darker with
    /// the root of the number of points.</summary>
    public Tensor Draw(Tensor points)
    {
        using var scope = NewDisposeScope();
        var cell = ((points - _low) / _span * Cells).floor().to(ScalarType.Int64);
        var panels = new List<Tensor>();
        for (var row = 1; row < Entries; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                panels.Add(column < row ? Panel(cell.select(1, column), cell.select(1, row)) : ones(1, Cells, Cells));
            }
        }

        return stack(panels).MoveToOuterDisposeScope();
    }

    /// <summary>Numbers that are not negative, one for each of <see cref="Middles"/>, as such a picture.</summary>
    public Tensor Shade(Tensor values)
    {
        var roots = values.nan_to_num(0, 0, 0).clamp_min(0).to(ScalarType.Float32).sqrt();
        return (1 - roots / roots.max().clamp_min(float.Epsilon)).view(-1, 1, Cells, Cells);
    }

    public void Dispose()
    {
        _low.Dispose();
        _span.Dispose();
    }

    private Tensor Panel(Tensor across, Tensor up)
    {
        var inside = across.ge(0).logical_and(across.lt(Cells)).logical_and(up.ge(0)).logical_and(up.lt(Cells));
        var place = ((Cells - 1 - up) * Cells + across)[inside];
        return Shade(place.bincount(null, Cells * Cells))[0];
    }
}
