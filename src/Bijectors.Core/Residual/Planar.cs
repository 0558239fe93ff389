using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A bend across one direction: <c>y = x + u tanh(w.x + b)</c> with <c>u.w &gt; -1</c>,
/// <c>log|dy/dx| = log(1 + u.w tanh'(w.x + b))</c>.
/// </summary>
/// <remarks>
/// Starts as the identity: w is drawn, and of the raw u, which <see cref="LowRank.Constrained"/> makes u of, what gives
/// u = 0. Both directions cost about the same: the inverse is one monotone equation for each vector, in
/// <c>w.x</c>, whatever D is. With a network, the context moves all of <c>[u | w | b]</c>. Source: Rezende, Mohamed
/// 2015, Variational inference with normalizing flows, arXiv 1505.05770, eq. 10 to 12 and appendix A.1.
/// </remarks>
[GeneratedBijector]
public sealed partial class Planar : Bijector
{
    private readonly Tensor theta;
    private readonly Conditioner? net;

    /// <summary>A planar map.</summary>
    /// <param name="size">The number D of entries.</param>
    /// <param name="generator">What w is drawn from.</param>
    /// <param name="net">Reads the context, as a <see cref="ResidualMlp"/> without inputs, and gives 2 D + 1 numbers
    /// that are added to <c>[u | w | b]</c>; null for none.</param>
    /// <exception cref="ArgumentException">The size is not positive, or the network takes no context.</exception>
    /// <exception cref="ShapeException">The network gives another number of parameters.</exception>
    public Planar(long size, Generator generator, Conditioner? net = null)
    {
        Numbers.CheckCount(nameof(Planar), "a size", size, least: 1);
        ContextParameters.Check(nameof(Planar), net, (2 * size) + 1);
        (Size, this.net) = (size, net);
        MemoryLimit.Take((2 * size) + 1);
        using var scope = NewDisposeScope();
        var w = randn(size, ScalarType.Float32, generator: generator) / Math.Sqrt(size);
        theta = Initial.Parameter(cat([w * (LowRank.Still / w.square().sum()), w, zeros(1, ScalarType.Float32)]));
        RegisterComponents();
    }

    private Planar(Planar source)
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

    /// <summary>The type and the number of entries.</summary>
    public override string ToString() => $"Planar({Size})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => ContextParameters.CheckSize(this, input, Size);

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => new Planar(this);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var (u, w, b) = Parameters(x.shape, context);
        return x + (LowRank.Constrained(u, w) * tanh((x * w).sum(-1, keepdim: true) + b));
    }

    private (Tensor U, Tensor W, Tensor B) Parameters(long[] points, Tensor? context)
    {
        using var parameters = ContextParameters.Of(theta, net, points, EventRank, context);
        var parts = parameters.split([Size, Size, 1], -1);
        return (parts[0], parts[1], parts[2]);
    }
}
