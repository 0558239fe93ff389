using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The standard normal quantile of a probability that is given by its logit, <c>y = Phi^-1(sigmoid(x))</c>, all reals
/// onto all reals: what turns standard logistic numbers into standard normal ones.
/// </summary>
/// <remarks>
/// Probabilities next to 0 and 1 round to these; their logits do not, so that neither tail saturates, in float32 or
/// float64. Near 0, <c>y = sqrt(2) erfinv(tanh(x/2))</c>. Further out the solution of
/// <c>log Phi(-|y|) = log sigmoid(-|x|)</c> by Halley's method. The log-slope is by Mills' ratio,
/// <c>log(Phi(-|y|)/phi(y)) + log sigmoid(|x|)</c>, in which no squares cancel.
/// </remarks>
public static class NormalQuantile
{
    // Where tails begin: erfinv(tanh(x/2)) loses digits as the tangens approaches 1.
    private const double Tail = 1.5;
    private const double TailOfNormal = 0.9;

    // From the first guess, off by a third at most, to 1e-16.
    private const int Steps = 3;

    // Where the continued fraction takes over, and its levels.
    private const double Far = 5;
    private const int Levels = 22;

    private static readonly double s_root2 = Math.Sqrt(2);
    private static readonly double s_log2 = Math.Log(2);
    private static readonly double s_rootHalfPi = Math.Sqrt(Math.PI / 2);
    private static readonly double s_logRootTau = Math.Log(2 * Math.PI) / 2;

    /// <summary><c>Phi^-1(sigmoid(x))</c>.</summary>
    /// <param name="x">Logits, any shape.</param>
    /// <returns>A fresh tensor of the shape of x.</returns>
    [Primitive(nameof(ToLogit), nameof(LogSlope), WithLogSlope = nameof(OfLogitWithLogSlope),
        InverseWithLogSlope = nameof(ToLogitWithLogSlope))]
    public static Tensor OfLogit(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();

        // Clipped before the branch, so that the branch not taken has a finite gradient.
        var near = s_root2 * (x.clamp(-Tail, Tail) / 2).tanh().erfinv();
        var size = OfTail(Elementwise.Softplus(x.abs().clamp(min: Tail)));
        var tail = where(x > 0, size, -size);
        return where(x.abs() < Tail, near, tail).MoveToOuterDisposeScope();
    }

    /// <summary><c>logit(Phi(y)) = log Phi(y) - log Phi(-y)</c>.</summary>
    /// <param name="y">Points, any shape.</param>
    /// <returns>A fresh tensor of the shape of y.</returns>
    [Primitive(nameof(OfLogit), nameof(ToLogitLogSlope))]
    public static Tensor ToLogit(Tensor y)
    {
        ArgumentNullException.ThrowIfNull(y);
        using var scope = NewDisposeScope();
        var near = 2 * (y.clamp(-TailOfNormal, TailOfNormal) / s_root2).erf().atanh();
        var (minus, _) = Tails(y.abs().clamp(min: TailOfNormal));
        var size = minus + log1p(-(-minus).exp());
        var tail = where(y > 0, size, -size);
        return where(y.abs() < TailOfNormal, near, tail).MoveToOuterDisposeScope();
    }

    /// <summary><c>log(dy/dx)</c> at x.</summary>
    /// <inheritdoc cref="OfLogit"/>
    public static Tensor LogSlope(Tensor x)
    {
        using var y = OfLogit(x);
        return LogSlope(x, y);
    }

    /// <summary>y for x, and <c>log(dy/dx)</c> there.</summary>
    /// <returns>Two fresh tensors of the shape of x.</returns>
    /// <inheritdoc cref="OfLogit"/>
    public static (Tensor Y, Tensor LogSlope) OfLogitWithLogSlope(Tensor x)
    {
        var y = OfLogit(x);
        return (y, LogSlope(x, y));
    }

    /// <summary><c>log(dx/dy)</c> at y.</summary>
    /// <inheritdoc cref="ToLogit"/>
    public static Tensor ToLogitLogSlope(Tensor y)
    {
        using var scope = NewDisposeScope();
        return (-LogSlope(ToLogit(y), y)).MoveToOuterDisposeScope();
    }

    /// <summary>x for y, and <c>log(dy/dx)</c> there.</summary>
    /// <returns>Two fresh tensors of the shape of y.</returns>
    /// <inheritdoc cref="ToLogit"/>
    public static (Tensor X, Tensor LogSlope) ToLogitWithLogSlope(Tensor y)
    {
        var x = ToLogit(y);
        return (x, LogSlope(x, y));
    }

    private static Tensor LogSlope(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var (_, mills) = Tails(Size(y));
        return (mills.log() + nn.functional.logsigmoid(Size(x))).MoveToOuterDisposeScope();
    }

    /// <summary>|x|, but with a slope of -1 at 0: both sizes bend there together, so that no slope is lost.</summary>
    private static Tensor Size(Tensor x) => nn.functional.leaky_relu(x, -1);

    /// <summary>The a &gt; 0 with <c>-log Phi(-a) = minusLog</c>.</summary>
    private static Tensor OfTail(Tensor minusLog)
    {
        var target = minusLog.detach();
        var twice = 2 * target;
        var a = (twice - (twice * (2 * Math.PI)).log()).sqrt();
        for (var step = 0; step < Steps; step++)
        {
            // Halley's: the slope is 1/mills, and itself has the slope (1/mills - a)/mills.
            var (value, mills) = Tails(a);
            var newton = (value - target) * mills;
            a = a - (newton / (-(newton * (mills.reciprocal() - a)) / 2 + 1));
        }

        // A step with a constant slope has the first derivatives of the solution, a second one the second ones.
        var (start, slope) = Tails(a);
        a = a - ((start - minusLog) * slope);
        return a - ((Tails(a).MinusLog - minusLog) * slope);
    }

    /// <summary>
    /// <c>-log Phi(-a)</c> and Mills' ratio <c>Phi(-a)/phi(a)</c> for a of 0 or more: by erfc, and from 5 on by
    /// Laplace's continued fraction <c>1/(a + 1/(a + 2/(a + 3/(a + ...))))</c>, whose 22 levels leave 4e-16 there.
    /// </summary>
    /// <remarks>Not by erfcx: what TorchSharp has under that name is erfc.</remarks>
    private static (Tensor MinusLog, Tensor Mills) Tails(Tensor a)
    {
        // exp(t^2) = exp(c^2) exp((t - c) (t + c)) with few digits in c, so that c^2 is exact: rounded, the square of
        // 3.5 would cost a dozen epsilons. As t itself is rounded, both factors take it so, and the product hardly
        // moves.
        var t = a.clamp(max: Far) / s_root2;
        var complement = t.erfc();
        var c = (16 * t.detach()).round() / 16;
        var millsNear = s_rootHalfPi * c.square().exp() * ((t - c) * (t + c)).exp() * complement;

        var far = a.clamp(min: Far);
        var rest = far;
        for (var level = Levels; level > 0; level--)
        {
            rest = far + (level / rest);
        }

        var minusLogFar = (far / 2 * far) + rest.log() + s_logRootTau;
        var isNear = a < Far;
        return (where(isNear, -complement.log() + s_log2, minusLogFar), where(isNear, millsNear, rest.reciprocal()));
    }
}
