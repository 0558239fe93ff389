using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Pitfalls;

/// <summary>
/// What users of other flow libraries have suffered from, a test for each: named after what must not happen here, with
/// the thread in which it was reported.
/// </summary>
public abstract class PitfallTest : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    protected Generator Generator { get; } = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        Generator.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float64, generator: Generator);

    /// <summary>A module in float64 with parameters moved by so much; a fresh layer is often the identity.</summary>
    protected T Moved<T>(T module, double by = 0.5)
        where T : nn.Module
    {
        module.to(ScalarType.Float64);
        using var gradients = no_grad();
        foreach (var parameter in module.parameters())
        {
            using var noise = randn(parameter.shape, ScalarType.Float64, generator: Generator);
            parameter.add_(noise, by);
        }

        return module;
    }

    protected static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        var worst = ((expected - actual).abs() / (1 + expected.abs())).max().item<double>();
        Assert.True(worst <= tolerance, $"Off by {worst:E2}, more than {tolerance:E0}.");
    }

    protected static bool AllFinite(Tensor tensor) => tensor.isfinite().all().item<bool>();

    /// <summary>The log-determinant of the autograd Jacobian of the map of vectors.</summary>
    protected static Tensor LogDetByAutograd(Func<Tensor, Tensor> map, Tensor x, int eventRank) =>
        Testing.Jacobians.LogAbsDet(Testing.Jacobians.Of(map, x, eventRank));
}
