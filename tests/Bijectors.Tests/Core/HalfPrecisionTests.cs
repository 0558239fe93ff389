using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Core;

/// <summary>Levels come back in every dtype that has numbers between them.</summary>
public sealed class HalfPrecisionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(ScalarType.Float16, 2)]
    [InlineData(ScalarType.Float16, 17)]
    [InlineData(ScalarType.Float16, 256)]
    [InlineData(ScalarType.Float16, 1000)]
    [InlineData(ScalarType.Float16, 1024)]
    [InlineData(ScalarType.BFloat16, 2)]
    [InlineData(ScalarType.BFloat16, 17)]
    [InlineData(ScalarType.BFloat16, 100)]
    [InlineData(ScalarType.BFloat16, 128)]
    [InlineData(ScalarType.Float32, 256)]
    [InlineData(ScalarType.Float32, 65536)]
    [InlineData(ScalarType.Float64, 65536)]
    public void Dequantized_levels_come_back_and_are_moved(ScalarType dtype, int levels)
    {
        using var generator = new Generator(1);
        var flow = Flow.On(Shape.Vector(1)).Dequantize(levels).Logit().Into(Base.StandardNormal);
        flow.to(dtype);
        var all = arange(levels).unsqueeze(-1);
        for (var round = 0; round < 4; round++)
        {
            var x = flow.Dequantize(all, generator);
            Assert.Equal(dtype, x.dtype);
            Assert.Equal(0, (flow.Quantize(x).to(ScalarType.Int64) != all).sum().item<long>());
            var moved = (x.to(ScalarType.Float64) != all).to(ScalarType.Float64).mean().item<double>();
            Assert.True(moved > 0.3, $"{moved:P0} of the levels were moved");
            Assert.True(flow.LogProb(x).isfinite().all().item<bool>());
        }
    }

    [Theory]
    [InlineData(ScalarType.Float16, 1024)]
    [InlineData(ScalarType.BFloat16, 128)]
    [InlineData(ScalarType.Float32, 8388608)]
    public void Levels_without_numbers_between_them_are_refused(ScalarType dtype, int largest)
    {
        using var generator = new Generator(1);
        var flow = Flow.On(Shape.Vector(1)).Dequantize(largest + 1).Logit().Into(Base.StandardNormal);
        flow.to(dtype);
        var error = Assert.Throws<ArgumentException>(() => flow.Dequantize(zeros(1, 1), generator));
        Assert.StartsWith($"Flow: expected at most {largest} levels in {dtype}, got {largest + 1}; ", error.Message, StringComparison.Ordinal);
    }
}
