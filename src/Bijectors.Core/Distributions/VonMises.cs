using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Independent angles, each with a von Mises distribution on <see cref="Domain.Circle"/>:
/// <c>p(x) = exp(k cos(x - m)) / (2 pi I0(k))</c> with mean direction m and concentration <c>k &gt;= 0</c>; with
/// <c>k = 0</c> it is uniform. Both are trained, or a network gives them from the context.
/// </summary>
/// <remarks>
/// <para>What is trained is the vector <c>(k cos m, k sin m)</c>, in which the density is smooth at <c>k = 0</c> and
/// which knows no end of the circle. The density is computed as <c>-k |u(x) - u(m)|^2 / 2 - log(I0(k) exp(-k))
/// - log 2 pi</c>, u the point of the unit circle, which loses no digits for large k.</para>
/// <para>Samples are drawn by rejection, so no gradients pass through them. Source: Best, Fisher 1979, Efficient
/// simulation of the von Mises distribution, Applied Statistics 28, 152-157.</para>
/// </remarks>
public sealed class VonMises : Distribution
{
    // What is added below the root of k: gradients are then numbers where k is 0.
    private const double Tiny = 1e-24;

    // Of a smaller one no draw differs from that of a uniform angle.
    private const double LeastConcentration = 1e-8;

    private readonly Tensor? cosine;
    private readonly Tensor? sine;
    private readonly Tensor? zero;
    private readonly Conditioner? network;

    /// <summary>Angles whose mean directions and concentrations depend on the context.</summary>
    /// <param name="eventShape">The shape of one point, of D angles.</param>
    /// <param name="network">Reads contexts <c>(batch..., context...)</c> and gives vectors of 2 D features: first all
    /// <c>k cos m</c>, then all <c>k sin m</c>. It takes no further context.</param>
    /// <param name="contextShape">The shape of one context.</param>
    /// <exception cref="ArgumentException">The network takes a further context.</exception>
    /// <exception cref="ShapeException">The network reads another shape, or gives another one.</exception>
    public VonMises(Shape eventShape, Conditioner network, Shape contextShape)
        : this(eventShape, network, contextShape, Initial.Buffer(zeros([], ScalarType.Float32)))
    {
    }

    /// <summary>Angles whose mean directions and concentrations are the same at first; uniform by default.</summary>
    /// <param name="eventShape">The shape of one point.</param>
    /// <param name="mean">The mean direction m at first, in radians.</param>
    /// <param name="concentration">The concentration k at first, 0 or more.</param>
    /// <param name="isTrained">Whether they are trained.</param>
    /// <exception cref="ArgumentException">The mean direction or the concentration is not finite, or the concentration
    /// is negative.</exception>
    public VonMises(Shape eventShape, double mean = 0, double concentration = 0, bool isTrained = true)
        : base(eventShape)
    {
        Numbers.CheckFinite(nameof(VonMises), mean);
        Numbers.CheckFinite(nameof(VonMises), concentration);
        if (concentration < 0)
        {
            throw new ArgumentException(
                $"VonMises: expected a concentration of 0 or more, got {concentration}; turn the mean direction by pi.",
                nameof(concentration));
        }

        (Mean, Concentration, IsTrained) = (mean, concentration, isTrained);
        cosine = Start(concentration * Math.Cos(mean));
        sine = Start(concentration * Math.Sin(mean));
        RegisterComponents();

        Tensor Start(double value)
        {
            Tensor start = Initial.Constant(value, EventShape.ToArray());
            return isTrained ? start : Initial.Snapshot(start);
        }
    }

    private VonMises(Shape eventShape, Conditioner network, Shape contextShape, Tensor zero)
        : base(eventShape, contextShape)
    {
        ArgumentNullException.ThrowIfNull(network);
        ContextNetwork.Check(nameof(VonMises), network, contextShape, 2 * eventShape.Size);
        this.network = network;
        this.zero = zero;
        RegisterComponents();
    }

    private VonMises(VonMises source)
        : base(source.EventShape)
    {
        (Mean, Concentration) = (source.Mean, source.Concentration);
        cosine = Initial.Snapshot(source.cosine!);
        sine = Initial.Snapshot(source.sine!);
        RegisterComponents();
    }

    /// <summary>The mean direction at first, in radians; null where a network gives it.</summary>
    public double? Mean { get; }

    /// <summary>The concentration at first; null where a network gives it.</summary>
    public double? Concentration { get; }

    /// <summary>Whether mean directions and concentrations are parameters.</summary>
    public bool IsTrained { get; }

    /// <inheritdoc/>
    public override Domain Support => Domain.Circle;

    /// <inheritdoc/>
    public override ScalarType Dtype => (cosine ?? zero!).dtype;

    /// <inheritdoc/>
    public override Device Device => (cosine ?? zero!).device;

    /// <summary>False: samples are drawn by rejection.</summary>
    public override bool IsReparameterized => false;

    /// <inheritdoc/>
    public override Distribution Frozen() => network is null
        ? new VonMises(this)
        : new VonMises(EventShape, network.Frozen(), ContextShape!.Value, Initial.Snapshot(zero!));

    /// <inheritdoc/>
    protected internal override Tensor LogProbCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        var (a, b) = At(context, (int)x.dim());
        var k = Length(a, b);
        var away = ((x.cos() - (a / k)).square() + (x.sin() - (b / k)).square()) / 2;
        var each = -(k * away) - special.i0e(k).log() - Math.Log(2 * Math.PI);
        return LogDets.Sum(each, x, EventShape.Rank).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected internal override Tensor SampleCore(long[] batch, Tensor? context, Generator? generator)
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (a, b) = At(context, batch.Length + EventShape.Rank);
        (a, b) = (a.to(ScalarType.Float64), b.to(ScalarType.Float64));
        long[] shape = [.. batch, .. EventShape.ToArray()];
        var size = SizeOfAngles(Length(a, b).clamp_min(LeastConcentration), shape, generator);
        var isLeft = Draws.Uniform(shape, ScalarType.Float64, Device, generator) < 0.5;
        var angle = where(isLeft, -size, size) + atan2(b, a);
        return ((angle + Math.PI).remainder(2 * Math.PI) - Math.PI).to(Dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Absolute values of angles around 0, in float64.</summary>
    private Tensor SizeOfAngles(Tensor k, long[] shape, Generator? generator)
    {
        using var scope = NewDisposeScope();

        // With r of Best and Fisher: r - 1 = (1 - rho)^2 / (2 rho), which is exact for large k too.
        var tau = 1 + (1 + (4 * k.square())).sqrt();
        var rho = 2 * k / (tau + (2 * tau).sqrt());
        var beyond = (1 - rho).square() / (2 * rho);
        var result = full(shape, double.NaN, ScalarType.Float64, Device);
        var missing = ones(shape, ScalarType.Bool, Device);
        while (missing.any().item<bool>())
        {
            using var attempt = NewDisposeScope();
            var half = Draws.Uniform(shape, ScalarType.Float64, Device, generator) * (Math.PI / 2);
            var cut = Draws.Uniform(shape, ScalarType.Float64, Device, generator);

            // r + z, where z = cos(2 half) = 2 cos(half)^2 - 1; and c = k (r - (1 + r z) / (r + z)).
            var sum = beyond + (2 * half.cos().square());
            var c = k * beyond * (beyond + 2) / sum;
            var angle = 2 * (beyond * half.sin().square() / sum).clamp(0, 1).sqrt().asin();

            // A concentration that is NaN gives angles that are.
            var taken = (c * (2 - c) > cut) | ((c / cut).log() + 1 - c >= 0) | c.isnan();
            var (drawn, left) = (where(missing & taken, angle, result), missing & ~taken);
            result.Dispose();
            missing.Dispose();
            (result, missing) = attempt.MoveToOuter(drawn, left);
        }

        return result.MoveToOuterDisposeScope();
    }

    private static Tensor Length(Tensor a, Tensor b) => (a.square() + b.square() + Tiny).sqrt();

    /// <summary>The vectors <c>(k cos m, k sin m)</c> that go with points of so many dimensions.</summary>
    private (Tensor Cosine, Tensor Sine) At(Tensor? context, int dimensions)
    {
        if (network is null)
        {
            return (cosine!, sine!);
        }

        using var output = network.Evaluate(context!, null);
        var (first, second) = ParameterGroups.Halves(network, output, axis: -1);
        return (
            ContextNetwork.Lined(first, EventShape, dimensions), ContextNetwork.Lined(second, EventShape, dimensions));
    }
}
