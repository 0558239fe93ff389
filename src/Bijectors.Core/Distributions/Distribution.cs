using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A distribution of events <c>x</c>, perhaps given a context <c>c</c>: its log-density <c>log p(x | c)</c> in nats,
/// and draws from it. A <see cref="Flow"/> is one, so that a flow may be the base of a flow.
/// </summary>
/// <remarks>
/// <para>The public methods check dtype, device and shape once and handle points outside the support; then they call
/// the protected <c>...Core</c>. Elements of an event need not be independent. A distribution of one's own overrides
/// <see cref="Support"/>, <see cref="Dtype"/>, <see cref="Device"/>, <see cref="IsReparameterized"/>,
/// <see cref="LogProbCore"/> and <see cref="SampleCore"/>, and <see cref="Frozen"/> where it holds parameters or
/// buffers.</para>
/// <para>Leading dimensions of points and contexts are lined up from the left; one that is missing or 1 is repeated: m
/// points <c>(m, 1, event...)</c> under k contexts <c>(1, k, C)</c> have <c>(m, k)</c> densities, and one point
/// <c>(event...)</c> under contexts <c>(m, C)</c> has m.</para>
/// </remarks>
public abstract partial class Distribution : SharableModule
{
    private const int MostSamples = 1_000_000;

    /// <summary>A distribution with the name of its type.</summary>
    /// <param name="eventShape">The shape of one point.</param>
    /// <param name="contextShape">The shape of one context; null where it takes none.</param>
    protected Distribution(Shape eventShape, Shape? contextShape = null)
        : base(nameof(Distribution))
    {
        EventShape = eventShape;
        ContextShape = contextShape;
    }

    /// <summary>The shape of one point.</summary>
    public Shape EventShape { get; }

    /// <summary>
    /// The shape of one context, as a rule a vector <c>(C)</c>; null where the distribution takes none.
    /// </summary>
    public Shape? ContextShape { get; }

    /// <summary>Where the density is positive, elementwise.</summary>
    public abstract Domain Support { get; }

    /// <summary>The dtype of points and samples, that of a parameter or a buffer.</summary>
    public abstract ScalarType Dtype { get; }

    /// <summary>Where points and samples are, as a parameter or a buffer is.</summary>
    public abstract Device Device { get; }

    /// <summary>
    /// True where samples are differentiable functions of the parameters and the context and of noise that depends on
    /// neither: gradients then pass through <see cref="Sample"/>.
    /// </summary>
    public abstract bool IsReparameterized { get; }

    /// <summary>
    /// True where <see cref="LogProb"/> is the log-density up to rounding, or an estimate of it without bias
    /// (<see cref="HasEstimatedLogProb"/>). Where it is not, there is a <see cref="LowerBound"/>.
    /// </summary>
    public virtual bool HasExactLogProb => true;

    /// <summary>
    /// True where <see cref="LogProb"/> is an estimate without bias, and another one at every call, since the log-det
    /// of a bijector inside is one (<see cref="Bijector.HasRandomLogDet"/>); <see cref="EstimateLogProb"/> says how far
    /// it may be off.
    /// </summary>
    public virtual bool HasEstimatedLogProb => modules().Any(inner => inner is Bijector { HasRandomLogDet: true });

    /// <summary>Independent standard normal elements, see <see cref="Bijectors.StandardNormal"/>.</summary>
    /// <param name="shape">The shape of one point.</param>
    public static Distribution StandardNormal(Shape shape) => new StandardNormal(shape);

    /// <summary>Independent standard logistic elements, see <see cref="Bijectors.StandardLogistic"/>.</summary>
    /// <param name="shape">The shape of one point.</param>
    public static Distribution StandardLogistic(Shape shape) => new StandardLogistic(shape);

    /// <summary>Independent elements, uniform in (0, 1), see <see cref="Uniform"/>.</summary>
    /// <param name="shape">The shape of one point.</param>
    public static Distribution StandardUniform(Shape shape) => new Uniform(shape);

    /// <summary>Independent angles, uniform on the circle, see <see cref="VonMises"/>.</summary>
    /// <param name="shape">The shape of one point.</param>
    public static Distribution UniformOnCircle(Shape shape) => new VonMises(shape, isTrained: false);

    /// <summary>
    /// Independent normal elements, whose means and deviations are trained, see <see cref="LocationScale"/>.
    /// </summary>
    /// <param name="shape">The shape of one point.</param>
    public static Distribution DiagonalNormal(Shape shape) => new LocationScale(new StandardNormal(shape));

    /// <summary>
    /// Independent logistic elements, whose locations and scales are trained, see <see cref="LocationScale"/>.
    /// </summary>
    /// <param name="shape">The shape of one point.</param>
    public static Distribution Logistic(Shape shape) => new LocationScale(new StandardLogistic(shape));

    /// <summary>
    /// A normal distribution, whose mean and covariance are trained, see <see cref="Bijectors.FullNormal"/>.
    /// </summary>
    /// <param name="shape">The shape of one point.</param>
    public static Distribution FullNormal(Shape shape) => new FullNormal(shape);

    /// <summary>The log-density at points.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">What the distribution is conditioned on, <c>(batch..., context...)</c>, lined up with the
    /// points from the left.</param>
    /// <returns><c>(batch...)</c> in nats; <c>-inf</c>, with zero gradient, for points outside the support, for finite
    /// points whose density is too small for the dtype, and for points so close to an end of the support that a layer
    /// takes them for it; NaN for points or contexts with a NaN, and where a parameter is not finite.</returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">There is no context where one is needed, or one where none is; or they are
    /// of another dtype, or elsewhere.</exception>
    /// <exception cref="InvalidOperationException">The density is not known exactly, see
    /// <see cref="HasExactLogProb"/>.</exception>
    public Tensor LogProb(Tensor x, Tensor? context = null)
    {
        CheckExact();
        Check(x, EventShape);
        CheckContext(context);
        using var repeated = Repeated(x, context, EventShape);
        return OnSupport(repeated, context, LogProbCore);
    }

    /// <summary>The log-density as the mean of independent estimates, and the standard error of that mean.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">As in <see cref="LogProb"/>.</param>
    /// <param name="draws">How many estimates are averaged, 2 or more; an exact density is asked for once.</param>
    /// <returns>Mean and StandardError in nats, both float64 <c>(batch...)</c>, without gradients; the error is 0 where
    /// the density is not estimated, and where it is zero.</returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">As in <see cref="LogProb"/>, or there are fewer than 2 draws.</exception>
    /// <exception cref="InvalidOperationException">The density is not known exactly, see
    /// <see cref="HasExactLogProb"/>.</exception>
    public (Tensor Mean, Tensor StandardError) EstimateLogProb(Tensor x, Tensor? context = null, int draws = 100) =>
        Estimates.Average(HasEstimatedLogProb, draws, () => LogProb(x, context));

    /// <summary>Bits per dimension: <c>-log p(x) / (D ln 2)</c>.</summary>
    /// <inheritdoc cref="LogProb"/>
    /// <returns><c>(batch...)</c> in bits per dimension, <c>+inf</c> outside the support.</returns>
    public Tensor BitsPerDimension(Tensor x, Tensor? context = null)
    {
        using var logProb = LogProb(x, context);
        return logProb * (-1 / (EventShape.Size * Math.Log(2)));
    }

    /// <summary>
    /// A lower bound on the log-density, by importance weights: <c>log 1/K sum_k w_k</c> with <c>E w_k = p(x)</c>. It
    /// is below <c>log p(x)</c> on average, and rises towards it with K. Where the density is exact, it is the density.
    /// </summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>; for a flow with <see cref="Flow.Levels"/> the whole
    /// numbers, which get their noise here.</param>
    /// <param name="context">As in <see cref="LogProb"/>.</param>
    /// <param name="samples">The number K of draws of the noise, 1 for the evidence lower bound; at most a
    /// million.</param>
    /// <param name="generator">What the noise is drawn from; null for torch's global generator.</param>
    /// <returns><c>(batch...)</c> in nats, as in <see cref="LogProb"/>.</returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">As in <see cref="LogProb"/>, or there are no samples.</exception>
    /// <remarks>Source: Burda, Grosse, Salakhutdinov 2016, Importance weighted autoencoders, arXiv 1509.00519,
    /// eq. 8.</remarks>
    public Tensor LowerBound(Tensor x, Tensor? context = null, int samples = 1, Generator? generator = null)
    {
        if (samples is < 1 or > MostSamples)
        {
            throw new ArgumentOutOfRangeException(
                paramName: null,
                $"{Name}.LowerBound: expected 1 to {MostSamples} samples, each of which is kept, got {samples}; "
                + "average several bounds (EstimateLowerBound).");
        }

        if (HasExactLogProb && !AddsNoise)
        {
            return LogProb(x, context);
        }

        CheckShape(x, EventShape);
        CheckContext(context);
        using var scope = NewDisposeScope();
        var repeated = Repeated(x, context, EventShape);
        var bounds = new Tensor[samples];
        for (var k = 0; k < samples; k++)
        {
            bounds[k] = Bound(repeated, context, generator);
        }

        var bound = samples == 1 ? bounds[0] : stack(bounds).logsumexp(0) - Math.Log(samples);
        return bound.MoveToOuterDisposeScope();
    }

    /// <summary>The lower bound as the mean of independent ones, and the standard error of that mean.</summary>
    /// <param name="x">As in <see cref="LowerBound"/>.</param>
    /// <param name="context">As in <see cref="LogProb"/>.</param>
    /// <param name="samples">The number K of draws of the noise of each bound.</param>
    /// <param name="draws">How many bounds are averaged, 2 or more; an exact density is asked for once.</param>
    /// <param name="generator">What the noise is drawn from; null for torch's global generator.</param>
    /// <returns>Mean and StandardError in nats, both float64 <c>(batch...)</c>, without gradients; the error is 0 where
    /// the density is exact, and where it is zero. The mean is a lower bound, however many are averaged; the error says
    /// nothing of how far below the log-density it is.</returns>
    /// <exception cref="ShapeException">The points or the context have another shape.</exception>
    /// <exception cref="ArgumentException">As in <see cref="LowerBound"/>, or there are fewer than 2 draws.</exception>
    public (Tensor Mean, Tensor StandardError) EstimateLowerBound(
        Tensor x, Tensor? context = null, int samples = 1, int draws = 100, Generator? generator = null) =>
        Estimates.Average(
            !HasExactLogProb || AddsNoise || HasEstimatedLogProb, draws,
            () => LowerBound(x, context, samples, generator));

    /// <summary>Draws points. They lie in the support, also where rounding would put them on its end.</summary>
    /// <param name="count">How many.</param>
    /// <param name="context">What the distribution is conditioned on: <c>(context...)</c> for all, or
    /// <c>(count, context...)</c>, one each.</param>
    /// <param name="generator">What they are drawn from; null for torch's global generator.</param>
    /// <returns><c>(count, event...)</c>.</returns>
    /// <exception cref="ShapeException">The context has another shape.</exception>
    /// <exception cref="ArgumentException">There is no context where one is needed, or one where none is; or the count
    /// is negative.</exception>
    public Tensor Sample(long count, Tensor? context = null, Generator? generator = null)
    {
        CheckDraw(count, context);
        return Draw([count], context, generator);
    }

    /// <summary>Draws points and gives the log-density at each, for the price of drawing where that can be.</summary>
    /// <inheritdoc cref="Sample"/>
    /// <returns>X <c>(count, event...)</c> and LogProb <c>(count)</c> in nats.</returns>
    /// <exception cref="InvalidOperationException">The density is not known exactly, see
    /// <see cref="HasExactLogProb"/>.</exception>
    public (Tensor X, Tensor LogProb) SampleWithLogProb(long count, Tensor? context = null, Generator? generator = null)
    {
        CheckExact();
        CheckDraw(count, context);
        return DrawWithLogProb([count], context, generator);
    }

    /// <summary>Draws points for each of several contexts.</summary>
    /// <param name="count">How many for each.</param>
    /// <param name="context">What the distribution is conditioned on, <c>(batch..., context...)</c>.</param>
    /// <param name="generator">What they are drawn from; null for torch's global generator.</param>
    /// <returns><c>(batch..., count, event...)</c>; the context lines up with it from the left, as it does for
    /// <see cref="LogProb"/>.</returns>
    /// <exception cref="ShapeException">The context has another shape.</exception>
    /// <exception cref="ArgumentException">The distribution takes no context, or the count is negative.</exception>
    public Tensor SampleEach(long count, Tensor context, Generator? generator = null) =>
        Draw(BatchForEach(count, context), context, generator);

    /// <summary>Draws points for each of several contexts and gives the log-density at each, as
    /// <see cref="SampleWithLogProb"/> does.</summary>
    /// <inheritdoc cref="SampleEach"/>
    /// <returns>X <c>(batch..., count, event...)</c> and LogProb <c>(batch..., count)</c> in nats.</returns>
    /// <exception cref="InvalidOperationException">The density is not known exactly, see
    /// <see cref="HasExactLogProb"/>.</exception>
    public (Tensor X, Tensor LogProb) SampleEachWithLogProb(long count, Tensor context, Generator? generator = null)
    {
        CheckExact();
        return DrawWithLogProb(BatchForEach(count, context), context, generator);
    }

    /// <summary>
    /// What points of this distribution were without noise of a deviation, on average, and samples of that: where this
    /// is the density of points with such noise, see <see cref="Bijectors.Denoised"/>.
    /// </summary>
    /// <param name="deviation">The deviation of the noise, in units of the points.</param>
    /// <inheritdoc cref="Bijectors.Denoised(Distribution, double)" path="/exception"/>
    public Denoised Denoised(double deviation) => new(this, deviation);

    /// <summary>Lets what is inside set its parameters from a first batch, once in its life; see
    /// <see cref="DataInitialization"/>. Does nothing unless overridden.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">Their context, where the distribution is conditional.</param>
    /// <param name="noise">What noise is drawn from.</param>
    public virtual void InitializeFrom(Tensor x, Tensor? context, Generator noise)
    {
    }

    /// <summary>
    /// The same distribution made of constants: a copy that later training does not reach, without parameters. A
    /// distribution of one's own that holds parameters or buffers overrides it.
    /// </summary>
    /// <returns>A new distribution; this one where it holds nothing that could change.</returns>
    /// <exception cref="InvalidOperationException">It holds parameters or buffers and does not override
    /// this.</exception>
    public virtual Distribution Frozen() => Stateless(this, nameof(Frozen));

    /// <summary>
    /// What the table of a flow says of it as a base, in lines: one of its own. One that is made of parts overrides it
    /// and gives the lines of these.
    /// </summary>
    public virtual IReadOnlyList<DescriptionLine> DescriptionLines() =>
        [DescriptionLine.Of(this, EventShape, ContextShape is { } shape ? $"reads context {shape}" : "")];

    /// <summary>The name of the type.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>Whether its scale is its temperature: points multiplied by T are those of temperature T, or
    /// <see cref="AtTemperature"/> says how they are made; see <c>Flow.Tempered</c>. Standard normal and logistic
    /// points are such, and those of a location-scale family around these.</summary>
    public virtual bool HasTemperature => false;

    /// <summary>A frozen copy at another temperature, where that is not all points multiplied by it.</summary>
    /// <param name="temperature">The temperature, above 0.</param>
    /// <returns>The copy; null where points multiplied by T are those of temperature T.</returns>
    public virtual Distribution? AtTemperature(double temperature) => null;

    /// <summary>The log-density at points of the support; shapes have been checked.</summary>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">Contexts, whose leading dimensions are the first ones of the batch, or 1 in
    /// their place.</param>
    /// <returns>A fresh tensor <c>(batch...)</c>, in nats.</returns>
    protected internal abstract Tensor LogProbCore(Tensor x, Tensor? context);

    /// <summary>Draws points; shapes have been checked.</summary>
    /// <param name="batch">The batch dimensions.</param>
    /// <param name="context">As in <see cref="LogProbCore"/>.</param>
    /// <param name="generator">What they are drawn from; null for torch's global generator.</param>
    /// <returns>A fresh tensor <c>(batch..., event...)</c> of <see cref="Dtype"/> on <see cref="Device"/>.</returns>
    protected internal abstract Tensor SampleCore(long[] batch, Tensor? context, Generator? generator);

    /// <summary>Draws points and gives the log-density at each; overridden where that is cheaper at once.</summary>
    /// <inheritdoc cref="SampleCore"/>
    /// <returns>X <c>(batch..., event...)</c> and LogProb <c>(batch...)</c> in nats, both fresh.</returns>
    protected internal virtual (Tensor X, Tensor LogProb) SampleWithLogProbCore(
        long[] batch, Tensor? context, Generator? generator)
    {
        var x = Draw(batch, context, generator);
        return (x, LogProbCore(x, context));
    }

    /// <summary>
    /// One importance weight: <c>log w</c> with <c>E w = p(x | c)</c>, from noise that is drawn here. Overridden where
    /// <see cref="HasExactLogProb"/> is false.
    /// </summary>
    /// <inheritdoc cref="LogProbCore"/>
    /// <param name="x">Points, <c>(batch..., event...)</c>.</param>
    /// <param name="context">As in <see cref="LogProbCore"/>.</param>
    /// <param name="generator">What the noise is drawn from; null for torch's global generator.</param>
    protected internal virtual Tensor LowerBoundCore(Tensor x, Tensor? context, Generator? generator) =>
        LogProbCore(x, context);

    /// <summary>
    /// True where <see cref="LowerBound"/> adds noise to what it is given (<see cref="WithNoise"/>), as to whole
    /// numbers that are to be points of a continuous density. It is then a bound also where the density of points is
    /// exact.
    /// </summary>
    protected virtual bool AddsNoise => false;

    /// <summary>Points of the support from what <see cref="LowerBound"/> is given; overridden where
    /// <see cref="AddsNoise"/> is true.</summary>
    /// <param name="x">What is given, <c>(batch..., event...)</c> of any dtype; it stays the caller's.</param>
    /// <param name="generator">What the noise is drawn from; null for torch's global generator.</param>
    /// <returns>A fresh tensor of that shape, of <see cref="Dtype"/> on <see cref="Device"/>.</returns>
    protected virtual Tensor WithNoise(Tensor x, Generator? generator)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.alias();
    }

    /// <summary>Draws points that lie in the support.</summary>
    internal Tensor Draw(long[] batch, Tensor? context, Generator? generator)
    {
        MemoryLimit.CheckPoints([.. batch, .. EventShape.ToArray()]);
        using var x =
            Shaped(SampleCore(batch, context, generator), [.. batch, .. EventShape.ToArray()], nameof(SampleCore));
        return Support.Nearest(x);
    }

    /// <summary>Draws points that lie in the support, and gives the log-density at each.</summary>
    internal (Tensor X, Tensor LogProb) DrawWithLogProb(long[] batch, Tensor? context, Generator? generator)
    {
        MemoryLimit.CheckPoints([.. batch, .. EventShape.ToArray()]);
        var (x, logProb) = SampleWithLogProbCore(batch, context, generator);
        using (Shaped(x, [.. batch, .. EventShape.ToArray()], nameof(SampleWithLogProbCore)))
        {
            Shaped(logProb, batch, nameof(SampleWithLogProbCore));
            return (Support.Nearest(x), logProb);
        }
    }

    /// <summary>A result, if it has the shape that it must have: torch would broadcast another one.</summary>
    /// <exception cref="InvalidOperationException">It has not.</exception>
    internal Tensor Shaped(Tensor result, ReadOnlySpan<long> shape, string call)
    {
        if (result.shape.AsSpan().SequenceEqual(shape))
        {
            return result;
        }

        using (result)
        {
            throw new InvalidOperationException(
                $"{this}: expected {call} to give ({string.Join(", ", shape.ToArray())}), "
                + $"got ({string.Join(", ", result.shape)}); a log-density is summed over the event, "
                + "and samples hold whole events.");
        }
    }

    /// <summary>One importance weight, -inf outside the support.</summary>
    private Tensor Bound(Tensor x, Tensor? context, Generator? generator)
    {
        using var points = WithNoise(x, generator);
        Check(points, EventShape);
        return OnSupport(points, context, (inside, given) => LowerBoundCore(inside, given, generator));
    }
}
