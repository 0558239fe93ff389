using System.Diagnostics.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A normalizing flow: the distribution of x where <c>z = f(x)</c> has a simple base distribution.
/// <c>log p(x) = log p_base(f(x)) + log|det df/dx|</c>, in nats.
/// </summary>
/// <remarks>
/// Data of a flow with <see cref="Levels"/> are whole numbers 0..Levels-1; the density is that of the dequantized point
/// in [0, Levels), in those units, so that bits per dimension need no correction. A flow runs in the dtype and on the
/// device it was moved to.
/// </remarks>
public sealed partial class Flow : Distribution
{
    private readonly Bijector transform;
    private readonly Distribution @base;
    private readonly Conditioner? embedding;
    private readonly UniformDequantization? _dequantization;

    /// <summary>A flow from its pieces; <see cref="On"/> declares one step by step.</summary>
    /// <param name="eventShape">The shape of one data point.</param>
    /// <param name="transform">The bijector from data to base.</param>
    /// <param name="base">The distribution of <c>z = f(x)</c>; it may depend on the context.</param>
    /// <param name="levels">How many levels the data have, where they are whole numbers; null for
    /// continuous data.</param>
    /// <param name="contextShape">The shape of one context of a conditional flow; null for none.</param>
    /// <param name="embedding">A network that reads contexts of that shape, trained with the flow and evaluated
    /// once a call; layers and base read the vectors <c>(batch..., C)</c> that it gives. Null where they read the
    /// context itself.</param>
    /// <exception cref="ShapeException">The bijector does not fit the shape, or the base or the embedding does not
    /// fit.</exception>
    /// <exception cref="DomainException">The bijector is not onto the support of the base: the density would not
    /// integrate to one.</exception>
    /// <exception cref="ArgumentException">Levels are not positive, the domain of the bijector is not known, or there
    /// is an embedding without a context.</exception>
    public Flow(
        Shape eventShape,
        Bijector transform,
        Distribution @base,
        int? levels = null,
        Shape? contextShape = null,
        Conditioner? embedding = null)
        : base(eventShape, contextShape)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(@base);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levels ?? 1, nameof(levels));

        // Maps of all numbers that know what they make of a smaller domain stand in front of any base.
        var open = new DomainPath(nameof(Flow)).Then(ChainRewriting.Checked([transform])).Before(@base.Support);
        if (open is null
            && (!transform.Codomain.Includes(@base.Support) || !@base.Support.Includes(transform.Codomain)))
        {
            throw DomainException.OfFlow(transform, Layering.Layers(transform)[0], $"{@base}", @base.Support);
        }

        if (transform.Domain is PartOf)
        {
            throw new ArgumentException(
                $"Flow: expected a bijector with a known domain, got {transform} from {transform.Domain}.",
                nameof(transform));
        }

        Support = open ?? transform.Domain;
        BaseShape = transform.OutputShape(eventShape);
        if (@base.EventShape != BaseShape)
        {
            throw new ShapeException(
                nameof(Flow), $"expected a base of points {BaseShape}, which {transform} gives",
                $"got {@base.EventShape}");
        }

        StatefulLayers.CheckInside(transform);
        StatefulLayers.CheckInside(@base);
        embedding?.CheckLayers();
        EmbeddedShape = FlowContext.Embedded(contextShape, embedding);
        FlowContext.CheckBase(@base, EmbeddedShape);
        _dequantization = levels is { } count ? new UniformDequantization(eventShape, count) : null;
        Levels = levels;
        this.transform = transform;
        this.@base = @base;
        this.embedding = embedding;
        RegisterComponents();
    }

    /// <summary>
    /// A flow whose base is made for the shape that the bijector gives, as <see cref="Distribution.StandardNormal"/>.
    /// </summary>
    /// <inheritdoc cref="Flow(Shape, Bijector, Distribution, int?, Shape?, Conditioner?)"/>
    /// <param name="eventShape">The shape of one data point.</param>
    /// <param name="transform">The bijector from data to base.</param>
    /// <param name="base">Makes the base from the shape of its points.</param>
    /// <param name="levels">How many levels the data have, where they are whole numbers; null for
    /// continuous data.</param>
    /// <param name="contextShape">The shape of one context of a conditional flow; null for none.</param>
    /// <param name="embedding">A network that reads contexts of that shape.</param>
    public Flow(
        Shape eventShape,
        Bijector transform,
        Func<Shape, Distribution> @base,
        int? levels = null,
        Shape? contextShape = null,
        Conditioner? embedding = null)
        : this(eventShape, transform, Made(transform, @base, eventShape), levels, contextShape, embedding)
    {
    }

    /// <summary>The shape of one base point; it has the same size.</summary>
    public Shape BaseShape { get; }

    /// <summary>The bijector from data to base.</summary>
    public Bijector Transform => transform;

    /// <summary>The layers of <see cref="Transform"/>, the one that meets the data first.</summary>
    public IReadOnlyList<Bijector> Layers => Layering.Layers(transform);

    /// <summary>The distribution of <c>z = f(x)</c>.</summary>
    public Distribution Base => @base;

    /// <summary>The network that reads the context for the layers, where there is one.</summary>
    public Conditioner? Embedding => embedding;

    /// <summary>How many levels the data have, where they are whole numbers 0..Levels-1.</summary>
    public int? Levels { get; }

    /// <summary>The shape of what layers and base read: that of the context, or of its embedding.</summary>
    public Shape? EmbeddedShape { get; }

    /// <summary>The number of trained numbers.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>
    /// How many multiplications and additions of matrix products and convolutions one density pass of one item takes;
    /// what is elementwise is not counted. A training step takes three times as many.
    /// </summary>
    public double MatrixOperations => MatrixWork.PerItem(this);

    /// <inheritdoc/>
    public override Domain Support { get; }

    /// <inheritdoc/>
    public override ScalarType Dtype => @base.Dtype;

    /// <inheritdoc/>
    public override Device Device => @base.Device;

    /// <inheritdoc/>
    public override bool IsReparameterized => @base.IsReparameterized;

    /// <inheritdoc/>
    public override bool HasExactLogProb => @base.HasExactLogProb;

    private protected override string Kind => "flow";

    private protected override bool ContextMayBeMissing => HasOptionalContext;

    /// <summary>Begins the declaration of a flow.</summary>
    /// <param name="shape">The shape of one data point.</param>
    /// <param name="seed">Seeds everything random in the initialisation; torch's global generator is
    /// left alone.</param>
    public static FlowBuilder On(Shape shape, int seed = 0) => new(shape, new Generator((ulong)seed));

    /// <summary>Maps data to the base: <c>z = f(x)</c>.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">What the flow is conditioned on, <c>(batch..., context...)</c>.</param>
    /// <returns>Z <c>(batch..., base event...)</c> and LogDet <c>log|det dz/dx|</c> <c>(batch...)</c>
    /// in nats.</returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">There is no context where one is needed, or one where none is.</exception>
    public (Tensor Z, Tensor LogDet) Encode(Tensor x, Tensor? context = null)
    {
        Check(x, EventShape);
        CheckContext(context);
        using var repeated = Repeated(x, context, EventShape);
        using var read = Embed(context);
        return Kept(transform.ForwardWithLogDet(repeated, read, EventShape.Rank));
    }

    /// <summary>Maps the base to data: <c>x</c> with <c>f(x) = z</c>.</summary>
    /// <param name="z">Base points, <c>(batch..., base event...)</c>.</param>
    /// <param name="context">What the flow is conditioned on, <c>(batch..., context...)</c>.</param>
    /// <returns><c>(batch..., event...)</c></returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">There is no context where one is needed, or one where none is.</exception>
    public Tensor Decode(Tensor z, Tensor? context = null)
    {
        Check(z, BaseShape);
        CheckContext(context);
        using var repeated = Repeated(z, context, BaseShape);
        using var read = Embed(context);
        return Kept(transform.Inverse(repeated, read));
    }

    /// <summary>
    /// What layers and base read of a context: the context, or the vectors that the embedding makes of it.
    /// </summary>
    /// <param name="context">Contexts <c>(batch..., context...)</c>; null for none.</param>
    /// <returns>A fresh tensor <c>(batch..., C)</c>; null for none.</returns>
    [return: NotNullIfNotNull(nameof(context))]
    public Tensor? Embed(Tensor? context) =>
        context is null ? null : embedding is null ? context.alias() : embedding.Evaluate(context, null);

    /// <summary>Lets the layers that want it set their parameters from a first batch, once in their life; see
    /// <see cref="DataInitialization"/>.</summary>
    /// <param name="x">Data, <c>(batch..., event...)</c>, of <see cref="DataInitialization.FewestItems"/> items or more
    /// to have an effect; dequantized where the flow has levels.</param>
    /// <param name="context">The batch's context, where the flow is conditional.</param>
    /// <param name="noise">What steps of the base that are no bijections draw their noise from; null for a generator of
    /// its own, with the seed 0.</param>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">The batch is empty; or there is no context where one is needed, or one where
    /// none is.</exception>
    public void Initialize(Tensor x, Tensor? context = null, Generator? noise = null)
    {
        Check(x, EventShape);
        CheckContext(context);
        if (embedding is not null)
        {
            DataInitialization.Run(embedding, context!);
        }

        using var read = Embed(context);
        using var z = DataInitialization.Through(transform, x, read, EventShape.Rank);
        using var own = noise is null ? new Generator(0) : null;
        @base.InitializeFrom(z, OfBase(read), noise ?? own!);
    }

    /// <inheritdoc/>
    public override void InitializeFrom(Tensor x, Tensor? context, Generator noise) => Initialize(x, context, noise);

    /// <summary>
    /// Turns whole numbers into points of the density: adds noise, uniform in [0, 1), as fine as the dtype is there,
    /// see <see cref="UniformDequantization"/>. A flow without <see cref="Levels"/> adds none.
    /// </summary>
    /// <param name="levels">Data 0..Levels-1 of any dtype, <c>(batch..., event...)</c>.</param>
    /// <param name="generator">What the noise is drawn from.</param>
    /// <returns>A fresh tensor of the same shape in the dtype of the flow; <see cref="Quantize"/> gives the data
    /// back.</returns>
    /// <exception cref="ArgumentException">The dtype of the flow has no numbers between the highest levels.</exception>
    public Tensor Dequantize(Tensor levels, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(levels);
        ArgumentNullException.ThrowIfNull(generator);
        using var points = levels.to(Dtype);
        return _dequantization is null ? points.alias() : _dequantization.AddNoise(points, Support, generator);
    }

    /// <summary>Turns points of the density into whole numbers: rounds down, into 0..Levels-1. A flow without
    /// <see cref="Levels"/> leaves them.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <returns>A fresh tensor of the same shape and dtype.</returns>
    public Tensor Quantize(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return _dequantization is null ? x.alias() : _dequantization.Round(x);
    }

    /// <summary>The flow as a table: each layer with its output shape, its number of parameters, and what is known of
    /// it.</summary>
    public string Describe() => FlowTable.Of(this);

    /// <summary>The shape of the data, the number of layers and the base: <c>Flow of (2), 4 layers into
    /// StandardNormal</c>.</summary>
    public override string ToString() =>
        $"Flow of {EventShape}, {Layers.Count} {(Layers.Count == 1 ? "layer" : "layers")} into {@base}";

    /// <summary>The lines of the embedding, of the layers and of the base.</summary>
    public override IReadOnlyList<DescriptionLine> DescriptionLines() =>
    [
        .. embedding is null
            ? Array.Empty<DescriptionLine>()
            : [DescriptionLine.Of(embedding, EmbeddedShape!.Value) with { Name = $"{embedding} of the context" }],
        .. FlowTable.Lines(transform, EventShape),
        .. @base.DescriptionLines(),
    ];

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        using var read = Embed(context);
        return Density(x, read, z => @base.LogProbCore(z, OfBase(read)));
    }

    /// <inheritdoc/>
    protected internal override Tensor LowerBoundCore(Tensor x, Tensor? context, Generator? generator)
    {
        using var read = Embed(context);
        return Density(x, read, z => @base.LowerBoundCore(z, OfBase(read), generator));
    }

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var read = Embed(context);
        using var z = @base.Draw(batch, OfBase(read), generator);
        return Kept(transform.Inverse(z, read));
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogProb) SampleWithLogProbCore(
        long[] batch, Tensor? context, Generator? generator)
    {
        using var read = Embed(context);
        var (z, logProb) = @base.DrawWithLogProb(batch, OfBase(read), generator);
        using (z)
        using (logProb)
        {
            var (x, logDet) = Kept(transform.InverseWithLogDet(z, read, BaseShape.Rank));
            using (logDet)
            {
                return (x, logProb - logDet);
            }
        }
    }

    /// <inheritdoc/>
    protected override bool AddsNoise => _dequantization is not null;

    // Whole numbers lie on the ends of the support, and points inside it once they have their noise.
    /// <inheritdoc/>
    protected override Tensor WithNoise(Tensor x, Generator? generator)
    {
        if (_dequantization is null)
        {
            return base.WithNoise(x, generator);
        }

        using var levels = x.to(Dtype);
        return _dequantization.AddNoise(levels, Support, generator);
    }

    private static Distribution Made(Bijector transform, Func<Shape, Distribution> @base, Shape eventShape)
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(@base);
        return @base(transform.OutputShape(eventShape));
    }

    private Tensor Density(Tensor x, Tensor? read, Func<Tensor, Tensor> ofBase)
    {
        var (z, logDet) = Kept(transform.ForwardWithLogDet(x, read, EventShape.Rank));
        using (z)
        using (logDet)
        using (var logProb = @base.Shaped(ofBase(z), z.shape.AsSpan()[..^BaseShape.Rank], nameof(LogProbCore)))
        {
            return logProb + logDet;
        }
    }

    private Tensor? OfBase(Tensor? read) => @base.ContextShape is null ? null : read;

    /// <summary>
    /// A layer that computes with a tensor of another dtype gives a result that only looks exact, or one with fewer
    /// digits than the points.
    /// </summary>
    private Tensor Kept(Tensor result)
    {
        if (result.dtype == @base.Dtype)
        {
            return result;
        }

        using (result)
        {
            throw new ArgumentException(
                $"Flow: expected the transform to give {@base.Dtype}, the dtype of the points, got {result.dtype}; "
                + "a layer computes with a tensor of "
                + "another dtype: make constants with dtype: x.dtype.");
        }
    }

    private (Tensor Point, Tensor LogDet) Kept((Tensor Point, Tensor LogDet) both)
    {
        using var other =
            both.LogDet.dtype != @base.Dtype ? both.Point : both.Point.dtype != @base.Dtype ? both.LogDet : null;
        return (Kept(both.Point), Kept(both.LogDet));
    }
}
