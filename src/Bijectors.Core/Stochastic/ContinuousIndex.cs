using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A layer of a continuously indexed flow: a bijector <c>z = f(x; u)</c> that a random index chooses. Encoding draws u
/// from <c>q(u | x)</c>, <c>log w = log r(u | z) + log|det df/dx| - log q(u | x)</c>; decoding draws u from
/// <c>r(u | z)</c> and gives <c>x = f^-1(z; u)</c>. It gives a lower bound.
/// </summary>
/// <remarks>A flow is one-to-one, so that it cannot map the support of a normal distribution onto one of another
/// topology; a family of bijections can. Source: Cornish, Caterini, Deligiannidis, Doucet 2020, Relaxing bijectivity
/// constraints with continuously indexed normalising flows, arXiv 1909.13833.</remarks>
public sealed class ContinuousIndex : StochasticLayer
{
    private readonly Bijector f;
    private readonly Distribution posterior;
    private readonly Distribution prior;

    /// <summary>A continuously indexed bijector.</summary>
    /// <param name="eventShape">The shape of one point.</param>
    /// <param name="f">The bijector. Its context is the index u, a vector, followed by the context of the layer where
    /// it has one.</param>
    /// <param name="posterior">The distribution <c>q(u | x)</c> of indices. Its context is a point, in its own shape or
    /// as a vector; a vector may be followed by the context of the layer.</param>
    /// <param name="prior">The distribution <c>r(u | z)</c> of indices, which reads a latent in the same way.</param>
    /// <param name="contextShape">The shape <c>(C)</c> of a context that the layer reads besides; null for
    /// none.</param>
    /// <exception cref="ShapeException">The bijector does not fit the shape, or the indices or what they depend on have
    /// other shapes.</exception>
    /// <exception cref="DomainException">The indices of the two have different supports.</exception>
    /// <exception cref="ArgumentException">The bijector reads no context; gradients do not pass through what the
    /// posterior draws, or the density of one of the two is not exact.</exception>
    public ContinuousIndex(
        Shape eventShape, Bijector f, Distribution posterior, Distribution prior, Shape? contextShape = null)
        : base(eventShape, Checked(f).OutputShape(eventShape), contextShape)
    {
        const string name = nameof(ContinuousIndex);
        ArgumentNullException.ThrowIfNull(posterior);
        ArgumentNullException.ThrowIfNull(prior);
        if (posterior.EventShape.Rank != 1 || prior.EventShape != posterior.EventShape)
        {
            throw new ShapeException(
                name, "expected two distributions of vectors of one size, the index",
                $"got {posterior.EventShape} and {prior.EventShape}");
        }

        if (!posterior.Support.Equals(prior.Support))
        {
            throw new DomainException(name, $"{prior}", posterior.Support, prior.Support);
        }

        GivenPoint.Check(name, posterior, "a point", EventShape, contextShape);
        GivenPoint.Check(name, prior, "a latent", LatentShape, contextShape);
        if (!posterior.IsReparameterized || !posterior.HasExactLogProb || !prior.HasExactLogProb)
        {
            throw new ArgumentException(
                $"{name}: expected distributions of the index with exact densities, the posterior one that gradients "
                + $"pass through, got {posterior} and {prior}.",
                nameof(posterior));
        }

        this.f = f;
        this.posterior = posterior;
        this.prior = prior;
        RegisterComponents();
    }

    /// <summary>The bijector.</summary>
    public Bijector F => f;

    /// <summary>The distribution of the index given a point.</summary>
    public Distribution Posterior => posterior;

    /// <summary>The distribution of the index given a latent.</summary>
    public Distribution Prior => prior;

    /// <inheritdoc/>
    public override Domain Support => f.Domain;

    /// <inheritdoc/>
    public override Domain LatentSupport => f.Codomain;

    /// <inheritdoc/>
    public override bool IsExact => false;

    /// <inheritdoc/>
    public override bool IsReparameterized => prior.IsReparameterized;

    /// <inheritdoc/>
    public override StochasticLayer Frozen() => new ContinuousIndex(
        EventShape, f.Frozen(EventShape, posterior.Dtype), posterior.Frozen(), prior.Frozen(), ContextShape);

    /// <summary>The type and the bijector.</summary>
    public override string ToString() => $"ContinuousIndex({posterior.EventShape[0]}, {f})";

    /// <inheritdoc/>
    public override (Tensor Z, Tensor LogWeight) Encode(Tensor x, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        var batch = x.shape[..^EventShape.Rank];
        var point = GivenPoint.Of(posterior, x, EventShape, context, ContextShape);
        var (u, logQ) = NestedDistribution.DrawWithLogProb(posterior, batch, point, generator);
        var (z, logDet) = Nested.ForwardWithLogDet(f, x, Index(u, context), EventShape.Rank);
        var latent = GivenPoint.Of(prior, z, LatentShape, context, ContextShape);
        var logWeight = NestedDistribution.LogProb(prior, u, latent) + logDet - logQ;
        return (z.MoveToOuterDisposeScope(), logWeight.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor Decode(Tensor z, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        var latent = GivenPoint.Of(prior, z, LatentShape, context, ContextShape);
        var u = NestedDistribution.Draw(prior, z.shape[..^LatentShape.Rank], latent, generator);
        return Nested.Inverse(f, z, Index(u, context)).MoveToOuterDisposeScope();
    }

    /// <summary>What the bijector reads: the index, and the context behind it.</summary>
    private Tensor Index(Tensor u, Tensor? context)
    {
        if (context is null || ContextShape is not { } shape)
        {
            return u;
        }

        var lined = ContextNetwork.Lined(context, shape, (int)u.dim());
        return cat([u, lined.expand([.. u.shape[..^1], lined.size(-1)])], -1);
    }

    private static Bijector Checked(Bijector f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return f.ReadsContext
            ? f
            : throw new ArgumentException(
                $"ContinuousIndex: expected a bijector that reads the index as its context, got {f}, which reads none; "
                + "give its network a context.",
                nameof(f));
    }
}
