using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A network on sets (items, features) that does not know the order of the items: where those change places, so does
/// what comes out. Each layer is <c>y_i = W x_i + V mean_j x_j + b</c>, with an activation between two. The context,
/// where there is one, is read beside every item.
/// </summary>
/// <remarks>
/// A coupling of the features by this network gives items that change places the same density, in any order and any
/// number. Source: Zaheer et al. 2017, Deep sets, arXiv 1703.06114, section 3.1 (there with a sum or a maximum in place
/// of the mean). <see cref="SetEmbedding"/> makes one vector of a set.
/// </remarks>
public sealed class DeepSets : Conditioner
{
    // Each reads [x_i, mean], so that W and V lie side by side.
    private readonly ModuleList<Dense> layers;
    private readonly long _inputs;
    private readonly long _outputs;
    private readonly long _hidden;

    /// <summary>A network on sets.</summary>
    /// <param name="inputs">Features of each item; 0 where it reads the context alone.</param>
    /// <param name="outputs">Features of the output for each item.</param>
    /// <param name="hidden">Width of the hidden layers.</param>
    /// <param name="depth">Number of hidden layers.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="options">How it is put together; as usual by default.</param>
    /// <exception cref="ArgumentException">A size is not positive, or there is nothing to read.</exception>
    public DeepSets(
        long inputs, long outputs, long hidden, int depth, Generator generator, long contextSize = 0,
        DeepSetsOptions? options = null)
        : base(contextSize)
    {
        Options = options ?? new();
        ArgumentNullException.ThrowIfNull(Options.Activation);
        Numbers.CheckCount(nameof(DeepSets), "a number of inputs", inputs, least: contextSize > 0 ? 0 : 1);
        Numbers.CheckCount(nameof(DeepSets), "a number of outputs", outputs, least: 1);
        Numbers.CheckCount(nameof(DeepSets), "a hidden width", hidden, least: 1);
        Numbers.CheckCount(nameof(DeepSets), "a depth", depth, least: 1);
        Numbers.CheckFinite(nameof(DeepSets), Options.OutputGain);
        MemoryLimit.CheckWeights(depth - 1, 2, hidden, hidden);
        Nesting.CheckLength(nameof(DeepSets), depth);
        (_inputs, _outputs, _hidden) = (inputs, outputs, hidden);
        layers = new([.. Enumerable.Range(0, depth + 1).Select(i => new Dense(
            2 * (i == 0 ? inputs + contextSize : hidden), i == depth ? outputs : hidden, generator,
            i == depth ? Options.OutputGain : 1))]);
        RegisterComponents();
    }

    private DeepSets(DeepSets source)
        : base(source.ContextSize)
    {
        Options = source.Options;
        (_inputs, _outputs, _hidden) = (source._inputs, source._outputs, source._hidden);
        layers = new([.. source.layers.Select(layer => layer.Frozen())]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 2;

    /// <inheritdoc/>
    public override int FeatureAxis => -1;

    /// <summary>The number of hidden layers.</summary>
    public int Depth => layers.Count - 1;

    /// <summary>How it is put together.</summary>
    public DeepSetsOptions Options { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _inputs, _outputs);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var scope = NewDisposeScope();
        var h = Applied(layers[0], WithContext(input, context));
        foreach (var layer in layers.Skip(1))
        {
            h = Applied(layer, Options.Activation.Apply(h));
        }

        return h.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new DeepSets(this);

    private static Tensor Applied(Dense layer, Tensor x)
    {
        var width = x.size(-1);
        var ofItem = nn.functional.linear(x, layer.Weight.narrow(1, 0, width), layer.Bias);
        var ofAll = nn.functional.linear(x.mean([-2], keepdim: true), layer.Weight.narrow(1, width, width));
        return ofItem + ofAll;
    }
}
