using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A stretch around a point: <c>y = x + beta (x - c)/(alpha + r)</c> with <c>r = |x - c|</c>, <c>alpha &gt; 0</c> and
/// <c>beta &gt; -alpha</c>; <c>log|dy/dx| = (D - 1) log(1 + beta/(alpha + r)) + log(1 + alpha beta/(alpha + r)^2)</c>.
/// </summary>
/// <remarks>
/// <c>alpha = exp(raw)</c> and <c>beta = softplus(raw) - alpha</c>. Starts as the identity around a point that is
/// drawn. The inverse is closed, the root of a quadratic equation. With a network, the context moves all of
/// <c>[c | alpha | beta]</c>. Source: Rezende, Mohamed 2015, Variational inference with normalizing flows, arXiv
/// 1505.05770, eq. 14 and appendix A.2.
/// </remarks>
[GeneratedBijector]
public sealed partial class Radial : Bijector
{
    // Its softplus is 1.
    private const double RawOne = 0.54132485461291810;

    private readonly Tensor theta;
    private readonly Conditioner? net;

    /// <summary>A radial map.</summary>
    /// <param name="size">The number D of entries.</param>
    /// <param name="generator">What c is drawn from.</param>
    /// <param name="net">Reads the context, as a <see cref="ResidualMlp"/> without inputs, and gives D + 2 numbers that
    /// are added to c and to the raw alpha and beta; null for none.</param>
    /// <exception cref="ArgumentException">The size is not positive, or the network takes no context.</exception>
    /// <exception cref="ShapeException">The network gives another number of parameters.</exception>
    public Radial(long size, Generator generator, Conditioner? net = null)
    {
        Numbers.CheckCount(nameof(Radial), "a size", size, least: 1);
        ContextParameters.Check(nameof(Radial), net, size + 2);
        (Size, this.net) = (size, net);
        MemoryLimit.Take(size + 2);
        using var scope = NewDisposeScope();
        theta = Initial.Parameter(
            cat([randn(size, ScalarType.Float32, generator: generator), zeros(2, ScalarType.Float32)]));
        RegisterComponents();
    }

    private Radial(Radial source)
    {
        (Size, net, theta) = (source.Size, source.net?.Frozen(), Initial.Snapshot(source.theta));
        RegisterComponents();
    }

    /// <summary>The number D of entries.</summary>
    public long Size { get; }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <inheritdoc/>
    public override bool ReadsContext => net is not null;

    /// <summary>The largest entry of c: differences from it round as that does.</summary>
    public override double IntermediateSize
    {
        get
        {
            using var scope = NewDisposeScope();
            return theta.detach().narrow(0, 0, Size).abs().max().to(ScalarType.Float64).item<double>();
        }
    }

    /// <summary>The type and the number of entries.</summary>
    public override string ToString() => $"Radial({Size})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => ContextParameters.CheckSize(this, input, Size);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => new Radial(this);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (c, a, k) = Parameters(x.shape, context);
        var alpha = exp(a);
        var beta = nn.functional.softplus(k + RawOne) - alpha;
        return x + (beta * (x - c) / (alpha + torch.norm(x - c, -1, true)));
    }

    private (Tensor Center, Tensor Alpha, Tensor Beta) Parameters(long[] points, Tensor? context)
    {
        using var parameters = ContextParameters.Of(theta, net, points, EventRank, context);
        var parts = parameters.split([Size, 1, 1], -1);
        return (parts[0], parts[1], parts[2]);
    }
}
