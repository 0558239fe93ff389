using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Declares a flow layer by layer, from the data to the base, and carries the event shape: sizes follow, and what does
/// not fit is reported at the step that declares it. Every step appends a layer and returns the builder.
/// </summary>
public sealed partial class FlowBuilder
{
    private readonly List<Bijector> _layers = [];
    private readonly List<Segment> _before = [];
    private readonly string _name;
    private Shape _input;
    private readonly int _depth;
    private long _numbers;
    private DomainPath _domains;
    private int? _levels;
    private long _contextSize;
    private Shape? _contextShape;
    private Conditioner? _embedding;
    private SharedTrunks? _trunks;
    private (Bijector Layer, Shape Image, Shape Table)? _patches;

    internal FlowBuilder(
        Shape shape, Generator generator, string name = nameof(Flow), long contextSize = 0, int depth = 1,
        SharedTrunks? trunks = null)
    {
        _trunks = trunks;
        _depth = Nesting.CheckDepth(name, depth);
        _domains = new DomainPath(name);
        _input = shape;
        Shape = shape;
        Generator = generator;
        _name = name;
        _contextSize = contextSize;
    }

    /// <summary>The event shape after the layers so far.</summary>
    public Shape Shape { get; private set; }

    /// <summary>What parameters are drawn from; own layers should draw from it too.</summary>
    public Generator Generator { get; }

    /// <summary>The size of the context that conditioners read, 0 for none.</summary>
    public long ContextSize => _contextSize;

    /// <summary>Declares that the flow is conditional on a vector; conditioners of later steps read it.</summary>
    /// <param name="contextSize">The C of the context <c>(batch..., C)</c>.</param>
    /// <exception cref="ArgumentException">The size is not positive.</exception>
    /// <exception cref="InvalidOperationException">There are layers already, or it is a step of an inner
    /// flow.</exception>
    public FlowBuilder Conditional(int contextSize)
    {
        Numbers.CheckCount(nameof(Conditional), "a context size", contextSize, least: 1);
        return Declare(Shape.Vector(contextSize), null);
    }

    /// <summary>
    /// Declares that the flow is conditional on a context of any shape, which a network reads once a call; conditioners
    /// of later steps read the vector <c>(batch..., C)</c> that it gives. It is trained with the flow.
    /// </summary>
    /// <param name="contextShape">The shape of one context, as an image <c>(channels, height, width)</c>.</param>
    /// <param name="embedding">Makes the network from this builder, with its <see cref="Generator"/>.</param>
    /// <exception cref="ShapeException">The network reads another shape, or does not give vectors.</exception>
    /// <exception cref="ArgumentException">The network takes a context of its own.</exception>
    /// <exception cref="InvalidOperationException">There are layers already, or it is a step of an inner
    /// flow.</exception>
    public FlowBuilder Conditional(Shape contextShape, Func<FlowBuilder, Conditioner> embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        return Declare(contextShape, embedding(this));
    }

    /// <summary>
    /// Declares that the flow is conditional on a context that may be missing, which an <see cref="OptionalContext"/>
    /// reads once a call; conditioners of later steps read the vector that it gives.
    /// </summary>
    /// <param name="contextShape">The shape of one context.</param>
    /// <param name="embedding">Makes the network that reads contexts that are there; null for their numbers.</param>
    /// <inheritdoc cref="Conditional(Shape, Func{FlowBuilder, Conditioner})" path="/exception"/>
    public FlowBuilder OptionallyConditional(Shape contextShape, Func<FlowBuilder, Conditioner>? embedding = null) =>
        Declare(contextShape, new OptionalContext(contextShape, embedding?.Invoke(this)));

    /// <summary>Appends a bijector.</summary>
    /// <param name="bijector">Any bijector that fits the shape so far.</param>
    /// <exception cref="ShapeException">It does not.</exception>
    /// <exception cref="DomainException">An earlier layer gives values on which it is not defined.</exception>
    public FlowBuilder Then(Bijector bijector) => Append(() => bijector);

    /// <summary>Appends a bijector that is made for the shape so far.</summary>
    /// <param name="create">Makes it from this builder's <see cref="Shape"/>, <see cref="Generator"/> and
    /// <see cref="ContextSize"/>.</param>
    /// <exception cref="ShapeException">It does not fit the shape so far.</exception>
    /// <exception cref="DomainException">An earlier layer gives values on which it is not defined.</exception>
    public FlowBuilder Then(Func<FlowBuilder, Bijector> create) => Append(() => create(this));

    /// <summary>Appends the same steps several times, each time with parameters of their own.</summary>
    /// <param name="count">How many times.</param>
    /// <param name="layer">The steps.</param>
    /// <exception cref="ArgumentException">The count is negative, or the flow gets more than 10000 layers.</exception>
    public FlowBuilder Repeat(int count, Func<FlowBuilder, FlowBuilder> layer) =>
        Repeat(count, (builder, _) => layer(builder));

    /// <summary>Appends steps several times.</summary>
    /// <param name="count">How many times.</param>
    /// <param name="layer">The steps of repetition 0, 1, ...</param>
    /// <exception cref="ArgumentException">The count is negative, or the flow gets more than 10000 layers.</exception>
    public FlowBuilder Repeat(int count, Func<FlowBuilder, int, FlowBuilder> layer)
    {
        Numbers.CheckCount(nameof(Repeat), "a number of repetitions", count, least: 0);
        for (var i = 0; i < count; i++)
        {
            layer(this, i);
        }

        return this;
    }

    /// <summary>
    /// Appends steps whose networks share all but their last layers: those that are declared by the same width, blocks
    /// and options, and read parts of the same shape, are <see cref="SharingConditioner"/> and
    /// <see cref="SharingCausalConditioner"/> of one trunk, so that each further step costs its embedding and its last
    /// layer only. Networks of one's own stay as they are.
    /// </summary>
    /// <param name="embeddingSize">The size of the embedding that says to the trunk which step it works for; 0 for
    /// none.</param>
    /// <param name="steps">The steps, those of inner flows too.</param>
    /// <remarks>A trunk of a coupling gives as many features as it is wide, that of an autoregressive layer about as
    /// many, and at least 4 for each feature. Source: Lee, Kim, Yoon 2020, NanoFlow, arXiv 2006.06280.</remarks>
    /// <exception cref="ArgumentException">The size is negative.</exception>
    /// <exception cref="InvalidOperationException">It is a step of steps that share networks already.</exception>
    public FlowBuilder Sharing(int embeddingSize, Func<FlowBuilder, FlowBuilder> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        Numbers.CheckCount(nameof(Sharing), "an embedding size", embeddingSize, least: 0);
        if (_trunks is not null)
        {
            throw new InvalidOperationException(
                "Sharing: expected steps that share no networks yet, got some inside of another Sharing.");
        }

        _trunks = new(embeddingSize);
        try
        {
            steps(this);
        }
        finally
        {
            _trunks = null;
        }

        return this;
    }

    /// <summary>Appends a flow of vectors along one axis, shared over all other axes.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="vectors">The steps of the flow of vectors.</param>
    /// <exception cref="ShapeException">The shape has no such axis, or a step does not fit.</exception>
    public FlowBuilder Mix(Axis axis, Func<FlowBuilder, FlowBuilder> vectors) => Append(() =>
    {
        var dim = axis.In(Shape);
        return Inner($"Mix({axis})", Shape.Vector(Shape[dim]), vectors).Along(dim);
    });

    /// <summary>
    /// Retains one part for further steps and factors out the other, see <see cref="Bijectors.FactorOut"/>; the result
    /// is a vector.
    /// </summary>
    /// <param name="rest">The steps of the retained part.</param>
    /// <param name="hidden">Width of the network that gives the prior of the part factored out; 0 for a standard normal
    /// prior.</param>
    /// <param name="partition">The retained part, and the part factored out; the halves of the channels by
    /// default.</param>
    /// <exception cref="ShapeException">The partition or a step does not fit.</exception>
    public FlowBuilder FactorOut(Func<FlowBuilder, FlowBuilder> rest, int hidden = 32, Partition? partition = null) =>
        Append(() =>
        {
            partition ??= Partition.Halves(Axis.Channels.In(Shape));
            var (retained, factored) = partition.Split(Shape);
            var layers = Inner(nameof(FactorOut), retained, rest);
            var prior = hidden == 0 ? null : Network(nameof(FactorOut), retained, 2 * Features(factored), hidden, 1);
            return new FactorOut(partition, layers, prior, Shape);
        });

    /// <summary>Appends a step that is no bijection. What follows is the distribution of its latent.</summary>
    /// <param name="layer">A layer for the shape so far, as <see cref="Slice"/>.</param>
    /// <exception cref="ShapeException">It does not fit the shape so far.</exception>
    /// <exception cref="DomainException">The layers before it are not onto what it encodes.</exception>
    /// <exception cref="InvalidOperationException">It is a step of an inner flow, which is one bijector.</exception>
    public FlowBuilder Then(StochasticLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (_name != nameof(Flow))
        {
            throw new InvalidOperationException(
                $"{_name}: expected bijectors only, got {layer}; steps that are none belong to the flow itself.");
        }

        if (layer.EventShape != Shape)
        {
            throw new ShapeException($"{_name}[{_layers.Count}]", $"expected a layer for events {Shape}",
                $"got {layer} for {layer.EventShape}");
        }

        _before.Add(new(_input, ToBijector(), layer));
        _layers.Clear();
        _domains = new DomainPath(_name);
        _patches = null;
        _input = Shape = layer.LatentShape;
        return this;
    }

    /// <summary>Appends a step that is no bijection and is made for the shape so far.</summary>
    /// <param name="create">Makes it from this builder's <see cref="Shape"/>, <see cref="Generator"/> and
    /// <see cref="ContextSize"/>.</param>
    /// <inheritdoc cref="Then(StochasticLayer)" path="/exception"/>
    public FlowBuilder Then(Func<FlowBuilder, StochasticLayer> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Then(create(this));
    }

    /// <summary>Ends the declaration with a base that is made for the shape of its points.</summary>
    /// <param name="base">Makes what the data are turned into, as <see cref="Distribution.StandardNormal"/>
    /// does.</param>
    /// <inheritdoc cref="Into(Distribution)" path="/exception"/>
    public Flow Into(Func<Shape, Distribution> @base)
    {
        ArgumentNullException.ThrowIfNull(@base);
        return Into(@base(Shape));
    }

    /// <summary>
    /// Ends the declaration with a base that is made from this builder, as one that depends on the context.
    /// </summary>
    /// <param name="base">Makes what the data are turned into from <see cref="Shape"/>, <see cref="Generator"/> and
    /// <see cref="ContextSize"/>.</param>
    /// <inheritdoc cref="Into(Distribution)" path="/exception"/>
    public Flow Into(Func<FlowBuilder, Distribution> @base)
    {
        ArgumentNullException.ThrowIfNull(@base);
        return Into(@base(this));
    }

    /// <summary>
    /// Ends the declaration with a normal base of independent elements whose means and log-deviations are trained: an
    /// affine map of the context, where one is declared, else constants. All are 0 at the start.
    /// </summary>
    /// <remarks>Where parts were factored out, their elements are elements of the base as well.</remarks>
    public Flow IntoDiagonalNormal() => Into(ContextSize == 0
        ? Distribution.DiagonalNormal(Shape)
        : new LocationScale(
            new StandardNormal(Shape), new AffineNet(ContextSize, 2 * Shape.Size, Generator),
            Shape.Vector(ContextSize)));

    /// <summary>Ends the declaration.</summary>
    /// <param name="base">What the data are turned into, as a rule <see cref="Distribution.StandardNormal"/>; a flow is
    /// one as well.</param>
    /// <exception cref="ShapeException">The base has points or a context of another shape.</exception>
    /// <exception cref="DomainException">The layers are not onto the support of the base.</exception>
    /// <exception cref="ArgumentException">Neither a layer nor the base reads the context that was
    /// declared.</exception>
    public Flow Into(Distribution @base)
    {
        ArgumentNullException.ThrowIfNull(@base);
        CheckContextIsRead(@base);
        var (input, transform, z) = (_input, ToBijector(), @base);
        foreach (var segment in _before.AsEnumerable().Reverse())
        {
            // The latent of a step is a flow; it reads what the layers read.
            var latent = Layering.IsIdentity(transform) ? z : new Flow(input, transform, z, null, Read(transform, z));
            z = new LatentDistribution(segment.Layer, latent);
            (input, transform) = (segment.Input, segment.Transform);
        }

        return new(input, transform, z, _levels, _contextShape, _embedding);
    }

    /// <summary>The layers so far as one bijector.</summary>
    /// <exception cref="InvalidOperationException">One of them is no bijection.</exception>
    public Bijector ToBijector() => Chain.Of([.. _layers]);

    private FlowBuilder Declare(Shape contextShape, Conditioner? embedding)
    {
        if (_name != nameof(Flow))
        {
            throw new InvalidOperationException(
                "Conditional: expected to be a step of the flow itself; its inner flows take the context from there.");
        }

        if (_layers.Count > 0 || _before.Count > 0 || _contextShape is not null)
        {
            throw new InvalidOperationException(
                _contextShape is not null
                    ? $"Conditional: expected one context, got a second one; the first has the shape {_contextShape}."
                    : "Conditional: expected to come before the layers that read the context, "
                        + $"got it behind {_layers.Count} layers.");
        }

        _contextSize = FlowContext.Embedded(contextShape, embedding)!.Value[-1];
        (_contextShape, _embedding) = (contextShape, embedding);
        return this;
    }

    private Bijector Inner(string name, Shape shape, Func<FlowBuilder, FlowBuilder> steps)
    {
        var inner = new FlowBuilder(shape, Generator, name, _contextSize, _depth + 1, _trunks);
        steps(inner);
        return inner.ToBijector();
    }

    private FlowBuilder Append(Func<Bijector> create)
    {
        try
        {
            var before = MemoryLimit.Taken;
            var layer = create();
            MemoryLimit.CheckFlow(_numbers += MemoryLimit.Taken - before);
            var output = layer.OutputShape(Shape);
            var flat = ChainRewriting.Flatten([layer]);
            Nesting.CheckLength(_name, _layers.Count + flat.Count);
            _domains = _domains.Then(flat);
            _layers.AddRange(flat);
            Shape = output;
            return this;
        }
        catch (ShapeException e)
        {
            throw e.At($"{_name}[{_layers.Count}]");
        }
    }

    /// <summary>
    /// The context that a latent flow takes: that of the layers, where one of them or its base reads it.
    /// </summary>
    private Shape? Read(Bijector transform, Distribution @base) =>
        @base.ContextShape is not null || transform.ReadsContext ? Shape.Vector(_contextSize) : null;

    /// <summary>A context that nothing reads is a mistake: every context would have the same density.</summary>
    private void CheckContextIsRead(Distribution @base)
    {
        if (_contextShape is null || @base.ContextShape is not null || ToBijector().ReadsContext
            || _before.Any(segment => segment.Transform.ReadsContext || segment.Layer.ContextShape is not null))
        {
            return;
        }

        throw new ArgumentException(
            $"Flow: expected a layer or a base that reads the context {_contextShape}, got none: "
            + "log p(x | c) would be the same for every c. "
            + "Give a network of one's own the builder's ContextSize; a bijector that reads the context "
            + "itself overrides ReadsContext.");
    }

    /// <summary>Bijectors and the step that is none behind them.</summary>
    private sealed record Segment(Shape Input, Bijector Transform, StochasticLayer Layer);
}
