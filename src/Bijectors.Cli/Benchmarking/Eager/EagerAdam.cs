namespace Bijectors.Cli;

/// <summary>
/// Adam in operations of torch on one flat buffer:
/// <c>m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, p = p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + e)</c>,
/// with b1 = 0.9, b2 = 0.999, e = 1e-8.
/// </summary>
/// <remarks>
/// The operations are those of PyTorch's own Adam where it is not fused. Its buffers live in the dispose scope in which
/// it is made. Source: Kingma, Ba 2015, arXiv 1412.6980.
/// </remarks>
internal sealed class EagerAdam(EagerState state)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly Tensor _mean = zeros_like(state.Values);
    private readonly Tensor _square = zeros_like(state.Values);
    private long _steps;

    /// <summary>Sets every gradient to zero, in place; backward then adds to them.</summary>
    public void ZeroGradients() => state.Gradients.zero_();

    /// <summary>One update from the current gradients.</summary>
    /// <param name="learningRate">lr</param>
    public void Step(double learningRate)
    {
        using var ungraded = no_grad();
        using var scope = NewDisposeScope();
        _steps++;
        _mean.lerp_(state.Gradients, 1 - Beta1);
        _square.mul_(Beta2).addcmul_(state.Gradients, state.Gradients, value: 1 - Beta2);
        var deviation = _square.sqrt().div_(Math.Sqrt(1 - Math.Pow(Beta2, _steps))).add_(Epsilon);
        state.Values.addcdiv_(_mean, deviation, value: -learningRate / (1 - Math.Pow(Beta1, _steps)));
    }
}
