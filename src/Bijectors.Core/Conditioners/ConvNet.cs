using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A convolutional network on images: 3x3, relu, 1x1, relu, 3x3, the last one zero at first, so that a fresh coupling
/// does not look at its input. The context, where there is one, is read as constant planes.
/// <see cref="ConvNetOptions"/> has other filters, depths, activations, residual blocks, layer normalisation, and other
/// ways for the context to enter.
/// </summary>
/// <remarks>Source: Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.3.</remarks>
public sealed class ConvNet : Conditioner
{
    private readonly Convolution first;

    // The layers between the first and the last: one of them, and all others.
    private readonly Convolution? second;
    private readonly ModuleList<Convolution>? further;
    private readonly Convolution last;
    private readonly HiddenLayers between;
    private readonly long _inputs;
    private readonly long _outputs;
    private readonly long _hidden;

    /// <summary>A convolutional network.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output: twice those of the part that is scaled and shifted.</param>
    /// <param name="hidden">Hidden channels.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public ConvNet(long inputs, long outputs, long hidden, Generator generator, long contextSize = 0)
        : this(inputs, outputs, hidden, generator, contextSize, new())
    {
    }

    /// <summary>A convolutional network with options.</summary>
    /// <param name="inputs">Channels of the input.</param>
    /// <param name="outputs">Channels of the output: twice those of the part that is scaled and shifted.</param>
    /// <param name="hidden">Hidden channels.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="options">How it is put together.</param>
    /// <exception cref="ArgumentException">A size is not positive, or options contradict each other.</exception>
    public ConvNet(
        long inputs, long outputs, long hidden, Generator generator, long contextSize, ConvNetOptions options)
        : base(contextSize)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Kernels);
        var hiddenOptions = new HiddenOptions(
            options.Activation, options.IsResidual, options.ContextEntry, options.Normalization);
        hiddenOptions.Check(nameof(ConvNet));
        Numbers.CheckCount(nameof(ConvNet), "a number of inputs", inputs, least: contextSize > 0 ? 0 : 1);
        Numbers.CheckCount(nameof(ConvNet), "a number of outputs", outputs, least: 1);
        Numbers.CheckCount(nameof(ConvNet), "a hidden width", hidden, least: 1);
        Numbers.CheckFinite(nameof(ConvNet), options.OutputGain);
        CheckKernels(options);
        _inputs = inputs;
        _outputs = outputs;
        _hidden = hidden;
        int[] kernels = [.. options.Kernels];
        Options = options with { Kernels = kernels };
        MemoryLimit.CheckWeights(hidden, hidden, kernels[1..^1].Sum(kernel => (long)kernel * kernel));
        Nesting.CheckLength(nameof(ConvNet), kernels.Length);
        first = new(hiddenOptions.Read(nameof(ConvNet), inputs, contextSize), hidden, kernels[0], generator);
        Convolution[] inside = [.. kernels[1..^1].Select(kernel => new Convolution(hidden, hidden, kernel, generator))];
        second = inside.FirstOrDefault();
        further = inside.Length > 1 ? new(inside[1..]) : null;
        last = new(hidden, outputs, kernels[^1], generator, options.OutputGain);
        between = new(nameof(ConvNet), kernels.Length, hidden, axis: -3, hiddenOptions, contextSize, generator);
        RegisterComponents();
    }

    private ConvNet(ConvNet source)
        : base(source.ContextSize)
    {
        _inputs = source._inputs;
        _outputs = source._outputs;
        _hidden = source._hidden;
        Options = source.Options;
        first = source.first.Frozen();
        second = source.second?.Frozen();
        further = source.further is null ? null : new([.. source.further.Select(layer => layer.Frozen())]);
        last = source.last.Frozen();
        between = source.between.Frozen();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 3;

    /// <summary>How it is put together.</summary>
    public ConvNetOptions Options { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _inputs, _outputs);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var aligned = Aligned(input, context);
        using var joined = between.Options.ReadsBeside ? WithContext(input, context) : input.alias();
        var count = input.shape[..^3].Aggregate(1L, (product, size) => product * size);
        using var images = joined.reshape([count, .. joined.shape[^3..]]);
        Convolution[] layers = [first, .. second is null ? [] : new[] { second }, .. further ?? [], last];
        using var items = aligned?.reshape(count, ContextSize);
        using var output = between.IsPlain && !Options.IsResidual && Options.Activation == Activation.Relu
            ? Convolution.Network(images, layers)
            : between.Map(images, items, (layer, x) => Convolution.Network(x, layers[layer]));
        return output.reshape([.. input.shape[..^3], .. output.shape[^3..]]);
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new ConvNet(this);

    private static void CheckKernels(ConvNetOptions options)
    {
        var isDeepEnough = options.Kernels.Count >= 2 && (!options.IsResidual || options.Kernels.Count % 2 == 0);
        if (!isDeepEnough || options.Kernels.Any(kernel => kernel < 1 || kernel % 2 == 0))
        {
            var count = options.IsResidual ? "an even number" : "at least two";
            throw new ArgumentException(
                $"ConvNet: expected odd sizes of filters, {count} of them, one for each layer, "
                + $"got [{string.Join(", ", options.Kernels)}].",
                nameof(options));
        }
    }
}
