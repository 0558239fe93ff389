using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// An invertible, differentiable map with a known log|det Jacobian|. <b>Forward is the normalizing direction</b>, data
/// to base; inverse is the sampling direction. A bijector acts on the last <see cref="EventRank"/> dimensions of its
/// input; all leading dimensions are batch. Log-dets are in nats and have exactly the batch shape.
/// </summary>
/// <remarks>
/// The public methods check dtype and shape once, then call the protected <c>...Core</c>. Results and log-dets have the
/// dtype of the point. What they do not check: that the point lies in <see cref="Domain"/> (outside it the result is
/// NaN or infinite, never an exception). Every call returns fresh tensors, disposes its own temporaries and leaves its
/// inputs alone. Nothing is cached between calls. Usually the four <c>Core</c> methods are written by the compiler from
/// one <see cref="ForwardAttribute">[Forward]</see> method.
/// </remarks>
public abstract partial class Bijector : SharableModule
{
    /// <summary>A bijector with the name of its type.</summary>
    protected Bijector()
        : base(nameof(Bijector))
    {
    }

    /// <summary>How many last dimensions of the input one event has: 0 elementwise, 1 vectors, 3 images.</summary>
    public abstract int EventRank { get; }

    /// <summary>How many last dimensions of the output one event has.</summary>
    public virtual int OutputEventRank => EventRank;

    /// <summary>Where the map is defined, elementwise.</summary>
    public virtual Domain Domain => Domain.Real;

    /// <summary>What the map is onto, elementwise.</summary>
    public virtual Domain Codomain => Domain.Real;

    /// <summary>True where the log-det is zero everywhere.</summary>
    public virtual bool IsVolumePreserving => false;

    /// <summary>True where the log-det depends on parameters only, not on the point or the context.</summary>
    public virtual bool HasConstantJacobian => IsVolumePreserving;

    /// <summary>
    /// True where a direction is found by iteration or entry by entry, here or in a bijector inside, and so costs many
    /// times the other one. Known of compiled maps; one written by hand says so itself.
    /// </summary>
    public virtual bool IsIterative => false;

    /// <summary>
    /// True where the log-det is estimated, here or in a bijector inside, and is another one at every call: without
    /// bias, from the noise of <see cref="LogDetNoise"/>. Known of compiled maps and of what <see cref="Stages"/> show;
    /// one written by hand that estimates says so itself.
    /// </summary>
    public virtual bool HasRandomLogDet =>
        Stages.Any(stage => stage.Children.Any(child => child is { HasRandomLogDet: true }));

    /// <summary>
    /// True where the map depends on the context. A bijector whose networks, or the bijectors inside it, take one reads
    /// it; of compiled maps it is known besides; one written by hand that reads the context itself says so.
    /// </summary>
    public virtual bool ReadsContext => Reads(this);

    /// <summary>The event shape that comes out when <paramref name="input"/> goes in.</summary>
    /// <param name="input">An event shape of at least <see cref="EventRank"/> dimensions; dimensions before the last
    /// <see cref="EventRank"/> pass unchanged.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public Shape OutputShape(Shape input) => Extend(input, EventRank, OutputShapeCore);

    /// <summary>The event shape that must go in for <paramref name="output"/> to come out.</summary>
    /// <param name="output">An event shape of at least <see cref="OutputEventRank"/> dimensions.</param>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    public Shape InputShape(Shape output) => Extend(output, OutputEventRank, InputShapeCore);

    /// <summary>Maps data towards the base: <c>y = f(x)</c>.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">What the map is conditioned on, <c>(batch..., C)</c> or <c>(C)</c>; ignored where it
    /// cannot be used.</param>
    /// <returns>A fresh tensor <c>(batch..., output event...)</c>.</returns>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    /// <exception cref="ArgumentException">The point is not of a floating dtype, or of another one than the context or
    /// the numbers that the map holds.</exception>
    public Tensor Forward(Tensor x, Tensor? context = null)
    {
        Check(x, context, EventRank, OutputShapeCore);
        return Nested.Forward(this, x, context);
    }

    /// <summary>Maps base to data: <c>x</c> with <c>f(x) = y</c>.</summary>
    /// <inheritdoc cref="Forward(Tensor, Tensor?)"/>
    /// <param name="y">Points, <c>(batch..., output event...)</c>.</param>
    /// <param name="context">What the map is conditioned on, <c>(batch..., C)</c> or <c>(C)</c>.</param>
    /// <returns>A fresh tensor <c>(batch..., event...)</c>.</returns>
    public Tensor Inverse(Tensor y, Tensor? context = null)
    {
        Check(y, context, OutputEventRank, InputShapeCore);
        return Nested.Inverse(this, y, context);
    }

    /// <summary>Maps data towards the base and gives <c>log|det dY/dX|</c>.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">What the map is conditioned on, <c>(batch..., C)</c> or <c>(C)</c>.</param>
    /// <param name="eventRank">Over how many last dimensions the log-det is summed, at least (and by default)
    /// <see cref="EventRank"/>.</param>
    /// <returns>Y <c>(batch..., output event...)</c> and LogDet <c>(batch...)</c> in nats, both fresh.</returns>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    /// <exception cref="ArgumentException">The point is not of a floating dtype, or of another one than the context or
    /// the numbers that the map holds.</exception>
    public (Tensor Y, Tensor LogDet) ForwardWithLogDet(Tensor x, Tensor? context = null, int? eventRank = null)
    {
        var rank = CheckRank(x, EventRank, eventRank);
        Check(x, context, EventRank, OutputShapeCore);
        var (y, logDet) = Nested.ForwardWithLogDet(this, x, context, rank);
        return (y, LogDets.ToBatch(logDet, x.shape.AsSpan()[..^rank]));
    }

    /// <summary>Maps base to data and gives <c>log|det dX/dY|</c>.</summary>
    /// <param name="y">Points, <c>(batch..., output event...)</c>.</param>
    /// <param name="context">What the map is conditioned on, <c>(batch..., C)</c> or <c>(C)</c>.</param>
    /// <param name="eventRank">Over how many last dimensions the log-det is summed, at least (and by default)
    /// <see cref="OutputEventRank"/>.</param>
    /// <returns>X <c>(batch..., event...)</c> and LogDet <c>(batch...)</c> in nats, both fresh.</returns>
    /// <exception cref="ShapeException">The shape does not fit.</exception>
    /// <exception cref="ArgumentException">The point is not of a floating dtype, or of another one than the context or
    /// the numbers that the map holds.</exception>
    public (Tensor X, Tensor LogDet) InverseWithLogDet(Tensor y, Tensor? context = null, int? eventRank = null)
    {
        var rank = CheckRank(y, OutputEventRank, eventRank);
        Check(y, context, OutputEventRank, InputShapeCore);
        var (x, logDet) = Nested.InverseWithLogDet(this, y, context, rank);
        return (x, LogDets.ToBatch(logDet, y.shape.AsSpan()[..^rank]));
    }

    /// <summary>
    /// The usual map of all real vectors onto a domain: exp onto the positive numbers, the logistic function onto an
    /// interval, <see cref="StickBreaking"/> onto the simplex, <see cref="Ascending"/>, <see cref="FillCholesky"/>, and
    /// <see cref="Stereographic"/> onto all but one point of the sphere. <c>~Bijector.To(domain)</c> begins a flow of
    /// such data.
    /// </summary>
    /// <param name="domain">What it is onto.</param>
    /// <exception cref="NotSupportedException">There is no usual map onto the domain.</exception>
    public static Bijector To(Domain domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        return domain.FromReals();
    }

    /// <summary>The name of the type, with what distinguishes it from others of its type.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>
    /// The output shape of an event of exactly <see cref="EventRank"/> dimensions; the same shape unless overridden.
    /// </summary>
    protected virtual Shape OutputShapeCore(Shape input) => input;

    /// <summary>The input shape of an output event of exactly <see cref="OutputEventRank"/> dimensions.</summary>
    protected virtual Shape InputShapeCore(Shape output) => output;

    /// <summary>Maps data towards the base; the shape has been checked.</summary>
    protected internal abstract Tensor ForwardCore(Tensor x, Tensor? context);

    /// <summary>Maps base to data; the shape has been checked.</summary>
    protected internal abstract Tensor InverseCore(Tensor y, Tensor? context);

    /// <summary>
    /// Maps data towards the base and gives the log-det, summed over the last <paramref name="eventRank"/> dimensions
    /// of <paramref name="x"/> (<see cref="LogDets.Sum"/> does it) and broadcastable to the dimensions before them.
    /// </summary>
    protected internal abstract (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank);

    /// <summary>
    /// Maps base to data and gives the log-det, summed over the last <paramref name="eventRank"/> dimensions of
    /// <paramref name="y"/> and broadcastable to the dimensions before them.
    /// </summary>
    protected internal abstract (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank);

    /// <summary>
    /// Sets parameters from the first batch of data that reaches this bijector (ActNorm does). Called without
    /// gradients, and only inside <see cref="DataInitialization"/>, possibly more than once: parameters that are no
    /// longer at their start must stay as they are, and so must those that take no gradients.
    /// </summary>
    protected internal virtual void InitializeFrom(Tensor x)
    {
    }

    private Shape Extend(Shape shape, int rank, Func<Shape, Shape> core)
    {
        Nesting.CheckStack(this);
        return shape.Rank < rank
            ? throw new ShapeException(ToString(), $"expected at least {rank} dimensions", $"got {shape}")
            : shape.Leading(rank).Then(core(shape.Trailing(rank)));
    }

    private void Check(Tensor point, Tensor? context, int rank, Func<Shape, Shape> core)
    {
        ArgumentNullException.ThrowIfNull(point);
        CheckNotDisposed();
        CheckUsable(point, "points");
        CheckUsable(context, "a context");
        DtypeCheck.Arguments(this, point, context);
        if (point.dim() < rank)
        {
            throw new ShapeException(ToString(), $"expected at least {rank} dimensions", $"got {point.dim()}");
        }

        core(Shape.Of(point.shape.AsSpan()[^rank..]));
    }

    private int CheckRank(Tensor point, int own, int? asked)
    {
        var rank = asked ?? own;
        if (rank < own || rank > point.dim())
        {
            throw new ShapeException(
                ToString(),
                $"expected an event rank from {own} to the {point.dim()} dimensions of the point", $"got {rank}");
        }

        return rank;
    }

    // What a bijector has inside it may give a context of its own, as the parameters of a transformer are one; so may a
    // network, as an embedding is one.
    private static bool Reads(nn.Module module) => module.children().Any(inner => inner switch
    {
        Bijector f => f.ReadsContext,
        Conditioner net => net.ContextSize > 0,
        _ => Reads(inner),
    });
}
