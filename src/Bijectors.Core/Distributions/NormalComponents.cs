using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Mixtures of K normal distributions with diagonal covariances, of points <c>(..., C)</c>:
/// <c>log p(x) = log sum_k exp(log w_k + sum_c log N(x_c; m_kc, exp(s_kc)))</c>.
/// </summary>
/// <param name="LogWeights"><c>(..., K)</c>, normalized.</param>
/// <param name="Means"><c>(..., K, C)</c></param>
/// <param name="LogScales"><c>(..., K, C)</c></param>
internal readonly record struct NormalComponents(Tensor LogWeights, Tensor Means, Tensor LogScales)
{
    // Of the means at the start, where a mixture of deviation 1 has several components: equal ones would stay equal.
    private const double Spread = 0.5;

    /// <summary>How many numbers make a mixture: K logits, K C means, K C raw log-scales.</summary>
    public static long Count(long components, long channels) => components * (1 + (2 * channels));

    /// <summary>Checks the number of components.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static void Check(string whose, int components)
    {
        Numbers.CheckCount(whose, "a number of components", components, least: 1);
    }

    /// <summary>Numbers of a mixture of mean about 0 and deviation about 1: random means, equal scales and
    /// weights.</summary>
    public static Parameter Start(int components, long channels, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        MemoryLimit.Take(components, (2 * channels) + 1);
        using var scope = NewDisposeScope();
        var spread = components == 1 ? 0 : Spread;
        var means = spread * Draws.Normal([components * channels], ScalarType.Float32, CPU, generator);
        var logScales = full([components * channels], Math.Log(1 - (spread * spread)) / 2, ScalarType.Float32);
        var start = cat([zeros([components], ScalarType.Float32), means, logScales], 0);
        return Initial.Parameter(start.MoveToOuterDisposeScope());
    }

    /// <summary>Logits <c>(..., K)</c>, means and raw log-scales <c>(..., K, C)</c> from <c>(..., K (1 + 2 C))</c>.
    /// </summary>
    public static (Tensor Logits, Tensor Means, Tensor Raw) Split(Tensor numbers, int components)
    {
        var each = (numbers.size(-1) - components) / 2;
        var parts = numbers.split([components, each, each], -1);
        long[] shape = [.. numbers.shape[..^1], components, each / components];
        return (parts[0], parts[1].reshape(shape), parts[2].reshape(shape));
    }

    /// <summary>The mixtures of raw parameters.</summary>
    public static NormalComponents Of((Tensor Logits, Tensor Means, Tensor Raw) parameters, ScaleMap scale) =>
        new(Normalized(parameters.Logits), parameters.Means, scale.LogScale(parameters.Raw));

    /// <summary>Logarithms of weights that add up to 1 along the last dimension, from logits.</summary>
    public static Tensor Normalized(Tensor logits) => logits - logits.logsumexp(-1, keepdim: true);

    /// <summary>The log-density at points.</summary>
    /// <param name="x"><c>(..., C)</c></param>
    /// <returns><c>(...)</c>, in nats.</returns>
    public Tensor LogProb(Tensor x)
    {
        using var scope = NewDisposeScope();
        var u = (x.unsqueeze(-2) - Means) * (-LogScales).exp();
        var each = (-0.5 * u * u) - LogScales;
        var constant = 0.5 * x.size(-1) * Math.Log(2 * Math.PI);
        return ((LogWeights + each.sum(-1)).logsumexp(-1) - constant).MoveToOuterDisposeScope();
    }

    /// <summary>Draws one point of each mixture; no gradients pass through it.</summary>
    /// <param name="shape">The shape <c>(..., C)</c> of what is drawn, to which the mixtures are repeated.</param>
    /// <param name="generator">What is drawn from; null for torch's global generator.</param>
    public Tensor Draw(long[] shape, Generator? generator)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var channels = shape[^1];
        var chosen = Choose(LogWeights, shape[..^1], generator).reshape([.. shape[..^1], 1, 1])
            .expand([.. shape[..^1], 1, channels]);
        var (mean, logScale) = (Chosen(Means), Chosen(LogScales));
        var noise = Draws.Normal(shape, mean.dtype, mean.device, generator);
        return (mean + (logScale.exp() * noise)).MoveToOuterDisposeScope();

        Tensor Chosen(Tensor all) =>
            all.expand([.. shape[..^1], all.size(-2), channels]).gather(-2, chosen).squeeze(-2);
    }

    /// <summary>The number of a component for each place, drawn by its weight.</summary>
    /// <param name="logWeights"><c>(..., K)</c>, normalized.</param>
    /// <param name="shape">The shape <c>(...)</c> of what is drawn, to which the weights are repeated.</param>
    /// <param name="generator">What is drawn from; null for torch's global generator.</param>
    public static Tensor Choose(Tensor logWeights, long[] shape, Generator? generator)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var upTo = logWeights.exp().cumsum(-1);
        var uniform = Draws.Uniform([.. shape, 1], logWeights.dtype, logWeights.device, generator);

        // The weights add up to 1 but for rounding; a component of weight 0 is never chosen.
        return (uniform * upTo.narrow(-1, upTo.size(-1) - 1, 1) >= upTo).sum(dim: -1)
            .clamp(0, upTo.size(-1) - 1).MoveToOuterDisposeScope();
    }
}
