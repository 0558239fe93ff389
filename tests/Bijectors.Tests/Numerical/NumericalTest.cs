using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

/// <summary>A dispose scope and a generator for each test, and comparisons in float64.</summary>
public abstract class NumericalTest : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    protected Generator Generator { get; } = new(7);

    public void Dispose()
    {
        _scope.Dispose();
        Generator.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var worst = ((expected - actual).abs() / (1 + expected.abs())).max().item<double>();
        Assert.True(worst <= tolerance, $"Off by {worst:E2}, more than {tolerance:E0}.");
    }

    protected Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, generator: Generator);

    /// <summary>The gradients of a weighted sum of what a function gives.</summary>
    protected static Tensor[] GradientsOf(Func<Tensor> function, Tensor weights, params Tensor[] leaves)
    {
        foreach (var leaf in leaves)
        {
            leaf.grad = null;
        }

        (function() * weights).sum().backward();
        return [.. leaves.Select(leaf => leaf.grad!.clone())];
    }

    /// <summary>How many tensors are alive after an action more than before it, the second time it runs.</summary>
    protected static long Survivors(Action action)
    {
        action();

        // What earlier tests left to the collector would be counted off meanwhile.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        action();
        return Tensor.TotalCount - before;
    }
}
