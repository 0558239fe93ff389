using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Whole numbers with noise that is uniform in [0, 1): <c>z = x + u</c>, <c>x = floor(z)</c>. It gives a lower bound:
/// <c>log p(x) &gt;= E log p(x + u)</c>.
/// </summary>
/// <remarks>
/// In float16 and bfloat16 the noise keeps to numbers that can be added to every level without rounding, which are few.
/// Source: Theis, van den Oord, Bethge 2016, A note on the evaluation of generative models, arXiv
/// 1511.01844, section 3.1.
/// </remarks>
public sealed class UniformDequantization : StochasticLayer
{
    private readonly int _levels;

    /// <summary>Noise for whole numbers.</summary>
    /// <param name="eventShape">The shape of one point.</param>
    /// <param name="levels">The number of levels: points hold whole numbers 0..levels-1.</param>
    /// <exception cref="ArgumentException">There are no levels.</exception>
    public UniformDequantization(Shape eventShape, int levels)
        : base(eventShape, eventShape)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levels);
        _levels = levels;
    }

    /// <inheritdoc/>
    public override Domain Support => Domain.WholeNumbers(0, _levels - 1);

    /// <inheritdoc/>
    public override Domain LatentSupport => Domain.Interval(0, _levels);

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <summary>The type and the levels.</summary>
    public override string ToString() => $"UniformDequantization({_levels})";

    /// <inheritdoc/>
    public override (Tensor Z, Tensor LogWeight) Encode(Tensor x, Tensor? context, Generator? generator) =>
        (AddNoise(x, LatentSupport, generator), LogDets.Zero(x));

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z, Tensor? context, Generator? generator) => Round(z);

    /// <summary>Whole numbers with noise: fresh points inside of a support.</summary>
    /// <exception cref="ArgumentException">The dtype has no numbers between the highest levels.</exception>
    internal Tensor AddNoise(Tensor points, Domain support, Generator? generator)
    {
        using var noise = DequantizationNoise.Uniform(points, _levels, generator);

        // Where the support ends at 0 and at the number of levels, noise of 0 and of nearly 1 would come upon its ends.
        // What is no level stays outside.
        return DequantizationNoise.Add(points, noise, support);
    }

    /// <summary>The whole number below each point, in 0..levels-1.</summary>
    internal Tensor Round(Tensor z)
    {
        using var floor = z.floor();
        return floor.clamp(0, _levels - 1);
    }
}
