using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A network that reads one part of a point, and the context, and gives the parameters that the other part is mapped
/// with. It need not be invertible. It must be deterministic and treat every item alone: with dropout or batch
/// normalisation a flow is no longer invertible, so networks that hold such layers are refused where they are first
/// used.
/// </summary>
/// <remarks>
/// Features lie along <see cref="FeatureAxis"/>: the last dimension, the channels of an image, or what the network
/// says. What comes out has a number of features that is a multiple of those of the mapped part: one group of
/// parameters after another, each for all features, see <see cref="ScaleAndShift"/>, <see cref="Table"/> and
/// <see cref="Groups"/>.
/// </remarks>
public abstract class Conditioner : SharableModule
{
    private bool _isChecked;

    /// <summary>A conditioner with the name of its type.</summary>
    /// <param name="contextSize">The C of a context <c>(batch..., C)</c>, 0 for none.</param>
    /// <exception cref="ArgumentException">The context size is negative.</exception>
    protected Conditioner(long contextSize)
        : base(nameof(Conditioner))
    {
        if (contextSize < 0)
        {
            throw new ArgumentOutOfRangeException(
                paramName: null, $"{GetType().Name}: expected a context size of 0 or more, got {contextSize}.");
        }

        ContextSize = contextSize;
    }

    /// <summary>How many last dimensions one input has: 1 for features, 3 for images, 2 for (tokens,
    /// channels).</summary>
    public abstract int EventRank { get; }

    /// <summary>
    /// The dimension of input and output that holds the features, counted from the end. By default the first one of the
    /// event: -1 of vectors, -3 of images. A network on (tokens, channels) says -1.
    /// </summary>
    public virtual int FeatureAxis => -EventRank;

    /// <summary>The size of the context it takes; 0 where it takes none and ignores any.</summary>
    public long ContextSize { get; }

    /// <summary>Whether it is an embedding that takes a context whose numbers are all NaN for none, as
    /// <see cref="OptionalContext"/> does.</summary>
    public virtual bool AcceptsNone => false;

    /// <summary>Whether its output may be extrapolated (<see cref="GuidedContext"/>). A network on whose bounded slope
    /// a layer depends overrides it with false.</summary>
    public virtual bool CanBeGuided => true;

    /// <summary>The shape that comes out when <paramref name="input"/> is read.</summary>
    /// <param name="input">A shape of at least <see cref="EventRank"/> dimensions; those before the last ones pass
    /// unchanged.</param>
    /// <exception cref="ShapeException">It has other features than declared.</exception>
    public abstract Shape OutputShape(Shape input);

    /// <summary>Runs the network.</summary>
    /// <param name="input">The part that is read, <c>(batch..., features)</c> or
    /// <c>(batch..., channels, height, width)</c>.</param>
    /// <param name="context"><c>(batch..., C)</c> with the leading dimensions of the input or fewer of them, or
    /// <c>(C)</c>.</param>
    /// <returns>A fresh tensor of the input's dimensions, another number of features.</returns>
    /// <exception cref="ShapeException">The input or the context has another size than declared.</exception>
    /// <exception cref="ArgumentException">A context is needed and there is none.</exception>
    public abstract Tensor Evaluate(Tensor input, Tensor? context);

    /// <summary>
    /// Runs the network for a layer: what <see cref="Evaluate"/> gives, checked to be what <see cref="OutputShape"/>
    /// says; of a <see cref="GuidedContext"/> what is extrapolated. Layers that do not take the output apart call it. A
    /// network around another one overrides it, where the other one is to be extrapolated.
    /// </summary>
    /// <inheritdoc cref="Evaluate"/>
    public virtual Tensor Raw(Tensor input, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!GuidedContext.Is(context, ContextSize))
        {
            return Evaluated(input, context);
        }

        var (given, none, weight) = GuidedContext.Split(context!, ContextSize);
        using (given)
        using (none)
        using (weight)
        using (var with = Evaluated(input, given))
        using (var without = Evaluated(input, none))
        {
            return GuidedContext.Extrapolate(with, without, weight);
        }
    }

    /// <summary>Runs the network and takes its output apart.</summary>
    /// <inheritdoc cref="Evaluate"/>
    /// <returns>The raw log-scales, the first half of the features, and the shifts, the second half; both
    /// fresh.</returns>
    public (Tensor LogScale, Tensor Shift) ScaleAndShift(Tensor input, Tensor? context)
    {
        CheckLayers();
        using var output = Raw(input, context);
        return ParameterGroups.Halves(this, output, FeatureAxis);
    }

    /// <summary>Runs the network and gives one group of several parameters for each mapped feature, as of a
    /// spline.</summary>
    /// <inheritdoc cref="Evaluate"/>
    /// <param name="input">The part that is read.</param>
    /// <param name="context">As for <see cref="Evaluate"/>.</param>
    /// <param name="size">How many parameters there are for each feature; they lie side by side in the output.</param>
    /// <returns>The shape of the mapped part and one dimension more, <c>(..., size)</c>, fresh.</returns>
    public Tensor Table(Tensor input, Tensor? context, int size)
    {
        CheckLayers();
        using var output = Raw(input, context);
        return ParameterGroups.Split(this, output, FeatureAxis, [size], keepOne: true)[0];
    }

    /// <summary>Runs the network and gives one group of several parameters for each mapped feature, where the output is
    /// <c>[first parameter of all features | second of all features | ...]</c>.</summary>
    /// <inheritdoc cref="Evaluate"/>
    /// <param name="input">The part that is read.</param>
    /// <param name="context">As for <see cref="Evaluate"/>.</param>
    /// <param name="size">How many parameters there are for each feature.</param>
    /// <returns>The shape of the mapped part and one dimension more, <c>(..., size)</c>, fresh.</returns>
    public Tensor Stacked(Tensor input, Tensor? context, int size)
    {
        CheckLayers();
        using var output = Raw(input, context);
        return ParameterGroups.Stacked(this, output, FeatureAxis, size);
    }

    /// <summary>Runs the network and takes its output apart into groups of parameters.</summary>
    /// <inheritdoc cref="Evaluate"/>
    /// <param name="input">The part that is read.</param>
    /// <param name="context">As for <see cref="Evaluate"/>.</param>
    /// <param name="sizes">How many parameters each group has for each mapped feature. The output is
    /// <c>[group 1 of all features | group 2 of all features | ...]</c>, the parameters of a feature side by
    /// side.</param>
    /// <returns>For each group the shape of the mapped part, and one dimension more, <c>(..., size)</c>, where its size
    /// is not 1; all fresh.</returns>
    public Tensor[] Groups(Tensor input, Tensor? context, params int[] sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        CheckLayers();
        using var output = Raw(input, context);
        return ParameterGroups.Split(this, output, FeatureAxis, sizes, keepOne: false);
    }

    /// <summary>
    /// The same network made of constants, for <see cref="Flow.Frozen"/>: a copy that later training does not reach,
    /// without parameters. A network of one's own that holds parameters or buffers overrides it.
    /// </summary>
    /// <returns>A new network; this one where it holds nothing that could change.</returns>
    /// <exception cref="InvalidOperationException">It holds parameters or buffers and does not override
    /// this.</exception>
    public virtual Conditioner Frozen() => Stateless(this, nameof(Frozen));

    /// <summary>Refuses a network whose two directions would not see the same values, where it is first used.</summary>
    /// <exception cref="InvalidOperationException">It holds dropout, batch normalisation or random slopes.</exception>
    public void CheckLayers()
    {
        if (!_isChecked)
        {
            StatefulLayers.Check(this);
            _isChecked = true;
        }
    }

    /// <summary>Runs the network, and checks that it gives what <see cref="OutputShape"/> says.</summary>
    /// <exception cref="ShapeException">It does not.</exception>
    private Tensor Evaluated(Tensor input, Tensor? context)
    {
        var output = Evaluate(input, context);
        var (read, given) = (input.shape, output.shape);
        var batch = read.AsSpan()[..^EventRank];
        var said = OutputShape(Shape.OfPart(read.AsSpan()[^EventRank..])).ToArray();

        // One event is the same for all.
        if (given.AsSpan().EndsWith(said)
            && (given.Length == said.Length || given.AsSpan()[..^said.Length].SequenceEqual(batch)))
        {
            return output;
        }

        using (output)
        {
            throw new ShapeException(
                $"{GetType().Name}.Evaluate",
                $"expected {Shape.Text([.. batch, .. said])} for an input {Shape.Text(read)}, as its OutputShape says",
                $"got {Shape.Text(given)}");
        }
    }

    /// <summary>
    /// Sets constants from the first batch that it reads as the embedding of a flow. Called without gradients, and only
    /// where a flow is initialised, possibly more than once: what is no longer at its start must stay as it is.
    /// </summary>
    /// <param name="input">What is read, <c>(batch..., event...)</c>.</param>
    protected internal virtual void InitializeFrom(Tensor input)
    {
    }

    /// <summary>
    /// The context for every place of the input: leading dimensions are aligned from the left, and where the input has
    /// more of them (the rows that share a bijector), the context is repeated.
    /// </summary>
    /// <param name="input">What is read.</param>
    /// <param name="context">The context, or null.</param>
    /// <returns><c>(leading dimensions of the input..., C)</c>, or null where no context is taken.</returns>
    /// <exception cref="ShapeException">The context has another size, or leading dimensions that the input has
    /// not.</exception>
    /// <exception cref="ArgumentException">A context is needed and there is none.</exception>
    protected Tensor? Aligned(Tensor input, Tensor? context)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckLayers();
        if (ContextSize == 0)
        {
            return null;
        }

        if (context is null)
        {
            throw new ArgumentException(
                $"{GetType().Name}: expected a context of size {ContextSize}, got none.", nameof(context));
        }

        if (context.dim() == 0 || context.size(-1) != ContextSize)
        {
            throw new ShapeException(
                GetType().Name, $"expected a context of size {ContextSize}", $"got {Shape.Text(context.shape)}");
        }

        var leading = input.shape[..^EventRank];
        var own = context.shape[..^1];
        if (own.Length > leading.Length || own.Where((size, i) => size != 1 && size != leading[i]).Any())
        {
            throw new ShapeException(
                GetType().Name,
                $"expected a context with leading dimensions ({string.Join(", ", leading)}) or the first of them",
                $"got ({string.Join(", ", own)})");
        }

        var singletons = Enumerable.Repeat(1L, leading.Length - own.Length);
        using var view = context.reshape([.. own, .. singletons, ContextSize]);
        return view.expand([.. leading, ContextSize]);
    }

    /// <summary>What is read, and the context beside the features of every place: as further features of a vector,
    /// of each token, as constant channels of an image.</summary>
    /// <param name="input">What is read.</param>
    /// <param name="context">The context, or null.</param>
    /// <returns>A fresh tensor; the same numbers as the input where no context is taken.</returns>
    /// <exception cref="ShapeException">The context has another size, or leading dimensions that the input has
    /// not.</exception>
    /// <exception cref="ArgumentException">A context is needed and there is none.</exception>
    protected Tensor WithContext(Tensor input, Tensor? context)
    {
        using var aligned = Aligned(input, context);
        if (aligned is null)
        {
            return input.alias();
        }

        long[] places = [.. input.shape[^EventRank..]];
        places[^-FeatureAxis] = ContextSize;
        long[] one = [.. places.Select((size, i) => i == places.Length + FeatureAxis ? size : 1)];
        var leading = input.shape[..^EventRank];
        using var view = aligned.reshape([.. leading, .. one]);
        using var beside = view.expand([.. leading, .. places]);
        return cat([input, beside], FeatureAxis);
    }

    /// <summary>Checks that a part has the features that were declared.</summary>
    /// <exception cref="ShapeException">It has not.</exception>
    protected void CheckEvent(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        OutputShape(Shape.OfPart(input.shape.AsSpan()[^(int)Math.Min(EventRank, input.dim())..]));
    }

    /// <summary>A shape with its features checked and replaced.</summary>
    /// <param name="input">The shape of what is read.</param>
    /// <param name="features">How many features it must have.</param>
    /// <param name="outputs">How many features come out.</param>
    /// <exception cref="ShapeException">It has other features.</exception>
    protected Shape WithFeatures(Shape input, long features, long outputs) =>
        input.Rank >= EventRank && input[FeatureAxis] == features
            ? input.With(FeatureAxis, outputs)
            : throw new ShapeException(
                GetType().Name,
                FeatureAxis == -1
                    ? $"expected last dimension {features}"
                    : $"expected {features} channels in dimension {FeatureAxis}",
                $"got {input}");
}
