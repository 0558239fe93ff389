using Bijectors.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// Adam and AdamW over one flat buffer:
/// <c>m = b1 m + (1 - b1) g, v = b2 v + (1 - b2) g^2, p = p - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + e)</c>. The
/// same numbers as <c>torch.optim.Adam</c>, at a fraction of its cost: a step is one pass over memory on the CPU and
/// ten operations elsewhere, not ten for each parameter.
/// </summary>
/// <remarks>
/// While it lives, the module's parameters and gradients are views of its buffers. Clear gradients with
/// <see cref="ZeroGradients"/>, never with <c>module.zero_grad()</c>, and move the module (<c>.to</c>) before.
/// Disposing it gives the parameters memory of their own again.
/// </remarks>
public sealed class FlatAdam : ICheckpointed, IDisposable
{
    private readonly FlatParameters _parameters;
    private readonly bool _owned;
    private readonly OptimizerKind _kind;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly double _weightDecay;
    private readonly Tensor _mean;
    private readonly Tensor _square;
    private long _steps;

    /// <summary>An optimizer of every parameter of a module that requires a gradient.</summary>
    /// <param name="module">The module, already on its device and in its dtype.</param>
    /// <param name="kind">What weight decay does.</param>
    /// <param name="beta1">The decay of the mean of gradients, b1, in [0, 1).</param>
    /// <param name="beta2">The decay of the mean of squared gradients, b2, in [0, 1).</param>
    /// <param name="epsilon">What keeps the quotient finite, e.</param>
    /// <param name="weightDecay">The weight decay w; 0 for none.</param>
    /// <param name="groups">Parameters with a learning rate or a weight decay of their own; a parameter belongs to the
    /// first group that takes it.</param>
    /// <exception cref="ArgumentException">There is no parameter to train, dtypes or devices differ, a number is out of
    /// range, or a group takes no parameter.</exception>
    public FlatAdam(
        nn.Module module,
        OptimizerKind kind = OptimizerKind.Adam,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8,
        double weightDecay = 0,
        IReadOnlyList<ParameterGroup>? groups = null)
        : this(new FlatParameters(module, groups), kind, beta1, beta2, epsilon, weightDecay) => _owned = true;

    internal FlatAdam(
        FlatParameters parameters,
        OptimizerKind kind,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8,
        double weightDecay = 0)
    {
        if (!(beta1 is >= 0 and < 1) || !(beta2 is >= 0 and < 1) || !(epsilon >= 0) || !(weightDecay >= 0))
        {
            var got = FormattableString.Invariant($"{beta1}, {beta2}, {epsilon} and {weightDecay}");
            throw new ArgumentException(
                $"FlatAdam: expected betas in [0, 1) and epsilon and weight decay of at least 0, got {got}.");
        }

        (_parameters, _kind) = (parameters, kind);
        (_beta1, _beta2, _epsilon, _weightDecay) = (beta1, beta2, epsilon, weightDecay);
        _mean = zeros_like(parameters.Values).DetachFromDisposeScope();
        _square = zeros_like(parameters.Values).DetachFromDisposeScope();
    }

    /// <summary>The number of updates so far.</summary>
    public long Steps => _steps;

    internal FlatParameters Parameters => _parameters;

    /// <summary>Sets every gradient to zero, in place; backward then adds to them.</summary>
    public void ZeroGradients()
    {
        // In TorchSharp zero_, unlike the other in-place operations, gives a second handle of the tensor.
        var cleared = _parameters.Gradients.zero_();
        if (!ReferenceEquals(cleared, _parameters.Gradients))
        {
            cleared.Dispose();
        }
    }

    /// <summary>Shortens the gradient where it is longer than a limit.</summary>
    /// <param name="maxNorm">The largest Euclidean norm of the gradient of all parameters; null for no limit.</param>
    /// <returns>The norm that it had. Where that is NaN or infinite, the gradient is left as it is.</returns>
    public double ClipGradients(double? maxNorm)
    {
        var norm = _parameters.GradientNorm();
        if (double.IsFinite(norm) && norm > maxNorm)
        {
            _parameters.Gradients.mul_(maxNorm.Value / norm);
        }

        return norm;
    }

    /// <summary>Multiplies every gradient, as it takes to make a mean of gradients that were added up.</summary>
    /// <param name="factor">What times.</param>
    public void ScaleGradients(double factor) => _parameters.Gradients.mul_(factor);

    /// <summary>One update from the current gradients.</summary>
    /// <param name="learningRate">The step size lr of this update.</param>
    /// <exception cref="InvalidOperationException">A gradient is no view of the buffer any more.</exception>
    public void Step(double learningRate)
    {
        _parameters.CheckGradients();
        using var ungraded = no_grad();
        _steps++;
        foreach (var (start, length, group) in _parameters.Ranges)
        {
            using var values = _parameters.Values.narrow(0, start, length);
            using var gradients = _parameters.Gradients.narrow(0, start, length);
            using var mean = _mean.narrow(0, start, length);
            using var square = _square.narrow(0, start, length);
            var rate = learningRate * (group?.LearningRateFactor ?? 1);
            Update(values, gradients, mean, square, rate, group?.WeightDecay ?? _weightDecay);
        }

        _parameters.Changed();
    }

    /// <inheritdoc/>
    public void Save(CheckpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Put("mean", _mean);
        state.Put("square", _square);
        state.Put("steps", _steps);
    }

    /// <inheritdoc/>
    public void Load(CheckpointState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Restore("mean", _mean);
        state.Restore("square", _square);
        _steps = state.Whole("steps");

        // The values were loaded through the module's parameters.
        _parameters.Changed();
    }

    /// <summary>
    /// Frees the buffers and gives the parameters memory of their own again; their gradients are dropped.
    /// </summary>
    public void Dispose()
    {
        _mean.Dispose();
        _square.Dispose();
        if (_owned)
        {
            _parameters.Dispose();
        }
    }

    private void Update(
        Tensor values, Tensor gradients, Tensor mean, Tensor square, double learningRate, double weightDecay)
    {
        var (root, stepSize) = (Math.Sqrt(1 - Math.Pow(_beta2, _steps)), learningRate / (1 - Math.Pow(_beta1, _steps)));
        var shrink = _kind == OptimizerKind.AdamW ? 1 - (learningRate * weightDecay) : 1;
        var decay = _kind == OptimizerKind.Adam ? weightDecay : 0;
        if (AdamKernel.Serves(values))
        {
            var kernel = new AdamKernel
            {
                Beta1 = _beta1,
                Beta2 = _beta2,
                Epsilon = _epsilon,
                Root = root,
                StepSize = stepSize,
                Decay = decay,
                Shrink = shrink,
            };
            kernel.Run(values, gradients, mean, square);
            return;
        }

        if (shrink != 1)
        {
            values.mul_(shrink);
        }

        if (decay != 0)
        {
            gradients.add_(values, alpha: decay);
        }

        mean.mul_(_beta1).add_(gradients, alpha: 1 - _beta1);
        square.mul_(_beta2).addcmul_(gradients, gradients, value: 1 - _beta2);
        using var deviation = square.sqrt();
        deviation.div_(root).add_(_epsilon);
        values.addcdiv_(mean, deviation, value: -stepSize);
    }
}
