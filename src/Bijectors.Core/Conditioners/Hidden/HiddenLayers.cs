using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// What stands between the linear layers of a network: activations, residual connections, and what its options add to
/// them, a normalization and the ways of the context. The linear layers are the network's.
/// </summary>
internal sealed class HiddenLayers : nn.Module
{
    // One for each place where the context enters but the input.
    private readonly ModuleList<Dense>? contexts;

    // One for each activation.
    private readonly ModuleList<UnitScaling>? scalings;
    private readonly int _layers;
    private readonly int _axis;

    /// <param name="whose">The network, for messages.</param>
    /// <param name="layers">How many linear layers there are, the first and the last among them.</param>
    /// <param name="hidden">How many units each but the last gives.</param>
    /// <param name="axis">The dimension that units lie along, counted from the end.</param>
    /// <param name="options">What the network is like.</param>
    /// <param name="contextSize">The size of the context, 0 for none.</param>
    /// <param name="generator">What weights are drawn from.</param>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    public HiddenLayers(
        string whose, int layers, long hidden, int axis, HiddenOptions options, long contextSize, Generator generator)
        : base(nameof(HiddenLayers))
    {
        options.Check(whose);
        (Options, _layers, _axis) = (options, layers, axis);
        var blocks = (layers - 2) / 2;
        var activations = options.IsResidual ? 2 * blocks : layers - 1;
        var (places, width) = options.ContextEntry switch
        {
            ContextEntry.Addition => (options.IsResidual ? 1 + blocks : 1, hidden),
            ContextEntry.Gating => (blocks, hidden),
            ContextEntry.Film => (activations, 2 * hidden),
            _ => (0, hidden),
        };
        if (contextSize > 0 && places == 0 && options.ContextEntry == ContextEntry.Film)
        {
            throw new ArgumentException(
                $"{whose}: expected a residual block, in which the context scales and shifts hidden units, got none; "
                + "take plain layers, or let it enter by another way.");
        }

        if (contextSize > 0 && places > 0)
        {
            MemoryLimit.CheckWeights(places, contextSize, width);
            contexts = new([.. Enumerable.Range(0, places).Select(_ => new Dense(contextSize, width, generator))]);
        }

        if (options.Normalization != HiddenNormalization.None)
        {
            var isLayerNorm = options.Normalization == HiddenNormalization.Layer;
            scalings = new(
                [.. Enumerable.Range(0, activations).Select(_ => new UnitScaling(hidden, axis, isLayerNorm))]);
        }

        RegisterComponents();
    }

    private HiddenLayers(HiddenLayers source)
        : base(nameof(HiddenLayers))
    {
        (Options, _layers, _axis) = (source.Options, source._layers, source._axis);
        contexts = source.contexts is null ? null : new([.. source.contexts.Select(layer => layer.Frozen())]);
        scalings = source.scalings is null ? null : new([.. source.scalings.Select(scaling => scaling.Frozen())]);
        RegisterComponents();
    }

    /// <summary>What the network is like.</summary>
    public HiddenOptions Options { get; }

    /// <summary>Whether the linear layers and the activation are all there is.</summary>
    public bool IsPlain => contexts is null && scalings is null;

    /// <summary>The same of constants.</summary>
    public HiddenLayers Frozen() => new(this);

    /// <summary>Runs the network.</summary>
    /// <param name="x">What the first layer reads.</param>
    /// <param name="context"><c>(batch..., C)</c>, the batch dimensions those of x; null for none.</param>
    /// <param name="linear">The layer of a number, applied; it gives a fresh tensor.</param>
    /// <returns>What the last layer gives, fresh.</returns>
    public Tensor Map(Tensor x, Tensor? context, Func<int, Tensor, Tensor> linear)
    {
        var h = linear(0, x);
        using (var added = AddedToFirst(context))
        {
            if (added is not null)
            {
                using var previous = h;
                h = previous + added;
            }
        }

        for (var layer = 1; layer < _layers - 1; layer += Options.IsResidual ? 2 : 1)
        {
            using var previous = h;
            h = Options.IsResidual ? Block(previous, context, layer, linear)
                : Activated(previous, context, layer - 1, input => linear(layer, input));
        }

        using (h)
        {
            return Options.IsResidual ? linear(_layers - 1, h)
                : Activated(h, context, _layers - 2, input => linear(_layers - 1, input));
        }
    }

    /// <summary>What is added behind the first layer.</summary>
    /// <param name="context"><c>(items, C)</c></param>
    /// <returns><c>(items, hidden)</c>, fresh; null where nothing is.</returns>
    public Tensor? AddedToFirst(Tensor? context)
    {
        if (Options.ContextEntry != ContextEntry.Addition || contexts is null)
        {
            return null;
        }

        using var read = OfContext(0, context!);
        return Options.Activation.Apply(read);
    }

    /// <summary>What is added behind the first layer of a block.</summary>
    /// <inheritdoc cref="AddedToFirst"/>
    /// <param name="block">The number of the block.</param>
    /// <param name="context"><c>(items, C)</c></param>
    public Tensor? AddedInBlock(int block, Tensor? context) =>
        Options is { ContextEntry: ContextEntry.Addition, IsResidual: true } && contexts is not null
            ? OfContext(block + 1, context!) : null;

    /// <summary>What multiplies the change that a block makes.</summary>
    /// <inheritdoc cref="AddedToFirst"/>
    /// <param name="block">The number of the block.</param>
    /// <param name="context"><c>(items, C)</c></param>
    public Tensor? Gate(int block, Tensor? context)
    {
        if (Options.ContextEntry != ContextEntry.Gating || contexts is null)
        {
            return null;
        }

        using var read = OfContext(block, context!);
        return read.sigmoid();
    }

    /// <summary>Scale and shift of the units before an activation, where those do not depend on the units.</summary>
    /// <param name="activation">The number of the activation.</param>
    /// <param name="context"><c>(items, C)</c></param>
    /// <returns>Each broadcastable to <c>(items, hidden)</c>, fresh; null where there is none.</returns>
    public (Tensor Scale, Tensor Shift)? ScaleAndShift(int activation, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (scale, shift) = scalings is null ? (null, null)
            : (scalings[activation].Scale.unsqueeze(0), scalings[activation].Shift.unsqueeze(0));
        if (Options.ContextEntry == ContextEntry.Film && contexts is not null)
        {
            var (gain, bias) = Film(activation, context!);
            (scale, shift) = scale is null ? (gain, bias) : (scale * gain, (shift! * gain) + bias);
        }

        return scale is null ? null : (scale.MoveToOuterDisposeScope(), shift!.MoveToOuterDisposeScope());
    }

    private Tensor Block(Tensor h, Tensor? context, int layer, Func<int, Tensor, Tensor> linear)
    {
        using var scope = NewDisposeScope();
        var block = (layer - 1) / 2;
        var inner = Activated(h, context, 2 * block, input => linear(layer, input));
        if (AddedInBlock(block, context) is { } added)
        {
            inner = inner + added;
        }

        var change = Activated(inner, context, (2 * block) + 1, input => linear(layer + 1, input));
        if (Gate(block, context) is { } gate)
        {
            change = change * gate;
        }

        return (h + change).MoveToOuterDisposeScope();
    }

    /// <summary>What a layer gives for units behind their activation.</summary>
    private Tensor Activated(Tensor h, Tensor? context, int activation, Func<Tensor, Tensor> layer)
    {
        using var scope = NewDisposeScope();
        if (scalings is not null)
        {
            h = scalings[activation].Apply(h);
        }

        if (Options.ContextEntry == ContextEntry.Film && contexts is not null)
        {
            var (gain, bias) = Film(activation, context!);
            h = (h * gain) + bias;
        }

        return layer(Options.Activation.Apply(h)).MoveToOuterDisposeScope();
    }

    private (Tensor Gain, Tensor Bias) Film(int activation, Tensor context)
    {
        using var scope = NewDisposeScope();
        var both = OfContext(activation, context);
        var units = both.size(_axis) / 2;
        return ((both.narrow(_axis, 0, units) + 1).MoveToOuterDisposeScope(),
            both.narrow(_axis, units, units).MoveToOuterDisposeScope());
    }

    /// <summary>A linear map of the context, with units along the axis where the hidden ones lie.</summary>
    private Tensor OfContext(int place, Tensor context)
    {
        var read = contexts![place].Apply(context);
        if (_axis == -1)
        {
            return read;
        }

        using (read)
        {
            return read.reshape([.. read.shape, .. Enumerable.Repeat(1L, -_axis - 1)]);
        }
    }
}
