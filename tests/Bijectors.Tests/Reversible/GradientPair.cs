using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reversible;

/// <summary>The gradients of one flow, once as autograd gives them and once in reversible mode.</summary>
internal static class GradientPair
{
    /// <summary>
    /// The largest difference of a gradient by parameters, points or context, relative to the largest entry
    /// of that gradient.
    /// </summary>
    public static double Difference(Flow flow, Tensor x, Tensor? context = null) =>
        Difference(flow, (a, b) => flow.LogProb(a, b), x, context);

    /// <inheritdoc cref="Difference(Flow, Tensor, Tensor?)"/>
    public static double Difference(Flow flow, Func<Tensor, Tensor?, Tensor> value, Tensor x, Tensor? context = null)
    {
        using var scope = NewDisposeScope();
        flow.Reversible(false);
        var (expected, plain) = Gradients(flow, value, x, context);
        flow.Reversible();
        var (got, reversible) = Gradients(flow, value, x, context);
        Assert.InRange(Difference(expected, got), 0, 1e-14);
        return plain.Zip(reversible, Difference).Max();
    }

    /// <summary>The value, and the gradients of a weighted sum of it by all that takes any.</summary>
    public static (Tensor Value, List<Tensor?> Gradients) Gradients(
        Flow flow, Func<Tensor, Tensor?, Tensor> value, Tensor x, Tensor? context = null)
    {
        flow.zero_grad();
        var (point, condition) =
            (x.detach().requires_grad_(x.requires_grad), context?.detach().requires_grad_(context.requires_grad));
        var result = value(point, condition);
        var weights = arange(1, result.numel() + 1, result.dtype).reshape(result.shape) / result.numel();
        (result * weights).sum().backward();
        var gradients = flow.parameters().Select(parameter => parameter.grad?.clone()).Append(point.grad)
            .Append(condition?.grad).ToList();
        return (result.detach(), gradients!);
    }

    private static double Difference(Tensor? expected, Tensor? got)
    {
        if (expected is null || got is null)
        {
            Assert.True((expected ?? got)?.abs().max().ToDouble() is null or 0, "one of two gradients is missing");
            return 0;
        }

        Assert.Equal(expected.shape, got.shape);
        return expected.numel() == 0 ? 0 : ((expected - got).abs().max() / (expected.abs().max() + 1e-300)).ToDouble();
    }

    /// <summary>Weights as after some training: at the start couplings are the identity.</summary>
    public static Flow Trained(Flow flow, double deviation = 0.05)
    {
        using var leaving = no_grad();
        using var generator = new Generator(5);
        flow.to(ScalarType.Float64);
        foreach (var parameter in flow.parameters())
        {
            using var noise = randn(parameter.shape, ScalarType.Float64, generator: generator);
            parameter.add_(noise, alpha: deviation);
        }

        return flow;
    }

    /// <summary>Couplings of the two halves of a vector, with activation norms between.</summary>
    public static Flow Couplings(int count, long size = 6, int hidden = 8, int? contextSize = null)
    {
        var flow = Flow.On(Shape.Vector(size), seed: 1);
        flow = contextSize is { } c ? flow.Conditional(c) : flow;
        return Trained(flow.Repeat(count, (layer, i) => layer
            .ActNorm()
            .AffineCoupling(hidden, blocks: 1, i % 2 == 0 ? Partition.Halves() : Partition.Halves().Swapped()))
            .Into(Distribution.StandardNormal));
    }

    /// <summary>Points that take gradients.</summary>
    public static Tensor Points(params long[] shape)
    {
        using var generator = new Generator(3);
        return randn(shape, ScalarType.Float64, generator: generator).requires_grad_();
    }
}
