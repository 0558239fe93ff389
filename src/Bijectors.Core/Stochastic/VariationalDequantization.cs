using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Whole numbers with noise from a distribution: <c>z = x + u</c> with u from <c>q(u | x)</c> on (0, 1),
/// <c>log w = -log q(u | x)</c>, <c>x = floor(z)</c>. Where q has parameters, they are trained with the flow, and the
/// lower bound is at least as tight as that of uniform noise, where q is as good; a <see cref="TruncatedNormal"/> has
/// none.
/// </summary>
/// <remarks>Source: Ho, Chen, Srinivas, Duan, Abbeel 2019, Flow++, arXiv 1902.00275, eq. 12.</remarks>
public sealed class VariationalDequantization : StochasticLayer
{
    private readonly Distribution noise;
    private readonly UniformDequantization _uniform;
    private readonly int _levels;

    /// <summary>Learned noise for whole numbers.</summary>
    /// <param name="levels">The number of levels: points hold whole numbers 0..levels-1.</param>
    /// <param name="noise">The distribution q of the noise on (0, 1), as a flow that ends there on the data's side. Its
    /// context, if any, is <c>x / levels - 1/2</c>, in the shape of x or as a vector.</param>
    /// <exception cref="ArgumentException">There are no levels, or gradients do not pass through the noise.</exception>
    /// <exception cref="ShapeException">The context of the noise has another shape.</exception>
    /// <exception cref="DomainException">The noise is not one on (0, 1).</exception>
    public VariationalDequantization(int levels, Distribution noise)
        : base(Checked(noise).EventShape, noise.EventShape)
    {
        _uniform = new UniformDequantization(noise.EventShape, levels);
        _levels = levels;
        this.noise = noise;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Domain Support => _uniform.Support;

    /// <inheritdoc/>
    public override Domain LatentSupport => _uniform.LatentSupport;

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    public override StochasticLayer Frozen() => new VariationalDequantization(_levels, noise.Frozen());

    /// <summary>The type, the levels and the noise.</summary>
    public override string ToString() => $"VariationalDequantization({_levels}, {noise})";

    /// <inheritdoc/>
    public override (Tensor Z, Tensor LogWeight) Encode(Tensor x, Tensor? context, Generator? generator)
    {
        var batch = x.shape[..^EventShape.Rank];
        using var given = Given(x, batch);
        var (u, logProb) = NestedDistribution.DrawWithLogProb(noise, batch, given, generator);
        using (u)
        {
            return (DequantizationNoise.Add(x, u, LatentSupport), LogDets.Negate(logProb));
        }
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z, Tensor? context, Generator? generator) => _uniform.Round(z);

    private Tensor? Given(Tensor x, long[] batch)
    {
        if (noise.ContextShape is not { } shape)
        {
            return null;
        }

        using var scaled = x / _levels;
        using var centred = scaled - 0.5;
        return centred.reshape([.. batch, .. shape.ToArray()]);
    }

    private static Distribution Checked(Distribution noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        if (!noise.Support.Equals(Domain.Unit))
        {
            throw new DomainException(nameof(VariationalDequantization), $"{noise}", noise.Support, Domain.Unit);
        }

        if (noise.ContextShape is { } shape && shape != noise.EventShape
            && shape != Shape.Vector(noise.EventShape.Size))
        {
            throw new ShapeException(
                nameof(VariationalDequantization),
                $"expected noise whose context is a point {noise.EventShape}, or one as a vector",
                $"got a context {shape}");
        }

        return noise.IsReparameterized && noise.HasExactLogProb
            ? noise
            : throw new ArgumentException(
                "VariationalDequantization: expected noise with an exact density that gradients "
                + $"pass through, got {noise}.",
                nameof(noise));
    }
}
