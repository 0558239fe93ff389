using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A network g on features with <c>|g(a) - g(b)| &lt;= c |a - b|</c> in the Euclidean norm, so that <c>x + g(x)</c>
/// has one inverse. The context is added in the first layer, where it changes nothing about that.
/// </summary>
/// <remarks>
/// <para>Of L linear layers each is divided by <c>max(1, |W| / c^(1/L))</c>; between them stands LipSwish with a
/// trained b for each layer, <c>h sigmoid(b h) / 1.1</c>, of slope at most 1 and smooth, as the log-det needs it. |W|
/// is the exact spectral norm, with gradients through it, and not an estimate by power iteration, which lies below the
/// norm until it has converged: c holds for any weights. The norms are those of the weights as they are, taken in every
/// evaluation, and once where <see cref="Factors"/> are taken first; keep layers narrow.</para>
/// <para>Dense, each hidden layer keeps what it reads, <c>[cos(t) h, sin(t) f(h)]</c> with a trained t. The slope of
/// that is at most 1 where that of f is: <c>cos(t)^2 |a - b|^2 + sin(t)^2 |f(a) - f(b)|^2 &lt;= |a - b|^2</c>. So
/// hidden layers are divided by <c>max(1, |W|)</c> and the last one by <c>max(1, |W| / c)</c>.</para>
/// <para>Source: Behrmann et al. 2019, Invertible residual networks, arXiv 1811.00995; Chen et al. 2019, Residual
/// flows, arXiv 1906.02735, section 3.3; dense: Perugachi-Diaz, Tomczak, Bhulai 2021, Invertible DenseNets with
/// concatenated LipSwish, arXiv 2102.02694, section 3.</para>
/// </remarks>
[Contractive(LargestConstant)]
public sealed class LipschitzMlp : Conditioner
{
    /// <summary>The largest Lipschitz constant that a network may have.</summary>
    public const double LargestConstant = 0.98;

    // That of h sigmoid(h) is 1.0998.
    private const double SteepestSlope = 1.1;

    private readonly ModuleList<Dense> layers;
    private readonly Dense? condition;

    // log b of each hidden layer, and t of each dense one.
    private readonly Tensor bends;
    private readonly Tensor? angles;
    private readonly long _features;
    private readonly long _hidden;

    // In a frozen network the weights have been divided by their norms.
    private readonly bool _isDivided;

    /// <summary>A contractive network.</summary>
    /// <param name="features">Features of the input and the output.</param>
    /// <param name="hidden">Width of the hidden layers; of dense ones how many features each of them adds.</param>
    /// <param name="depth">Number of hidden layers.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="constant">The Lipschitz constant c, for any weights.</param>
    /// <param name="isDense">Whether each hidden layer keeps what it reads.</param>
    /// <exception cref="ArgumentException">A size is not positive, or the constant is not between 0 and
    /// <see cref="LargestConstant"/>.</exception>
    public LipschitzMlp(
        long features, long hidden, int depth, Generator generator, long contextSize = 0, double constant = 0.9,
        bool isDense = false)
        : base(contextSize)
    {
        Numbers.CheckCount(nameof(LipschitzMlp), "a number of features", features, least: 1);
        Numbers.CheckCount(nameof(LipschitzMlp), "a hidden width", hidden, least: 1);
        Numbers.CheckCount(nameof(LipschitzMlp), "a depth", depth, least: 1);
        if (!(constant > 0 && constant <= LargestConstant))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"LipschitzMlp: expected a constant above 0, {LargestConstant} at most, got {constant}."));
        }

        MemoryLimit.CheckWeights(depth - 1, hidden, hidden);
        Nesting.CheckLength(nameof(LipschitzMlp), depth);
        (_features, _hidden) = (features, hidden);
        (Constant, IsDense) = (constant, isDense);
        layers = new([.. Enumerable.Range(0, depth + 1)
            .Select(i => new Dense(WidthBefore(i), i == depth ? features : hidden, generator))]);
        condition = contextSize > 0 ? new(contextSize, hidden, generator) : null;
        bends = Initial.Constant(0, depth);
        angles = isDense ? Initial.Constant(Math.PI / 4, depth) : null;
        RegisterComponents();

        long WidthBefore(int layer) => isDense ? features + (layer * hidden) : layer == 0 ? features : hidden;
    }

    private LipschitzMlp(LipschitzMlp source)
        : base(source.ContextSize)
    {
        (_features, _hidden) = (source._features, source._hidden);
        (Constant, IsDense) = (source.Constant, source.IsDense);
        _isDivided = true;
        using var factors = source.Factors();
        layers = new([.. source.layers.Select((layer, i) => Multiplied(layer, factors, i))]);
        condition = source.condition?.Frozen();
        bends = Initial.Snapshot(source.bends);
        angles = source.angles is null ? null : Initial.Snapshot(source.angles);
        RegisterComponents();

        static Dense Multiplied(Dense layer, Tensor factors, int i)
        {
            using var factor = factors[i];
            return layer.Frozen(factor);
        }
    }

    /// <inheritdoc/>
    public override bool CanBeGuided => false;

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <summary>The number of hidden layers.</summary>
    public int Depth => layers.Count - 1;

    /// <summary>The Lipschitz constant c, for any weights.</summary>
    public double Constant { get; }

    /// <summary>Whether each hidden layer keeps what it reads.</summary>
    public bool IsDense { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _features, _features);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        using var factors = Factors();
        return Evaluate(input, context, factors);
    }

    /// <summary>The same with factors that have been taken already: for many evaluations with the same
    /// weights.</summary>
    /// <param name="input">The points, <c>(..., features)</c>.</param>
    /// <param name="context">The context, or null.</param>
    /// <param name="factors">What <see cref="Factors"/> gave.</param>
    /// <returns>A fresh tensor <c>(..., features)</c>.</returns>
    public Tensor Evaluate(Tensor input, Tensor? context, Tensor factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        CheckEvent(input);
        using var scope = NewDisposeScope();
        var h = input;
        for (var i = 0; i < Depth; i++)
        {
            var hidden = Linear(i, h, factors);
            if (i == 0 && Aligned(input, context) is { } aligned)
            {
                hidden += condition!.Apply(aligned);
            }

            // Its scale is in the factors of the next layer, of a dense one in what is kept.
            hidden *= (hidden * bends[i].exp()).sigmoid();
            h = angles is null
                ? hidden
                : cat([h * angles[i].cos(), hidden * (angles[i].sin() / SteepestSlope)], -1);
        }

        return Linear(Depth, h, factors).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// What the weights of each layer are multiplied by: <c>min(1, limit / |W|)</c>, and the scale of LipSwish where a
    /// layer reads that alone.
    /// </summary>
    /// <returns>A fresh tensor <c>(Depth + 1)</c>, with gradients for the weights.</returns>
    public Tensor Factors()
    {
        using var scope = NewDisposeScope();
        return (_isDivided ? ones(layers.Count, bends.dtype, bends.device) : stack([.. layers.Select(Factor)]))
            .MoveToOuterDisposeScope();

        Tensor Factor(Dense layer, int i)
        {
            var limit = IsDense ? (i < Depth ? 1 : Constant) : Math.Pow(Constant, 1.0 / layers.Count);
            var scale = IsDense || i == 0 ? 1 : 1 / SteepestSlope;
            return (linalg.matrix_norm(layer.Weight, 2) / limit).clamp(min: 1).reciprocal() * scale;
        }
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new LipschitzMlp(this);

    private Tensor Linear(int i, Tensor x, Tensor factors) => _isDivided
        ? layers[i].Apply(x)
        : nn.functional.linear(x, layers[i].Weight * factors[i], layers[i].Bias);
}
