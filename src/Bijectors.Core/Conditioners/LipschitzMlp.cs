using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A network g on features with <c>|g(a) - g(b)| &lt;= 0.9 |a - b|</c> in the Euclidean norm, so that <c>x + g(x)</c>
/// has one inverse. The context is added in the first layer, where it changes nothing about that.
/// </summary>
/// <remarks>
/// Of L linear layers each is divided by <c>max(1, |W| / 0.9^(1/L))</c>, with the exact spectral norm and gradients
/// through it; between them stands LipSwish, <c>x sigmoid(x) / 1.1</c>, of slope at most 1 and smooth, as the log-det
/// needs it. The norms are taken in every evaluation: keep layers narrow. Source: Behrmann et al. 2019, Invertible
/// residual networks, arXiv 1811.00995; Chen et al. 2019, Residual flows, arXiv 1906.02735, section 3.3.
/// </remarks>
[Contractive(Constant)]
public sealed class LipschitzMlp : Conditioner
{
    /// <summary>The Lipschitz constant, for any weights.</summary>
    public const double Constant = 0.9;

    private readonly ModuleList<Dense> layers;
    private readonly Dense? condition;
    private readonly long _features;
    private readonly long _hidden;

    // In a frozen network the weights have been divided by their norms.
    private readonly bool _isDivided;

    /// <summary>A contractive network.</summary>
    /// <param name="features">Features of the input and the output.</param>
    /// <param name="hidden">Width of the hidden layers.</param>
    /// <param name="depth">Number of hidden layers.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public LipschitzMlp(long features, long hidden, int depth, Generator generator, long contextSize = 0)
        : base(contextSize)
    {
        Numbers.CheckCount(nameof(LipschitzMlp), "a number of features", features, least: 1);
        Numbers.CheckCount(nameof(LipschitzMlp), "a hidden width", hidden, least: 1);
        Numbers.CheckCount(nameof(LipschitzMlp), "a depth", depth, least: 1);
        MemoryLimit.CheckWeights(depth - 1, hidden, hidden);
        Nesting.CheckLength(nameof(LipschitzMlp), depth);
        _features = features;
        _hidden = hidden;
        layers = new([.. Enumerable.Range(0, depth + 1).Select(
            i => new Dense(i == 0 ? features : hidden, i == depth ? features : hidden, generator))]);
        condition = contextSize > 0 ? new(contextSize, hidden, generator) : null;
        RegisterComponents();
    }

    private LipschitzMlp(LipschitzMlp source)
        : base(source.ContextSize)
    {
        _features = source._features;
        _hidden = source._hidden;
        _isDivided = true;
        layers = new([.. source.layers.Select(source.Divided)]);
        condition = source.condition?.Frozen();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <summary>The number of hidden layers.</summary>
    public int Depth => layers.Count - 1;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _features, _features);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var scope = NewDisposeScope();
        var h = Bounded(layers[0], input);
        if (Aligned(input, context) is { } aligned)
        {
            h += condition!.Apply(aligned);
        }

        foreach (var layer in layers.Skip(1))
        {
            h = Bounded(layer, nn.functional.silu(h) / 1.1);
        }

        return h.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new LipschitzMlp(this);

    private Tensor Bounded(Dense layer, Tensor x) =>
        _isDivided ? layer.Apply(x) : nn.functional.linear(x, layer.Weight / Excess(layer), layer.Bias);

    /// <summary>How many times too large the norm of a layer is, at least 1.</summary>
    private Tensor Excess(Dense layer)
    {
        var limit = Math.Pow(Constant, 1.0 / layers.Count);
        return (linalg.matrix_norm(layer.Weight, 2) / limit).clamp(min: 1);
    }

    private Dense Divided(Dense layer)
    {
        if (_isDivided)
        {
            return layer.Frozen();
        }

        using var scope = NewDisposeScope();
        return layer.Frozen(Excess(layer).reciprocal());
    }
}
