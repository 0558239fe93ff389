using static TorchSharp.torch;

namespace Bijectors;

public sealed partial class FlowBuilder
{
    /// <summary>
    /// Declares that the data are whole numbers 0..levels-1 and appends <c>y = x / levels</c>, which brings
    /// them into (0, 1).
    /// </summary>
    /// <param name="levels">The number of levels, 256 for common images.</param>
    /// <exception cref="ArgumentException">There are fewer than 2 levels.</exception>
    /// <exception cref="InvalidOperationException">It is not the first step.</exception>
    public FlowBuilder Dequantize(int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        CheckIsFirst();
        _levels = levels;
        return Append(() => new Scale(1.0 / levels));
    }

    /// <summary>
    /// Declares that the data are whole numbers 0..levels-1 with noise from a normal distribution around the middle of
    /// their cell, cut off at its ends, in place of uniform noise, and appends <c>y = x / levels</c>, which brings them
    /// into (0, 1).
    /// </summary>
    /// <remarks>
    /// The density q of the noise counts, so that the flow has a lower bound
    /// <c>log P(x) &gt;= E [log p(x + u) - log q(u)]</c>, see <see cref="Distribution.LowerBound"/>. A density that has
    /// been trained with Gaussian noise, or that is nearly normal within a cell, is bounded more tightly than with
    /// uniform noise, without anything to train. What follows must be onto (0, 1), as <c>Logit(alpha: 0)</c> is.
    /// Source: Zheng, Lu, Chen, Zhu 2023, Improved techniques for maximum likelihood estimation for diffusion ODEs,
    /// arXiv 2305.03935.
    /// </remarks>
    /// <param name="levels">The number of levels, 256 for common images.</param>
    /// <param name="deviation">The deviation of the noise before it is cut off, in levels; a large one is nearly
    /// uniform.</param>
    /// <exception cref="ArgumentException">There are fewer than 2 levels, or the deviation is not above 0.</exception>
    /// <exception cref="InvalidOperationException">It is not the first step.</exception>
    public FlowBuilder Dequantize(int levels, double deviation) =>
        Dequantize(levels, shape => new TruncatedNormal(shape, 0.5, deviation));

    /// <summary>
    /// Declares that the data are whole numbers 0..levels-1 with noise of a distribution on (0, 1), see
    /// <see cref="VariationalDequantization"/>, and appends <c>y = x / levels</c>, which brings them into (0, 1); what
    /// follows must be onto that.
    /// </summary>
    /// <param name="levels">The number of levels, 256 for common images.</param>
    /// <param name="noise">Makes the distribution of the noise from the shape of the data.</param>
    /// <exception cref="ArgumentException">There are fewer than 2 levels, or gradients do not pass through the
    /// noise.</exception>
    /// <exception cref="DomainException">The noise is not one on (0, 1).</exception>
    /// <exception cref="InvalidOperationException">It is not the first step.</exception>
    public FlowBuilder Dequantize(int levels, Func<Shape, Distribution> noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 2);
        CheckIsFirst();
        return Then(new VariationalDequantization(levels, noise(Shape))).Then(new Scale(1.0 / levels));
    }

    private void CheckIsFirst()
    {
        if (_layers.Count > 0 || _before.Count > 0 || _name != nameof(Flow))
        {
            throw new InvalidOperationException(
                "Dequantize: expected to be the first step of a flow; levels are a property of the data.");
        }
    }

    /// <summary>
    /// Appends <c>y = logit(alpha + (1 - 2 alpha) x)</c>, which spreads (0, 1), and a little more on both
    /// sides, over the reals.
    /// </summary>
    /// <param name="alpha">How far the data are kept from the ends; 0 to 0.5, both excluded, or 0.</param>
    /// <exception cref="ArgumentException">alpha is out of range.</exception>
    public FlowBuilder Logit(double alpha = 0.05)
    {
        if (!(alpha >= 0 && alpha < 0.5))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Logit: expected alpha from 0 to 0.5, got {alpha}."), nameof(alpha));
        }

        return Append(() => alpha == 0 ? new Logit() : new Affine(1 - (2 * alpha), alpha) >> new Logit());
    }

    /// <summary>Appends space to depth, see <see cref="Bijectors.Squeeze"/>.</summary>
    /// <param name="factor">Size of the squares that become channels.</param>
    /// <exception cref="ShapeException">The shape is no image that the factor divides.</exception>
    public FlowBuilder Squeeze(long factor = 2) => Append(() => new Squeeze(factor));

    /// <summary>Appends the step from an image to (patches, channels), see <see cref="Bijectors.Patchify"/>.</summary>
    /// <param name="patch">Height and width of a patch.</param>
    /// <exception cref="ShapeException">The shape is no image that the patch size divides.</exception>
    public FlowBuilder Patchify(long patch)
    {
        var image = Shape;
        Append(() => new Patchify(image, patch));
        _patches = (_layers[^1], image, Shape);
        return this;
    }

    /// <summary>Appends the step to a vector.</summary>
    public FlowBuilder Flatten() => Append(() => new Flatten(Shape));

    /// <summary>Appends the step to another shape of the same size.</summary>
    /// <param name="shape">The shape that comes out.</param>
    /// <exception cref="ShapeException">The sizes differ.</exception>
    public FlowBuilder Reshape(Shape shape) => Append(() => new Reshape(Shape, shape));

    /// <summary>Appends a cyclic shift along one axis.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="shift">By how many places.</param>
    /// <exception cref="ShapeException">The shape has no such axis.</exception>
    public FlowBuilder Roll(Axis axis, long shift) => Append(() => new Roll(shift, axis.In(Shape)));

    /// <summary>
    /// Appends a cyclic shift of the image. After <see cref="Patchify"/> it is still the image that is shifted, so that
    /// the patches of the next layers lie across the borders of the old ones; there it is one lookup.
    /// </summary>
    /// <param name="rows">By how many rows.</param>
    /// <param name="columns">By how many columns.</param>
    /// <exception cref="ShapeException">The shape is neither an image nor the patches of one.</exception>
    public FlowBuilder Roll(long rows, long columns) => Append(() =>
    {
        var roll = new Roll(rows, -2) >> new Roll(columns, -1);
        if (_patches is { } patches && patches.Table == Shape)
        {
            return ElementPermutation.Of(~patches.Layer >> roll >> patches.Layer, Shape);
        }

        return Shape.Rank == 3
            ? roll
            : throw new ShapeException(
                nameof(Roll), "expected an image, or (patches, channels) after Patchify", $"got {Shape}");
    });

    /// <summary>Appends the opposite order along one axis.</summary>
    /// <param name="axis">The axis, the channels by default.</param>
    /// <exception cref="ShapeException">The shape has no such axis.</exception>
    public FlowBuilder Reverse(Axis axis = default) => Append(() => new Reverse(axis.In(Shape)));

    /// <summary>Appends a random fixed order along one axis, drawn from the seed and saved with the model.</summary>
    /// <param name="axis">The axis, the channels by default.</param>
    /// <exception cref="ShapeException">The shape has no such axis.</exception>
    public FlowBuilder Permute(Axis axis = default) => Append(() =>
    {
        var dim = axis.In(Shape);
        return Bijectors.Permute.Random(Shape[dim], Generator, dim);
    });

    /// <summary>Appends a random fixed order of all elements, drawn from the seed and saved with the model.</summary>
    public FlowBuilder PermuteElements() => Append(() => ElementPermutation.Random(Shape, Generator));

    /// <summary>Appends a trained shift and scale for each channel.</summary>
    /// <param name="axis">The axis, the channels by default.</param>
    /// <param name="floor">The smallest deviation from the first batch, see <see cref="Bijectors.ActNorm"/>.</param>
    /// <exception cref="ShapeException">The shape has no such axis.</exception>
    /// <exception cref="ArgumentException">The floor is outside [0, 1].</exception>
    public FlowBuilder ActNorm(Axis axis = default, double floor = 0) =>
        Append(() => new ActNorm(Shape, axis.In(Shape), floor));

    /// <summary>Appends a trained shift and scale for each element.</summary>
    /// <param name="floor">The smallest deviation from the first batch, see <see cref="Bijectors.ActNorm"/>.</param>
    /// <exception cref="ArgumentException">The floor is outside [0, 1].</exception>
    public FlowBuilder ActNormElements(double floor = 0) => Append(() => Bijectors.ActNorm.Elements(Shape, floor));

    /// <summary>Appends a trained linear map along one axis, the same one for every place on the others.</summary>
    /// <param name="axis">The axis, the channels by default.</param>
    /// <exception cref="ShapeException">The shape has no such axis.</exception>
    public FlowBuilder Linear(Axis axis = default) => Append(() =>
    {
        var dim = axis.In(Shape);
        var linear = new PluLinear(Shape[dim], Generator);
        return dim == -1 ? linear : linear.Along(dim);
    });

    /// <summary>Appends an invertible 1x1 convolution: a linear map of an image's channels.</summary>
    /// <exception cref="ShapeException">The shape is no image.</exception>
    public FlowBuilder Conv1x1() => Append(() => Shape.Rank >= 3
        ? new Conv1x1(Shape[-3], Generator)
        : throw new ShapeException(nameof(Conv1x1), "expected an image (channels, height, width)", $"got {Shape}"));

    /// <summary>
    /// Appends an invertible k x k convolution of an image, see <see cref="Bijectors.TriangularConvolution"/>.
    /// </summary>
    /// <param name="kernel">The k of the k x k pixels.</param>
    /// <param name="corner">Where the order of the pixels begins.</param>
    /// <param name="window">Which pixels of the window are read.</param>
    /// <exception cref="ShapeException">The shape is no image.</exception>
    /// <exception cref="ArgumentException">The kernel is smaller than 2, or even where it stands around the
    /// pixel.</exception>
    public FlowBuilder TriangularConvolution(
        int kernel = 3, Corner corner = Corner.TopLeft, PixelWindow window = PixelWindow.Quadrant) =>
        Append(() => Shape.Rank >= 3
            ? new TriangularConvolution(Shape[-3], Generator, kernel, corner, window)
            : throw new ShapeException(
                nameof(TriangularConvolution), "expected an image (channels, height, width)", $"got {Shape}"));

    /// <summary>
    /// Appends an emerging convolution: two triangular ones from opposite corners, which together see all k x k pixels
    /// around each, see <see cref="Bijectors.TriangularConvolution"/>.
    /// </summary>
    /// <param name="kernel">The k of the k x k pixels, odd.</param>
    /// <exception cref="ShapeException">The shape is no image.</exception>
    /// <exception cref="ArgumentException">The kernel is smaller than 2, or even.</exception>
    public FlowBuilder EmergingConvolution(int kernel = 3) => this
        .TriangularConvolution(kernel, Corner.TopLeft, PixelWindow.Raster)
        .TriangularConvolution(kernel, Corner.BottomRight, PixelWindow.Raster);

    /// <summary>Appends a masked autoregressive layer of the last dimension.</summary>
    /// <param name="hidden">Width of the network.</param>
    /// <param name="blocks">Number of its residual blocks.</param>
    /// <param name="scale">How raw numbers become scales; bounded by default.</param>
    /// <param name="solution">How the inverse is found; incrementally by default.</param>
    /// <param name="options">How the network is put together; as usual by default.</param>
    public FlowBuilder MaskedAutoregressive(
        int hidden, int blocks = 2, ScaleMap? scale = null, CausalSolution? solution = null,
        MadeOptions? options = null) => Append(() => new MaskedAutoregressive(
            Masked(nameof(MaskedAutoregressive), hidden, blocks, options?.Outputs ?? 2, options), scale, solution));

    /// <summary>Appends a masked autoregressive layer with a causal network of one's own.</summary>
    /// <param name="network">Makes the network from the shape; it gives a log-scale and a shift for each
    /// feature.</param>
    /// <param name="scale">How raw numbers become scales; bounded by default.</param>
    /// <param name="solution">How the inverse is found; incrementally by default.</param>
    /// <exception cref="ShapeException">The network does not fit the shape.</exception>
    public FlowBuilder MaskedAutoregressive(
        Func<Shape, CausalConditioner> network, ScaleMap? scale = null, CausalSolution? solution = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Append(() => new MaskedAutoregressive(network(Shape), scale, solution));
    }

    /// <summary>Appends an autoregressive layer of the last dimension by a transformer.</summary>
    /// <param name="transformer">What maps each feature, as <see cref="Transformer.RationalQuadratic"/>.</param>
    /// <param name="hidden">Width of the network.</param>
    /// <param name="blocks">Number of its residual blocks.</param>
    /// <param name="solution">How the inverse is found; incrementally by default.</param>
    /// <param name="options">How the network is put together; the number of outputs is the transformer's.</param>
    public FlowBuilder Autoregressive(
        Transformer transformer, int hidden, int blocks = 2, CausalSolution? solution = null,
        MadeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return Autoregressive(
            transformer,
            _ => Masked(nameof(Autoregressive), hidden, blocks, transformer.ParameterCount, options),
            solution);
    }

    private CausalConditioner Masked(string step, int hidden, int blocks, int outputs, MadeOptions? options)
    {
        var features = Shape[-1];
        return _trunks is null
            ? Network(outputs, options ?? new(), 0)
            : _trunks.Causal(
                (options, features, hidden, blocks), step, features, hidden, outputs, Generator,
                (units, beside) => Network(units, (options ?? new()) with { OutputGain = 1 }, beside));

        Made Network(int numbers, MadeOptions made, int beside) => new(
            features, hidden, blocks, Generator, ContextSize + beside, made with { Outputs = numbers });
    }

    /// <summary>Appends an autoregressive layer by a transformer, with a causal network of one's own.</summary>
    /// <param name="transformer">What maps each feature.</param>
    /// <param name="network">Makes the network from the shape; it gives <see cref="Transformer.ParameterCount"/>
    /// parameters for each feature.</param>
    /// <param name="solution">How the inverse is found; incrementally by default.</param>
    /// <exception cref="ShapeException">The network does not fit the shape.</exception>
    public FlowBuilder Autoregressive(
        Transformer transformer, Func<Shape, CausalConditioner> network, CausalSolution? solution = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Append(() => new Autoregressive(network(Shape), transformer, solution));
    }

    /// <summary>Appends an autoregressive layer by a transformer that follows a graph: the parameters of each feature
    /// depend on its parents only.</summary>
    /// <param name="transformer">What maps each feature.</param>
    /// <param name="graph">The graph of the features of the last dimension.</param>
    /// <param name="hidden">Width of the hidden layers of the masked network, see <see cref="MaskedMlp"/>.</param>
    /// <param name="depth">Number of its hidden layers.</param>
    /// <param name="solution">How the inverse is found; incrementally by default.</param>
    /// <exception cref="ShapeException">There are other features than in the graph.</exception>
    public FlowBuilder Autoregressive(
        Transformer transformer, DirectedGraph graph, int hidden, int depth = 2, CausalSolution? solution = null)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(graph);
        CheckSizes(nameof(Autoregressive), hidden, depth);
        if (Shape.Rank == 0 || Shape[-1] != graph.Count)
        {
            throw new ShapeException(
                $"{_name}[{_layers.Count}] (Autoregressive)", $"expected last dimension {graph.Count}, the features of "
                + $"the graph {graph}", $"got {Shape}");
        }

        // A masked network that nothing goes into would be a constant.
        return graph.EdgeCount == 0 && ContextSize == 0
            ? Elementwise(transformer)
            : Autoregressive(
                transformer,
                _ => Masked(graph, hidden, depth, transformer.ParameterCount),
                solution);
    }

    private CausalConditioner Masked(DirectedGraph graph, int hidden, int depth, int outputs)
    {
        return _trunks is null
            ? Network(outputs, 0)
            : _trunks.Causal(
                (graph, hidden, depth), nameof(Autoregressive), graph.Count, hidden, outputs, Generator, Network);

        MaskedMlp Network(int numbers, int beside) => MaskedMlp.Of(
            graph, [.. Enumerable.Repeat(hidden, depth)], Generator, numbers, ContextSize + beside);
    }

    /// <summary>Appends a transformer with trained parameters for each element.</summary>
    /// <param name="transformer">What maps each element, as <see cref="Transformer.RationalQuadratic"/>.</param>
    /// <param name="hidden">Width of a network by which the context moves the parameters; 0 for none.</param>
    /// <param name="blocks">Number of its residual blocks.</param>
    public FlowBuilder Elementwise(Transformer transformer, int hidden = 0, int blocks = 1)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return Append(() => new ElementwiseLayer(
            transformer, Shape,
            OfContext(nameof(Elementwise), Shape.Size * transformer.ParameterCount, hidden, blocks)));
    }

    /// <summary>Appends a planar map of the last dimension, see <see cref="Bijectors.Planar"/>.</summary>
    /// <param name="hidden">Width of a network by which the context moves the parameters; 0 for none.</param>
    /// <param name="blocks">Number of its residual blocks.</param>
    public FlowBuilder Planar(int hidden = 0, int blocks = 1) => Append(() => new Planar(
        Shape[-1], Generator, OfContext(nameof(Planar), (2 * Shape[-1]) + 1, hidden, blocks)));

    /// <summary>Appends a radial map of the last dimension, see <see cref="Bijectors.Radial"/>.</summary>
    /// <param name="hidden">Width of a network by which the context moves the parameters; 0 for none.</param>
    /// <param name="blocks">Number of its residual blocks.</param>
    public FlowBuilder Radial(int hidden = 0, int blocks = 1) => Append(() => new Radial(
        Shape[-1], Generator, OfContext(nameof(Radial), Shape[-1] + 2, hidden, blocks)));

    /// <summary>Appends a map of Sylvester's of the last dimension, see <see cref="Bijectors.Sylvester"/>.</summary>
    /// <param name="columns">The number of directions, at most that of entries.</param>
    /// <param name="hidden">Width of a network by which the context moves the shifts; 0 for none.</param>
    /// <param name="blocks">Number of its residual blocks.</param>
    public FlowBuilder Sylvester(long columns, int hidden = 0, int blocks = 1) => Append(() => new Sylvester(
        Shape[-1], columns, Generator, OfContext(nameof(Sylvester), columns, hidden, blocks)));

    /// <summary>Appends a trained rotation of the last dimension, see <see cref="Bijectors.Householder"/>.</summary>
    /// <param name="reflections">The number of reflections, at most that of entries.</param>
    public FlowBuilder Householder(int reflections) =>
        Append(() => new Householder(Shape[-1], reflections, Generator));

    /// <summary>Appends a residual layer of the last dimension.</summary>
    /// <param name="hidden">Width of the network.</param>
    /// <param name="depth">Number of its hidden layers.</param>
    /// <param name="constant">Its Lipschitz constant, <see cref="LipschitzMlp.LargestConstant"/> at most.</param>
    /// <param name="isDense">Whether each hidden layer keeps what it reads.</param>
    /// <param name="estimator">How the log-det is estimated; exact by default.</param>
    public FlowBuilder Residual(
        int hidden, int depth = 2, double constant = 0.9, bool isDense = false, LogDetEstimator? estimator = null) =>
        Append(() => new ResidualLayer(
            new LipschitzMlp(Shape[-1], hidden, depth, Generator, ContextSize, constant, isDense), estimator));

    /// <summary>A network that reads the context alone; null where it has no width.</summary>
    private ResidualMlp? OfContext(string step, long outputs, int hidden, int blocks)
    {
        if (hidden == 0)
        {
            return null;
        }

        CheckSizes(step, hidden, blocks);
        return ContextSize > 0
            ? new(0, outputs, hidden, blocks, Generator, ContextSize)
            : throw new InvalidOperationException(
                $"{step}: expected a context for the network of width {hidden} to read, got none; declare one by "
                + "Conditional, or leave out the width.");
    }
}
