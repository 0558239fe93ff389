using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// A Kolmogorov-Arnold network on features: each layer is <c>y_o = sum_i phi_oi(x_i)</c> with a function of its own on
/// each edge, <c>phi(x) = a silu(x) + sum_j c_j B_j(x)</c>, where the B-splines <c>B_1 .. B_(G+k)</c> of order k stand
/// on a fixed uniform grid of G intervals. The context, where there is one, is read beside the input.
/// </summary>
/// <remarks>
/// A layer has <c>G + k + 1</c> weights for each edge, and the B-splines take memory for <c>G + 2 k</c> numbers for
/// each input: keep layers narrow. Source: Liu et al. 2024, KAN: Kolmogorov-Arnold networks, arXiv 2404.19756, eq. 2.10
/// to 2.12; the grid does not move, as in most later code.
/// </remarks>
public sealed class KanNet : Conditioner
{
    private readonly ModuleList<Layer> layers;
    private readonly long _inputs;
    private readonly long _outputs;
    private readonly long _hidden;

    /// <summary>A Kolmogorov-Arnold network.</summary>
    /// <param name="inputs">Features of the input; 0 where it reads the context alone.</param>
    /// <param name="outputs">Features of the output: twice those of the part that is scaled and shifted.</param>
    /// <param name="hidden">Width of the hidden layers.</param>
    /// <param name="depth">Number of hidden layers.</param>
    /// <param name="generator">What the weights are drawn from.</param>
    /// <param name="contextSize">Size of the context, 0 for none.</param>
    /// <param name="options">The splines; as usual by default.</param>
    /// <exception cref="ArgumentException">A size is not positive, or there is nothing to read.</exception>
    public KanNet(
        long inputs, long outputs, long hidden, int depth, Generator generator, long contextSize = 0,
        KanNetOptions? options = null)
        : base(contextSize)
    {
        Options = options ?? new();
        Numbers.CheckCount(nameof(KanNet), "a number of inputs", inputs, least: contextSize > 0 ? 0 : 1);
        Numbers.CheckCount(nameof(KanNet), "a number of outputs", outputs, least: 1);
        Numbers.CheckCount(nameof(KanNet), "a hidden width", hidden, least: 1);
        Numbers.CheckCount(nameof(KanNet), "a depth", depth, least: 0);
        Numbers.CheckCount(nameof(KanNet), "a number of intervals", Options.Intervals, least: 1);
        Numbers.CheckCount(nameof(KanNet), "an order", Options.Order, least: 1);
        Numbers.CheckPositive(nameof(KanNet), Options.Bound);
        MemoryLimit.CheckWeights(depth - 1, hidden, hidden, Options.Intervals + Options.Order + 1L);
        Nesting.CheckLength(nameof(KanNet), depth);
        (_inputs, _outputs, _hidden) = (inputs, outputs, hidden);
        layers = new([.. Enumerable.Range(0, depth + 1).Select(i => new Layer(
            i == 0 ? inputs + contextSize : hidden, i == depth ? outputs : hidden, Options, generator,
            i == depth ? 1e-2 : 1))]);
        RegisterComponents();
    }

    private KanNet(KanNet source)
        : base(source.ContextSize)
    {
        Options = source.Options;
        (_inputs, _outputs, _hidden) = (source._inputs, source._outputs, source._hidden);
        layers = new([.. source.layers.Select(layer => new Layer(layer))]);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int EventRank => 1;

    /// <summary>The number of hidden layers.</summary>
    public int Depth => layers.Count - 1;

    /// <summary>The splines.</summary>
    public KanNetOptions Options { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => WithFeatures(input, _inputs, _outputs);

    /// <inheritdoc/>
    public override Tensor Evaluate(Tensor input, Tensor? context)
    {
        CheckEvent(input);
        var h = WithContext(input, context);
        foreach (var layer in layers)
        {
            using var previous = h;
            h = layer.Apply(previous);
        }

        return h;
    }

    /// <inheritdoc/>
    public override Conditioner Frozen() => new KanNet(this);

    private sealed class Layer : nn.Module
    {
        private readonly Tensor silu;
        private readonly Tensor spline;
        private readonly KanNetOptions _options;

        public Layer(long inputs, long outputs, KanNetOptions options, Generator generator, double gain)
            : base(nameof(Layer))
        {
            _options = options;
            var bound = gain / Math.Sqrt(inputs);
            silu = Initial.Uniform(bound, generator, outputs, inputs);
            spline = Initial.Uniform(0.1 * bound, generator, outputs, inputs * (options.Intervals + options.Order));
            RegisterComponents();
        }

        public Layer(Layer source)
            : base(nameof(Layer))
        {
            _options = source._options;
            (silu, spline) = (Initial.Snapshot(source.silu), Initial.Snapshot(source.spline));
            RegisterComponents();
        }

        public Tensor Apply(Tensor x)
        {
            using var scope = NewDisposeScope();
            var smooth = nn.functional.linear(nn.functional.silu(x), silu);
            return (smooth + nn.functional.linear(Splines(x).flatten(-2), spline)).MoveToOuterDisposeScope();
        }

        /// <summary><c>(..., inputs)</c> to <c>(..., inputs, G + k)</c>, by the recursion of Cox and de Boor.</summary>
        private Tensor Splines(Tensor x)
        {
            // In units of the grid, counted from its first knot: k intervals lie before -bound.
            var u = ((x + _options.Bound) * (_options.Intervals / (2 * _options.Bound)) + _options.Order).unsqueeze(-1);
            var knots = arange(_options.Intervals + (2 * _options.Order), dtype: x.dtype, device: x.device);
            var splines = (u.floor() == knots).to(x.dtype);
            for (var order = 1; order <= _options.Order; order++)
            {
                var count = splines.size(-1) - 1;
                var distance = u - knots.narrow(0, 0, count);
                splines = ((distance * splines.narrow(-1, 0, count))
                    + ((-distance + (order + 1)) * splines.narrow(-1, 1, count))) / order;
            }

            return splines;
        }
    }
}
