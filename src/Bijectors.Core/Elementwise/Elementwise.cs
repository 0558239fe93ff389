using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The stable forms behind the compiler's table of primitives: inverses and log-slopes that torch does not have, or has
/// in a form that overflows or loses digits. Each takes and gives tensors of one shape and disposes what it makes in
/// between.
/// </summary>
/// <remarks>A number minus a tensor is written <c>-t + k</c>: TorchSharp's operator leaves a tensor of the number
/// behind.</remarks>
public static class Elementwise
{
    // The constants of torch. Source: Klambauer et al. 2017, Self-normalizing neural networks, arXiv
    // 1706.02515, equation 14.
    private const double SeluAlpha = 1.6732632423543772848170429916717;
    private const double SeluScale = 1.0507009873554804934193349852946;

    private static readonly double s_log2 = Math.Log(2);

    /// <summary>
    /// <c>log(1 + exp(x))</c>, without torch's switch to the identity at 20, which costs float64 its last six digits.
    /// </summary>
    public static Tensor Softplus(Tensor x) => TorchPointwise.Softplus(x);

    /// <summary><c>x exp(s) + t</c>, by one kernel where that is faster.</summary>
    /// <param name="x">Points <c>(...)</c>.</param>
    /// <param name="logScale">s, broadcastable to x.</param>
    /// <param name="shift">t, broadcastable to x.</param>
    public static Tensor ScaleShift(Tensor x, Tensor logScale, Tensor shift)
    {
        if (FusedAffine.ScaleShift(x, logScale, shift, inverse: false) is { } fused)
        {
            return fused;
        }

        using var scale = logScale.exp();
        using var scaled = x * scale;
        return scaled + shift;
    }

    /// <summary>
    /// <c>(y - t) / exp(s)</c>, the inverse of <see cref="ScaleShift"/>, by one kernel where that is faster.
    /// </summary>
    /// <param name="y">Points <c>(...)</c>.</param>
    /// <param name="logScale">s, broadcastable to y.</param>
    /// <param name="shift">t, broadcastable to y.</param>
    public static Tensor ScaleShiftInverse(Tensor y, Tensor logScale, Tensor shift)
    {
        if (FusedAffine.ScaleShift(y, logScale, shift, inverse: true) is { } fused)
        {
            return fused;
        }

        using var moved = y - shift;
        using var scale = logScale.exp();
        return moved / scale;
    }

    /// <summary>The inverse of softplus, <c>y + log(1 - exp(-y))</c>, for y &gt; 0.</summary>
    public static Tensor SoftplusInverse(Tensor y)
    {
        using var minus = -y;
        using var gap = expm1(minus);
        using var positive = -gap;
        using var log = positive.log();
        return y + log;
    }

    /// <summary><c>log(x / (1 - x))</c> as <c>log(x) - log1p(-x)</c>, for 0 &lt; x &lt; 1.</summary>
    public static Tensor Logit(Tensor x)
    {
        using var minus = -x;
        using var right = log1p(minus);
        using var left = x.log();
        return left - right;
    }

    /// <summary>
    /// <c>log|d sigmoid(x)/dx| = logsigmoid(x) + logsigmoid(-x)</c>; finite where the sigmoid itself saturates.
    /// </summary>
    public static Tensor SigmoidLogSlope(Tensor x)
    {
        using var minus = -x;
        using var left = nn.functional.logsigmoid(x);
        using var right = nn.functional.logsigmoid(minus);
        return left + right;
    }

    /// <summary><c>log|d tanh(x)/dx| = 2 (log 2 - x - softplus(-2x))</c>; finite where tanh itself saturates.</summary>
    public static Tensor TanhLogSlope(Tensor x)
    {
        using var twice = -2 * x;
        using var soft = Softplus(twice);
        using var sum = x + soft;
        using var minus = -sum;
        using var gap = minus + s_log2;
        return 2 * gap;
    }

    /// <summary>
    /// <c>log(cosh(x)) = |x| + log1p(exp(-2|x|)) - log 2</c>, the log-slope of sinh at x, and minus that of asinh at y;
    /// squares neither.
    /// </summary>
    public static Tensor LogCosh(Tensor x)
    {
        // |x|, but with a slope of -1 at 0: the sign of 0 is 0, and would take the second derivative there with it.
        using var magnitude = nn.functional.leaky_relu(x, -1);
        using var twice = -2 * magnitude;
        using var soft = Softplus(twice);
        using var sum = magnitude + soft;
        return sum - s_log2;
    }

    /// <summary><c>log|d(1/x)/dx| = -2 log(x)</c>, for x &gt; 0.</summary>
    public static Tensor ReciprocalLogSlope(Tensor x)
    {
        using var log = x.log();
        return -2 * log;
    }

    /// <summary><c>log|d sqrt(x)/dx| = -log(2) - log(y)</c> at <c>y = sqrt(x)</c>.</summary>
    public static Tensor SqrtLogSlope(Tensor y)
    {
        using var log = y.log();
        using var minus = -log;
        return minus - s_log2;
    }

    /// <summary><c>log|d x^2/dx| = log(2) + log(x)</c>, for x &gt; 0.</summary>
    public static Tensor SquareLogSlope(Tensor x)
    {
        using var log = x.log();
        return s_log2 + log;
    }

    /// <summary>The inverse of a power, <c>y^(1/k)</c>, for y &gt; 0.</summary>
    public static Tensor Root(Tensor y, double k) => y.pow(1 / k);

    /// <inheritdoc cref="Root(Tensor, double)"/>
    public static Tensor Root(Tensor y, Tensor k)
    {
        using var power = k.reciprocal();
        return y.pow(power);
    }

    /// <summary><c>log|d x^k/dx| = log|k| + (k - 1) log(x)</c>, for x &gt; 0.</summary>
    public static Tensor PowLogSlope(Tensor x, double k)
    {
        using var log = x.log();
        using var scaled = (k - 1) * log;
        return scaled + Math.Log(Math.Abs(k));
    }

    /// <inheritdoc cref="PowLogSlope(Tensor, double)"/>
    public static Tensor PowLogSlope(Tensor x, Tensor k)
    {
        using var log = x.log();
        using var power = k - 1;
        using var scaled = power * log;
        using var magnitude = k.abs();
        using var logK = magnitude.log();
        return scaled + logK;
    }

    /// <summary>
    /// <c>log|dy/dx|</c> of a leaky ReLU: 0 for x &gt; 0, else <c>log(k)</c>, for a slope k &gt; 0. At 0 it is that of
    /// the gradient of torch.
    /// </summary>
    public static Tensor LeakyReluLogSlope(Tensor x, double k)
    {
        using var flat = x <= 0;
        using var mask = flat.to(x.dtype);
        return mask * Math.Log(k);
    }

    /// <summary>The inverse of ELU: y for y &gt; 0, else <c>log1p(y)</c>.</summary>
    public static Tensor EluInverse(Tensor y)
    {
        // Clipped before the logarithm, so that the branch not taken has a finite gradient.
        using var clipped = y.clamp(max: 0);
        using var log = log1p(clipped);
        using var positive = y > 0;
        return where(positive, y, log);
    }

    /// <summary><c>log|dy/dx|</c> of ELU, <c>min(x, 0)</c>.</summary>
    public static Tensor EluLogSlope(Tensor x) => x.clamp(max: 0);

    /// <summary><c>x / (1 + |x|)</c>.</summary>
    public static Tensor Softsign(Tensor x)
    {
        using var magnitude = x.abs();
        using var denominator = 1 + magnitude;
        return x / denominator;
    }

    /// <summary>The inverse of softsign, <c>y / (1 - |y|)</c>, for -1 &lt; y &lt; 1.</summary>
    public static Tensor SoftsignInverse(Tensor y)
    {
        using var magnitude = y.abs();
        using var minus = -magnitude;
        using var denominator = minus + 1;
        return y / denominator;
    }

    /// <summary><c>log|dy/dx|</c> of softsign, <c>-2 log1p(|x|)</c>.</summary>
    public static Tensor SoftsignLogSlope(Tensor x)
    {
        using var magnitude = x.abs();
        using var log = log1p(magnitude);
        return -2 * log;
    }

    /// <summary><c>log|d erf(x)/dx| = log(2/sqrt(pi)) - x^2</c>.</summary>
    public static Tensor ErfLogSlope(Tensor x)
    {
        using var square = x.square();
        using var minus = -square;
        return minus + Math.Log(2 / Math.Sqrt(Math.PI));
    }

    /// <summary><c>log(sinh(x)) = x + log(1 - exp(-2x)) - log(2)</c>, for x &gt; 0.</summary>
    public static Tensor LogSinh(Tensor x)
    {
        using var twice = -2 * x;
        using var gap = expm1(twice);
        using var positive = -gap;
        using var log = positive.log();
        using var sum = x + log;
        return sum - s_log2;
    }

    /// <summary><c>log|d atan(x)/dx| = -2 log(sqrt(1 + x^2))</c>; does not square x.</summary>
    public static Tensor AtanLogSlope(Tensor x)
    {
        using var one = ones([], dtype: x.dtype, device: x.device);
        using var length = hypot(x, one);
        using var log = length.log();
        return -2 * log;
    }

    /// <summary>
    /// <c>log|d asin(x)/dx| = -log(cos(y))</c> at <c>y = asin(x)</c>, where x is rounded to 1 long before y is to pi/2.
    /// </summary>
    public static Tensor AsinLogSlope(Tensor y)
    {
        using var cosine = y.cos();
        using var log = cosine.log();
        return -log;
    }

    /// <summary><c>log|d x^(-1/2)/dx| = -log(2) - 3/2 log(x)</c>, for x &gt; 0.</summary>
    public static Tensor RsqrtLogSlope(Tensor x)
    {
        using var log = x.log();
        using var scaled = -1.5 * log;
        return scaled - s_log2;
    }

    /// <summary>The inverse of the logarithm of the sigmoid, <c>-log(exp(-y) - 1)</c>, for y &lt; 0.</summary>
    public static Tensor LogSigmoidInverse(Tensor y)
    {
        using var minus = -y;
        using var x = SoftplusInverse(minus);
        return -x;
    }

    /// <summary>A power of a number, <c>k^x</c>, for k &gt; 0.</summary>
    public static Tensor Power(double k, Tensor x)
    {
        using var scale = tensor(k, x.dtype, x.device);
        return pow(scale, x);
    }

    /// <summary>The logarithm to a base, <c>log(y)/log(k)</c>, for k &gt; 0 other than 1.</summary>
    public static Tensor Logarithm(Tensor y, double k)
    {
        using var log = y.log();
        return log / Math.Log(k);
    }

    /// <summary><c>log|d k^x/dx| = x log(k) + log|log(k)|</c>, for k &gt; 0 other than 1.</summary>
    public static Tensor ExponentialLogSlope(Tensor x, double k)
    {
        using var scaled = x * Math.Log(k);
        return scaled + Math.Log(Math.Abs(Math.Log(k)));
    }

    /// <summary>The inverse of SELU.</summary>
    public static Tensor SeluInverse(Tensor y)
    {
        // Clipped before the logarithm, so that the branch not taken has a finite gradient.
        using var clipped = y.clamp(max: 0);
        using var scaled = clipped / (SeluScale * SeluAlpha);
        using var log = log1p(scaled);
        using var line = y / SeluScale;
        using var positive = y > 0;
        return where(positive, line, log);
    }

    /// <summary><c>log|dy/dx|</c> of SELU: log(scale) for x &gt; 0, else <c>log(scale alpha) + x</c>.</summary>
    public static Tensor SeluLogSlope(Tensor x)
    {
        using var negative = x <= 0;
        using var mask = negative.to(x.dtype);
        using var bend = mask * Math.Log(SeluAlpha);
        using var clipped = x.clamp(max: 0);
        using var sum = bend + clipped;
        return sum + Math.Log(SeluScale);
    }
}
