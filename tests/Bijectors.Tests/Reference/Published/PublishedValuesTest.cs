using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Reference.Published;

/// <summary>Numbers that stand in the tests of other libraries.</summary>
public abstract class PublishedValuesTest : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    protected Generator Generator { get; } = new(1);

    public void Dispose()
    {
        _scope.Dispose();
        Generator.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One point, one value, one log-det; and the way back.</summary>
    private protected static void Holds(Bijector f, double x, double y, double logDet) =>
        ReferenceCase.Check(f, tensor(x), tensor(y), tensor(logDet), eventRank: 0);

    /// <summary>A vector, its image and the log-det; and the way back.</summary>
    private protected static void Holds(Bijector f, double[] x, double[] y, double logDet) =>
        ReferenceCase.Check(f, tensor(x), tensor(y), tensor(logDet), eventRank: 1);
}
