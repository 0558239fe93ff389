using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Every feature is scaled and shifted by what the features before it say:
/// <c>y_i = x_i exp(s_i(x_&lt;i)) + t_i(x_&lt;i)</c>, <c>log|dy/dx| = sum over i of s_i</c>.
/// </summary>
/// <remarks>
/// In the letters of the paper, <c>u_i = (x_i - mu_i) exp(-alpha_i)</c> with <c>alpha = -s</c> and <c>mu = -t exp(-s)</c>.
/// Forward is one pass of the network, the inverse D passes. The inverse of this layer, <c>~f</c>, is the inverse
/// autoregressive flow. Source: Papamakarios et al. 2017, Masked autoregressive flow, arXiv 1705.07057.
/// </remarks>
public sealed class MaskedAutoregressive : Bijector
{
    // Written by hand until the compiler knows causal functions.
    private readonly Made net;
    private readonly ScaleMap _scale;

    /// <summary>A masked autoregressive layer.</summary>
    /// <param name="net">What gives log-scales and shifts.</param>
    /// <param name="scale">How raw numbers become scales; bounded by default.</param>
    public MaskedAutoregressive(Made net, ScaleMap? scale = null)
    {
        ArgumentNullException.ThrowIfNull(net);
        this.net = net;
        _scale = scale ?? ScaleMap.Bounded();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <summary>The type and the number of features.</summary>
    public override string ToString() => $"MaskedAutoregressive({net.Features})";

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input) => input == Shape.Vector(net.Features)
        ? input
        : throw new ShapeException(ToString(), $"expected last dimension {net.Features}", $"got {input[-1]}");

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        var (logScale, shift) = Parameters(x, context);
        using (logScale)
        using (shift)
        {
            return Scaled(x, logScale, shift);
        }
    }

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(Tensor x, Tensor? context, int eventRank)
    {
        var (logScale, shift) = Parameters(x, context);
        using (logScale)
        using (shift)
        {
            return (Scaled(x, logScale, shift), LogDets.Sum(logScale, x, eventRank));
        }
    }

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context)
    {
        var (x, logScale) = Solve(y, context);
        logScale.Dispose();
        return x;
    }

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(Tensor y, Tensor? context, int eventRank)
    {
        var (x, logScale) = Solve(y, context);
        using (logScale)
        {
            return (x, LogDets.Negate(LogDets.Sum(logScale, y, eventRank)));
        }
    }

    private static Tensor Scaled(Tensor x, Tensor logScale, Tensor shift)
    {
        using var scale = logScale.exp();
        using var scaled = x * scale;
        return scaled + shift;
    }

    private (Tensor LogScale, Tensor Shift) Parameters(Tensor x, Tensor? context)
    {
        var (raw, shift) = net.ScaleAndShift(x, context);
        using (raw)
        {
            return (_scale.LogScale(raw), shift);
        }
    }

    private (Tensor X, Tensor LogScale) Solve(Tensor y, Tensor? context)
    {
        // What is not solved yet is zero, never the garbage of an earlier pass, which could overflow and reach solved features as inf * 0.
        // Each pass makes a new point, so that autograd can follow; without gradients one is alive at a time.
        var x = zeros_like(y);
        var solved = x.narrow(-1, 0, 0);
        var logScales = x.narrow(-1, 0, 0);
        for (var i = 0L; i < net.Features; i++)
        {
            using var scope = NewDisposeScope();
            var (logScale, shift) = Parameters(x, context);
            var s = logScale.narrow(-1, i, 1);
            var next = (y.narrow(-1, i, 1) - shift.narrow(-1, i, 1)) * (-s).exp();
            var nextSolved = cat([solved, next], -1);
            var nextLogScales = cat([logScales, s], -1);
            using var pastX = x;
            using var pastSolved = solved;
            using var pastLogScales = logScales;
            x = nn.functional.pad(nextSolved, [0, net.Features - 1 - i]).MoveToOuterDisposeScope();
            solved = nextSolved.MoveToOuterDisposeScope();
            logScales = nextLogScales.MoveToOuterDisposeScope();
        }

        solved.Dispose();
        return (x, logScales);
    }
}
