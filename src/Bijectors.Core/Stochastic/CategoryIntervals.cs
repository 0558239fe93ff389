using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>The real line, cut into intervals that a standard normal number lies in as often as a category occurs.
/// </summary>
internal sealed class CategoryIntervals
{
    private readonly double[] _shares;
    private readonly double[] _below;
    private readonly double[] _above;
    private readonly double[] _ends;

    private CategoryIntervals(double[] shares)
    {
        _shares = shares;
        (_below, _above) = (new double[shares.Length], new double[shares.Length]);
        for (var k = 1; k < shares.Length; k++)
        {
            _below[k] = _below[k - 1] + shares[k - 1];
            _above[^(k + 1)] = _above[^k] + shares[^k];
        }

        using var scope = NewDisposeScope();
        var ends = NormalQuantile.OfLogit(tensor(_below[1..]).log() - tensor(_above[..^1]).log());
        _ends = ends.data<double>().ToArray();
    }

    /// <summary>The shares; they sum to one.</summary>
    public IReadOnlyList<double> Shares => _shares;

    /// <summary>The number of categories.</summary>
    public int Count => _shares.Length;

    /// <summary>The intervals of categories.</summary>
    /// <param name="shares">How often each occurs; they are divided by their sum.</param>
    /// <exception cref="ArgumentException">There are fewer than two, or one is too small.</exception>
    public static CategoryIntervals Of(IReadOnlyList<double> shares)
    {
        var sum = shares.Sum();
        double[] parts = [.. shares.Select(share => share / sum)];
        return parts.Length >= 2 && parts.All(part => part >= CategoricalDequantization.LeastShare)
            ? new(parts)
            : throw new ArgumentException(
                FormattableString.Invariant(
                    $"CategoricalDequantization: expected shares of two categories or more, each at least ")
                + FormattableString.Invariant($"{CategoricalDequantization.LeastShare} of all, got ")
                + (parts.Length < 2
                    ? $"{parts.Length}; leave out a column that is the same in all rows."
                    : FormattableString.Invariant($"{parts.Min()}; join what is rare.")),
                nameof(shares));
    }

    /// <summary>A normal number within the interval of each category.</summary>
    /// <param name="codes">Codes 0..K-1, of any shape.</param>
    /// <param name="generator">What it is drawn from.</param>
    /// <returns>The numbers, and the logarithm of the share of each category, of the shape and dtype of the
    /// codes.</returns>
    public (Tensor Z, Tensor LogShare) Draw(Tensor codes, Generator? generator)
    {
        using var scope = NewDisposeScope();
        var dtype = codes.dtype;

        // In half precision a probability near one has no digits.
        var fine = dtype == ScalarType.Float64 ? dtype : ScalarType.Float32;
        var index = codes.to(ScalarType.Int64).clamp(0, Count - 1).reshape(-1);
        var share = At(_shares, fine);
        var unit = Draws.Uniform(index.shape, fine, codes.device, generator);
        var least = finfo(fine).tiny;
        var logit = (At(_below, fine) + (share * unit)).clamp(min: least).log()
            - (At(_above, fine) + (share * (1 - unit))).clamp(min: least).log();

        // The last number of the dtype below the next interval's first.
        var (low, high) = Bounds(dtype);
        var z = NormalQuantile.OfLogit(logit).to(dtype).maximum(At(low, dtype)).minimum(At(high, dtype));
        return (z.reshape(codes.shape).MoveToOuterDisposeScope(),
            share.log().to(dtype).reshape(codes.shape).MoveToOuterDisposeScope());

        Tensor At(double[] values, ScalarType of) =>
            tensor(values, dtype: of, device: codes.device).index_select(0, index);
    }

    /// <summary>The category whose interval holds a number.</summary>
    /// <param name="z">Numbers, of any shape.</param>
    public Tensor CodeOf(Tensor z)
    {
        using var scope = NewDisposeScope();
        var (low, _) = Bounds(z.dtype);
        var ends = tensor(low[1..], dtype: z.dtype, device: z.device);
        return (z.unsqueeze(-1) >= ends).sum(-1).to(z.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The first and the last number of each interval, in a dtype.</summary>
    /// <exception cref="ArgumentException">The dtype is too coarse for them.</exception>
    private (double[] Low, double[] High) Bounds(ScalarType dtype)
    {
        using var exact = tensor(_ends);
        using var rounded = exact.to(dtype);
        using var wide = rounded.to(ScalarType.Float64);
        var (ends, info) = (wide.data<double>().ToArray(), finfo(dtype));
        double[] low = [-info.max, .. ends];
        double[] high =
            [.. ends.Select(end => end - (Math.Max(Math.Abs(end), info.tiny / info.eps) * info.eps)), info.max];
        return low.Zip(high).All(pair => pair.First <= pair.Second)
            ? (low, high)
            : throw new ArgumentException(
                $"CategoricalDequantization: expected categories whose intervals differ in {dtype}, got "
                + $"{Count} that do not; convert the flow with .to(ScalarType.Float32), or join what is rare.");
    }
}
