using Bijectors.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The integral of a positive network: <c>y = t + integral from 0 to x of g(u, h) du</c>, with g a network of two
/// hidden layers and <c>softplus</c> at its end that all numbers share, and parameters <c>[h (E) | t]</c>.
/// </summary>
/// <remarks>
/// The integral is a Gauss-Legendre sum over the nodes of [0, x], and that sum is the map: its slope is computed by
/// autograd, exactly, and differs from g by the error of the rule, which falls exponentially with the number of nodes
/// where g is as smooth as here (hidden layers are tanh). Were the nodes too few for a very steep g, the sum might
/// decrease somewhere; its log-slope is NaN there. The inverse is found between brackets. Source: Wehenkel, Louppe
/// 2019, Unconstrained monotonic neural networks, arXiv 1908.05164.
/// </remarks>
[GeneratedBijector]
public sealed partial class MonotoneIntegral : Transformer
{
    private readonly Dense first;
    private readonly Dense second;
    private readonly Dense last;
    private readonly int _embedding;
    private readonly int _hidden;
    private readonly int _nodes;

    /// <summary>Integrals.</summary>
    /// <param name="embedding">The number E of features of h.</param>
    /// <param name="hidden">The width of the hidden layers of g.</param>
    /// <param name="generator">What the weights of g are drawn from.</param>
    /// <param name="nodes">The number of nodes of the integral.</param>
    /// <exception cref="ArgumentException">A size is not positive, or there are more than 200 nodes.</exception>
    public MonotoneIntegral(int embedding, int hidden, Generator generator, int nodes = 32)
    {
        Numbers.CheckCount(nameof(MonotoneIntegral), "an embedding size", embedding, least: 1);
        Numbers.CheckCount(nameof(MonotoneIntegral), "a hidden width", hidden, least: 1);
        Numbers.CheckCount(nameof(MonotoneIntegral), "a number of nodes", nodes, least: 1);
        if (nodes > 200)
        {
            throw new ArgumentException(
                $"MonotoneIntegral: expected at most 200 nodes, got {nodes}.", nameof(nodes));
        }

        (_embedding, _hidden, _nodes) = (embedding, hidden, nodes);
        first = new(1 + embedding, hidden, generator);
        second = new(hidden, hidden, generator);
        last = new(hidden, 1, generator);
        RegisterComponents();
    }

    private MonotoneIntegral(MonotoneIntegral source)
    {
        (_embedding, _hidden, _nodes) = (source._embedding, source._hidden, source._nodes);
        (first, second, last) = (source.first.Frozen(), source.second.Frozen(), source.last.Frozen());
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Groups => [_embedding, 1];

    /// <inheritdoc/>
    public override bool IsIterative => true;

    /// <summary>The type and the number of nodes.</summary>
    public override string ToString() => $"MonotoneIntegral({_nodes})";

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) => new MonotoneIntegral(this);

    [Forward]
    private Tensor Map(Tensor x, Tensor? context)
    {
        var parameters = Parameters(context, x.dim());
        return Integral(x, parameters[0]) + parameters[1].squeeze(-1);
    }

    [Primitive(nameof(IntegralInverse), nameof(IntegralLogSlope))]
    private Tensor Integral(Tensor x, Tensor h)
    {
        using var scope = NewDisposeScope();
        var (nodes, weights) = Quadrature.GaussLegendre(_nodes);
        var places = tensor([.. nodes.Select(node => (1 + node) / 2)], x.dtype, x.device);
        var shares = tensor([.. weights.Select(weight => weight / 2)], x.dtype, x.device);
        var u = (x.unsqueeze(-1) * places).unsqueeze(-1);
        var read = cat([u, h.unsqueeze(-2).expand([.. u.shape[..^1], _embedding])], -1);
        // For zero weights the map is the identity.
        var g = Elementwise.Softplus(last.Apply(second.Apply(first.Apply(read).tanh()).tanh()) + RawOne).squeeze(-1);
        return (x * (g * shares).sum(-1)).MoveToOuterDisposeScope();
    }

    private Tensor IntegralInverse(Tensor y, Tensor h) => MonotoneInverse.Of(y, x => Integral(x, h));

    private Tensor IntegralLogSlope(Tensor x, Tensor h) => MonotoneSolve.LogSlope(u => Integral(u, h), x);
}
