using Bijectors.Tests.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Numerical;

public sealed class DeterminantTests : NumericalTest
{
    [Theory]
    [InlineData(20)]
    [InlineData(192)]
    public void Those_of_a_batch_are_those_of_each_however_many_threads_there_are(int size)
    {
        var matrices = Random(2, 3, size, size) + (3 * eye(size, dtype: ScalarType.Float64));
        var each = ThreadCounts.With(1, () => stack(
            [.. matrices.flatten(0, 1).unbind(0).Select(matrix => linalg.slogdet(matrix).Item2)]).reshape(2, 3));
        foreach (var threads in new[] { 1, 2, 3 })
        {
            AssertClose(each, ThreadCounts.With(threads, () => Determinants.LogAbs(matrices)), 1e-10);
        }
    }
}
