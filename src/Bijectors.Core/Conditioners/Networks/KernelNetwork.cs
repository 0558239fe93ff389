using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A sum of kernels around trained points, <c>f(x) = b + sum_j w_j k(r_j)</c> with
/// <c>r_j^2 = sum_i ((x_i - u_ji) / l_i)^2</c>: a function of the kernel's Hilbert space in place of a network. The
/// points u, the lengths l and the weights are trained. The context, where there is one, is read beside the input.
/// </summary>
/// <remarks>
/// It has <c>D + M (D + K) + K</c> parameters for D features read, M points and K outputs, and takes memory for
/// <c>M D</c> numbers of each item: for few features and few points. The points start as draws of a standard normal
/// distribution, so an ActNorm belongs before the coupling. Source: English, Kirchler, Lippert 2023, Kernelised
/// normalising flows, arXiv 2307.14839; the kernels after Rasmussen, Williams 2006, Gaussian processes for machine
/// learning, section 4.2.
/// </remarks>
public sealed class KernelNetwork : Conditioner
{
    private readonly Tensor points;
    private readonly Tensor logLengths;
    private readonly Dense weights;
    private readonly long _inputs;
    private readonly long _outputs;
    private readonly long _hidden;

    /// <summary>A sum of kernels.</summary>
    /// <param name="inputs">Features of the input; 0 where it reads the context alone.</param>
    /// <param name="outputs">The number K of features of the output.</param>
    /// <param name="hidden">The number M of points.</param>
    /// <param name="generator">What points and weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="options">The kernel; as usual by default.</param>
    /// <exception cref="ArgumentException">A size is not positive, or there is nothing to read.</exception>
    public KernelNetwork(
        long inputs, long outputs, long hidden, Generator generator, long contextSize = 0,
        KernelNetworkOptions? options = null)
        : base(contextSize)
    {
        Options = options ?? new();
        Numbers.CheckCount(nameof(KernelNetwork), "a number of inputs", inputs, least: contextSize > 0 ? 0 : 1);
        Numbers.CheckCount(nameof(KernelNetwork), "a number of outputs", outputs, least: 1);
        Numbers.CheckCount(nameof(KernelNetwork), "a number of points", hidden, least: 1);
        Numbers.CheckFinite(nameof(KernelNetwork), Options.OutputGain);
        (_inputs, _outputs, _hidden) = (inputs, outputs, hidden);
        var read = inputs + contextSize;
        MemoryLimit.Take(hidden, read);
        points = Initial.Parameter(randn([hidden, read], ScalarType.Float32, generator: generator));

        // The usual distance of two draws is the root of twice the number of features.
        logLengths = Initial.Constant(Math.Log(read) / 2, read);
        weights = new(hidden, outputs, generator, Options.OutputGain);
        RegisterComponents();
    }

    private KernelNetwork(KernelNetwork source)
        : base(source.ContextSize)
    {
        Options = source.Options;
        (_inputs, _outputs, _hidden) = (source._inputs, source._outputs, source._hidden);
        (points, logLengths) = (Initial.Snapshot(source.points), Initial.Snapshot(source.logLengths));
        weights = source.weights.Frozen();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <summary>The kernel.</summary>
    public KernelNetworkOptions Options { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _inputs, _outputs);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        using var scope = NewDisposeScope();
        var scale = (-logLengths).exp();
        var distances = (WithContext(input, context) * scale).unsqueeze(-2) - (points * scale);
        var squared = distances.square().sum(-1);
        return weights.Apply(Kernel(squared)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new KernelNetwork(this);

    /// <summary>k of the squared distance.</summary>
    private Tensor Kernel(Tensor squared)
    {
        if (Options.Kernel == KernelKind.SquaredExponential)
        {
            return (squared * -0.5).exp();
        }

        // The root has no derivative at 0, where the kernels have two; so near it they are constant to rounding.
        var r = (squared + 1e-10).sqrt();
        if (Options.Kernel == KernelKind.Matern32)
        {
            var t = r * Math.Sqrt(3);
            return (t + 1) * (-t).exp();
        }

        var u = r * Math.Sqrt(5);
        return (u + (u.square() / 3) + 1) * (-u).exp();
    }
}
