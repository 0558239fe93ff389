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
public sealed partial class Flow : SharableModule
{
    private readonly Bijector transform;
    private readonly Base @base;

    /// <summary>A flow from its pieces; <see cref="On"/> declares one step by step.</summary>
    /// <param name="eventShape">The shape of one data point.</param>
    /// <param name="transform">The bijector from data to base.</param>
    /// <param name="base">The distribution of <c>z = f(x)</c>.</param>
    /// <param name="levels">How many levels the data have, where they are whole numbers; null for continuous data.</param>
    /// <param name="contextSize">The C of the context <c>(batch..., C)</c> of a conditional flow; null for none.</param>
    /// <exception cref="ShapeException">The bijector does not fit the shape.</exception>
    /// <exception cref="DomainException">The bijector is not onto the support of the base: the density would not
    /// integrate to one.</exception>
    /// <exception cref="ArgumentException">Levels or context size are not positive, or the domain of the bijector is not
    /// known.</exception>
    public Flow(Shape eventShape, Bijector transform, Base @base, int? levels = null, int? contextSize = null)
        : base(nameof(Flow))
    {
        ArgumentNullException.ThrowIfNull(transform);
        ArgumentNullException.ThrowIfNull(@base);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(levels ?? 1, nameof(levels));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(contextSize ?? 1, nameof(contextSize));
        if (!transform.Codomain.Includes(@base.Support) || !@base.Support.Includes(transform.Codomain))
        {
            throw new DomainException($"Transform ({transform})", $"Base ({@base})", @base.Support, transform.Codomain);
        }

        if (transform.Domain is PartOf)
        {
            throw new ArgumentException(
                $"Flow: expected a bijector with a known domain, got {transform} from {transform.Domain}.", nameof(transform));
        }

        EventShape = eventShape;
        BaseShape = transform.OutputShape(eventShape);
        Levels = levels;
        ContextSize = contextSize;
        this.transform = transform;
        this.@base = @base;
        RegisterComponents();
    }

    /// <summary>The shape of one data point.</summary>
    public Shape EventShape { get; }

    /// <summary>The shape of one base point; it has the same size.</summary>
    public Shape BaseShape { get; }

    /// <summary>The bijector from data to base.</summary>
    public Bijector Transform => transform;

    /// <summary>The distribution of <c>z = f(x)</c>.</summary>
    public Base Base => @base;

    /// <summary>How many levels the data have, where they are whole numbers 0..Levels-1.</summary>
    public int? Levels { get; }

    /// <summary>The C of the context <c>(batch..., C)</c>, where the flow is conditional.</summary>
    public int? ContextSize { get; }

    /// <summary>The number of trained numbers.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>Begins the declaration of a flow.</summary>
    /// <param name="shape">The shape of one data point.</param>
    /// <param name="seed">Seeds everything random in the initialisation; torch's global generator is left alone.</param>
    public static FlowBuilder On(Shape shape, int seed = 0) => new(shape, new Generator((ulong)seed));

    /// <summary>The log-density at points.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>; dequantized where the flow has levels.</param>
    /// <param name="context">What the flow is conditioned on, <c>(batch..., C)</c> or <c>(C)</c>. Leading dimensions of points and context are lined up from
    /// the left; one that is missing or 1 is repeated: m points <c>(m, 1, event...)</c> under k contexts <c>(1, k, C)</c> have <c>(m, k)</c> densities, and one
    /// point <c>(event...)</c> under contexts <c>(m, C)</c> has m.</param>
    /// <returns><c>(batch...)</c> in nats; <c>-inf</c>, with zero gradient, for points outside the support, for finite points whose density is too small for the
    /// dtype, and for points so close to an end of the support that a layer takes them for it; NaN for points or contexts with a NaN, and where a
    /// parameter is not finite.</returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">There is no context where one is needed, or one where none is.</exception>
    public Tensor LogProb(Tensor x, Tensor? context = null)
    {
        Check(x, EventShape);
        CheckContext(context);
        using var repeated = Repeated(x, context, EventShape);
        return LogProbOf(repeated, context);
    }

    /// <summary>Bits per dimension: <c>-log p(x) / (D ln 2)</c>.</summary>
    /// <inheritdoc cref="LogProb"/>
    /// <returns><c>(batch...)</c> in bits per dimension, <c>+inf</c> outside the support.</returns>
    public Tensor BitsPerDimension(Tensor x, Tensor? context = null)
    {
        using var logProb = LogProb(x, context);
        return logProb * (-1 / (EventShape.Size * Math.Log(2)));
    }

    /// <summary>Draws points. They lie in the support, also where a layer saturates and rounding would put them on its end.</summary>
    /// <param name="count">How many.</param>
    /// <param name="context">What the flow is conditioned on: <c>(C)</c> for all, or <c>(count, C)</c>.</param>
    /// <param name="generator">What they are drawn from; null for torch's global generator.</param>
    /// <returns><c>(count, event...)</c>; continuous, see <see cref="Quantize"/>.</returns>
    /// <exception cref="ShapeException">The context has another shape.</exception>
    /// <exception cref="ArgumentException">There is no context where one is needed, or one where none is; or the count is
    /// negative.</exception>
    public Tensor Sample(long count, Tensor? context = null, Generator? generator = null)
    {
        using var z = Draw(count, context, generator);
        using var x = Kept(transform.Inverse(z, context));
        return transform.Domain.Nearest(x);
    }

    /// <summary>Draws points and gives the log-density at each, for the price of drawing.</summary>
    /// <inheritdoc cref="Sample"/>
    /// <returns>X <c>(count, event...)</c> and LogProb <c>(count)</c> in nats.</returns>
    public (Tensor X, Tensor LogProb) SampleWithLogProb(long count, Tensor? context = null, Generator? generator = null)
    {
        using var z = Draw(count, context, generator);
        return WithLogProb(z, context);
    }

    /// <summary>Draws points for each of several contexts.</summary>
    /// <param name="count">How many for each.</param>
    /// <param name="context">What the flow is conditioned on, <c>(batch..., C)</c>.</param>
    /// <param name="generator">What they are drawn from; null for torch's global generator.</param>
    /// <returns><c>(batch..., count, event...)</c>; the context lines up with it from the left, as it does for <see cref="LogProb"/>.</returns>
    /// <exception cref="ShapeException">The context has another size.</exception>
    /// <exception cref="ArgumentException">The flow takes no context, or the count is negative.</exception>
    public Tensor SampleEach(long count, Tensor context, Generator? generator = null)
    {
        using var z = DrawEach(count, context, generator);
        using var x = Kept(transform.Inverse(z, context));
        return transform.Domain.Nearest(x);
    }

    /// <summary>Draws points for each of several contexts and gives the log-density at each, for the price of drawing.</summary>
    /// <inheritdoc cref="SampleEach"/>
    /// <returns>X <c>(batch..., count, event...)</c> and LogProb <c>(batch..., count)</c> in nats.</returns>
    public (Tensor X, Tensor LogProb) SampleEachWithLogProb(long count, Tensor context, Generator? generator = null)
    {
        using var z = DrawEach(count, context, generator);
        return WithLogProb(z, context);
    }

    /// <summary>Maps data to the base: <c>z = f(x)</c>.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">What the flow is conditioned on, <c>(batch..., C)</c> or <c>(C)</c>.</param>
    /// <returns>Z <c>(batch..., base event...)</c> and LogDet <c>log|det dz/dx|</c> <c>(batch...)</c> in nats.</returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">There is no context where one is needed, or one where none is.</exception>
    public (Tensor Z, Tensor LogDet) Encode(Tensor x, Tensor? context = null)
    {
        Check(x, EventShape);
        CheckContext(context);
        using var repeated = Repeated(x, context, EventShape);
        return Kept(transform.ForwardWithLogDet(repeated, context, EventShape.Rank));
    }

    /// <summary>Maps the base to data: <c>x</c> with <c>f(x) = z</c>.</summary>
    /// <param name="z">Base points, <c>(batch..., base event...)</c>.</param>
    /// <param name="context">What the flow is conditioned on, <c>(batch..., C)</c> or <c>(C)</c>.</param>
    /// <returns><c>(batch..., event...)</c></returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">There is no context where one is needed, or one where none is.</exception>
    public Tensor Decode(Tensor z, Tensor? context = null)
    {
        Check(z, BaseShape);
        CheckContext(context);
        using var repeated = Repeated(z, context, BaseShape);
        return Kept(transform.Inverse(repeated, context));
    }

    /// <summary>Lets the layers that want it set their parameters from a first batch, once in their life; see
    /// <see cref="DataInitialization"/>.</summary>
    /// <param name="x">Data, <c>(batch..., event...)</c>, of <see cref="DataInitialization.FewestItems"/> items or more to have an effect;
    /// dequantized where the flow has levels.</param>
    /// <param name="context">The batch's context, where the flow is conditional.</param>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">The batch is empty; or there is no context where one is needed, or one where none is.</exception>
    public void Initialize(Tensor x, Tensor? context = null)
    {
        Check(x, EventShape);
        CheckContext(context);
        DataInitialization.Run(transform, x, context, EventShape.Rank);
    }

    /// <summary>The flow as a table: each layer with its output shape, its number of parameters, and what is known of
    /// it.</summary>
    public string Describe() => FlowTable.Of(this);

    private Tensor LogProbOf(Tensor x, Tensor? context)
    {
        using var inside = IsInside(x);
        var logProb = LogProbWhere(inside, x, context);
        using var representable = logProb.isfinite();
        using var lost = representable.logical_not();
        using var overflowed = inside.logical_and(lost);
        if (!Any(overflowed) || !HasFiniteNumbers())
        {
            return logProb;
        }

        // A density too small for the dtype, or a point so close to an end that a layer takes it for the end: inf - inf on the way is no answer.
        using var known = ContextIsKnown(context, logProb);
        using var dropped = overflowed.logical_and(known);
        using var kept = dropped.logical_not();
        using var rest = inside.logical_and(kept);
        using (logProb)
        {
            return LogProbWhere(rest, x, context);
        }
    }

    private (Tensor X, Tensor LogProb) WithLogProb(Tensor z, Tensor? context)
    {
        using var logProb = @base.LogProb(z, BaseShape.Rank);
        var (x, logDet) = Kept(transform.InverseWithLogDet(z, context, BaseShape.Rank));
        using (x)
        using (logDet)
        {
            return (transform.Domain.Nearest(x), logProb - logDet);
        }
    }

    private Tensor DrawEach(long count, Tensor context, Generator? generator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(context);
        CheckContext(context);
        return @base.Sample([.. context.shape[..^1], count], BaseShape, generator);
    }

    private Tensor Draw(long count, Tensor? context, Generator? generator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        CheckContext(context);
        if (context is not null && (context.dim() > 2 || (context.dim() == 2 && context.size(0) != count)))
        {
            throw new ShapeException(
                nameof(Flow),
                $"expected a context ({ContextSize}) or ({count}, {ContextSize})",
                $"got ({string.Join(", ", context.shape)})");
        }

        return @base.Sample([count], BaseShape, generator);
    }

    /// <summary>Points with the leading dimensions that the context has besides.</summary>
    private static Tensor Repeated(Tensor point, Tensor? context, Shape shape)
    {
        var own = point.shape[..^shape.Rank];
        long[] others = context?.shape[..^1] ?? [];
        var batch = new long[Math.Max(own.Length, others.Length)];
        for (var i = 0; i < batch.Length; i++)
        {
            var (size, other) = (i < own.Length ? own[i] : 1, i < others.Length ? others[i] : 1);
            batch[i] = size == 1 || other == size ? other : other == 1 ? size : throw new ShapeException(
                nameof(Flow),
                $"expected a context with leading dimensions ({string.Join(", ", own)}), the first of them, or 1 in their place",
                $"got ({string.Join(", ", others)})");
        }

        if (batch.AsSpan().SequenceEqual(own))
        {
            return point.alias();
        }

        long[] @event = shape.ToArray();
        using var view = point.reshape([.. own, .. Enumerable.Repeat(1L, batch.Length - own.Length), .. @event]);
        return view.expand([.. batch, .. @event]);
    }

    private void Check(Tensor point, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(point);
        if (point.dim() < shape.Rank || !point.shape.AsSpan()[^shape.Rank..].SequenceEqual(shape.ToArray()))
        {
            throw new ShapeException(
                nameof(Flow),
                $"expected points (batch..., {string.Join(", ", shape.ToArray())})",
                $"got ({string.Join(", ", point.shape)})");
        }

        CheckPlace(point, "points");
    }

    /// <summary>Torch's own complaint would be a page of native frames.</summary>
    private void CheckPlace(Tensor tensor, string what)
    {
        if (tensor.dtype != @base.Dtype || tensor.device_type != @base.Device.type)
        {
            throw new ArgumentException(
                $"Flow: expected {what} of {@base.Dtype} on {@base.Device}, where the flow is, got {tensor.dtype} on {tensor.device}; "
                + "convert them, or the flow, with .to(...).");
        }
    }

    /// <summary>A layer that computes with a tensor of another dtype gives a result that only looks exact, or one with fewer digits than the points.</summary>
    private Tensor Kept(Tensor result)
    {
        if (result.dtype == @base.Dtype)
        {
            return result;
        }

        using (result)
        {
            throw new ArgumentException(
                $"Flow: expected the transform to give {@base.Dtype}, the dtype of the points, got {result.dtype}; a layer computes with a tensor of "
                + "another dtype: make constants with dtype: x.dtype.");
        }
    }

    private (Tensor Point, Tensor LogDet) Kept((Tensor Point, Tensor LogDet) both)
    {
        using var other = both.LogDet.dtype != @base.Dtype ? both.Point : both.Point.dtype != @base.Dtype ? both.LogDet : null;
        return (Kept(both.Point), Kept(both.LogDet));
    }

    private void CheckContext(Tensor? context)
    {
        if ((context is null) != (ContextSize is null))
        {
            throw new ArgumentException(
                context is null
                    ? $"Flow: expected a context (batch..., {ContextSize}), got none."
                    : "Flow: expected no context, got one; declare its size with Conditional, before the layers that read it.",
                nameof(context));
        }

        if (context is not null && (context.dim() == 0 || context.size(-1) != ContextSize))
        {
            throw new ShapeException(
                nameof(Flow), $"expected a context (batch..., {ContextSize})", $"got ({string.Join(", ", context.shape)})");
        }

        if (context is not null)
        {
            CheckPlace(context, "a context");
        }
    }
}
