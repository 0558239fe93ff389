namespace Bijectors.Cli;

/// <summary>
/// Monotone rational-quadratic splines on <c>[-bound, bound]</c>, the identity outside: in bin k, with
/// <c>t = (x - x_k) / w_k</c>, <c>s = h_k / w_k</c> and slopes d at the knots,
/// <c>y = y_k + h_k (s t^2 + d_k t (1-t)) / (s + (d_k + d_k+1 - 2s) t (1-t))</c>.
/// </summary>
/// <remarks>
/// Source: Durkan et al. 2019, Neural spline flows, arXiv 1906.04032, equations 4 to 8, as nflows and zuko compute
/// them.
/// </remarks>
internal sealed class EagerSpline
{
    // Of a bin's share of the interval, and of a slope.
    private const double Least = 1e-3;

    private readonly double _bound;
    private readonly Tensor _x;
    private readonly Tensor _y;
    private readonly Tensor _slopes;

    /// <summary>A spline for each feature.</summary>
    /// <param name="parameters"><c>(..., 3K - 1)</c>: raw widths and heights of K bins and raw slopes at the knots
    /// inside.</param>
    /// <param name="bound">Where the identity begins.</param>
    public EagerSpline(Tensor parameters, double bound)
    {
        var bins = (parameters.size(-1) + 1) / 3;
        var parts = parameters.split([bins, bins, bins - 1], -1);
        _bound = bound;
        (_x, _y) = (Knots(parts[0], bins), Knots(parts[1], bins));
        _slopes = nn.functional.pad(Least + nn.functional.softplus(parts[2], 1, 20), (1, 1), value: 1);
    }

    /// <summary>y for x, and <c>log(dy/dx)</c>.</summary>
    public (Tensor Y, Tensor LogSlope) Map(Tensor x)
    {
        var (inside, bin) = Find(x, _x);
        var t = Inside(inside, x - bin.X) / bin.Width;
        var product = t * (1 - t);
        var denominator = bin.Steepness + (bin.Excess * product);
        var y = bin.Y + (bin.Height * ((bin.Steepness * t.square()) + (bin.Slope * product)) / denominator);
        var slope = bin.Steepness.square()
            * ((bin.NextSlope * t.square()) + (2 * bin.Steepness * product) + (bin.Slope * (1 - t).square()));
        var logSlope = slope.log() - (2 * denominator.log());
        return (where(inside, y, x), Inside(inside, logSlope));
    }

    /// <summary>x for y.</summary>
    public Tensor Undo(Tensor y)
    {
        var (inside, bin) = Find(y, _y);
        var above = Inside(inside, y - bin.Y);
        var excess = above * bin.Excess;
        var a = (bin.Height * (bin.Steepness - bin.Slope)) + excess;
        var b = (bin.Height * bin.Slope) - excess;
        var c = -bin.Steepness * above;
        var t = 2 * c / (-b - (b.square() - (4 * a * c)).sqrt());
        return where(inside, bin.X + (t * bin.Width), y);
    }

    private Tensor Knots(Tensor raw, long bins)
    {
        var shares = Least + ((1 - (Least * bins)) * raw.softmax(-1));
        return (2 * _bound * nn.functional.pad(shares.cumsum(-1), (1, 0))) - _bound;
    }

    private (Tensor Inside, Bin Bin) Find(Tensor points, Tensor knots)
    {
        var place = searchsorted(knots, points.unsqueeze(-1).contiguous()) - 1;
        var bins = knots.size(-1) - 1;
        var inside = ((place >= 0) & (place < bins)).squeeze(-1);
        place = place.clamp(0, bins - 1);
        var next = place + 1;
        var (x, y) = (At(_x, place), At(_y, place));
        var (width, height) = (At(_x, next) - x, At(_y, next) - y);
        var (slope, nextSlope) = (At(_slopes, place), At(_slopes, next));
        var steepness = height / width;
        return (inside, new(x, width, y, height, slope, nextSlope, steepness, slope + nextSlope - (2 * steepness)));
    }

    // Outside, the beginning of a bin stands in, so that the branch not taken has finite gradients.
    private static Tensor Inside(Tensor inside, Tensor distance) => where(inside, distance, zeros([], distance.dtype));

    private static Tensor At(Tensor table, Tensor place) => table.gather(-1, place).squeeze(-1);

    /// <summary>The bin of each point; excess is <c>d_k + d_k+1 - 2s</c>.</summary>
    private sealed record Bin(
        Tensor X,
        Tensor Width,
        Tensor Y,
        Tensor Height,
        Tensor Slope,
        Tensor NextSlope,
        Tensor Steepness,
        Tensor Excess);
}
