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
        var flow = Flow.On(Shape.Vector(1)).Dequantize(levels).Logit().Into(Distribution.StandardNormal);
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

    [Fact]
    public void Noise_reaches_up_to_the_next_level_wherever_there_are_numbers()
    {
        using var generator = new Generator(1);
        using var flow = Flow.On(Shape.Vector(1)).Dequantize(65536).Into(Distribution.StandardNormal);
        var low = flow.Dequantize(zeros(100_000, 1), generator);
        Assert.InRange(low.max().item<float>(), 0.9999, 1);
        Assert.InRange(low.mean().item<float>(), 0.495, 0.505);

        // Between the two highest there are 127 numbers, up to 1/128 below the end.
        var high = flow.Dequantize(full([100_000, 1], 65535), generator);
        Assert.Equal(65536 - (1.0 / 256), high.max().item<float>());
    }

    [Theory]
    [InlineData(ScalarType.Float16, 1024)]
    [InlineData(ScalarType.BFloat16, 128)]
    [InlineData(ScalarType.Float32, 8388608)]
    public void Levels_without_numbers_between_them_are_refused(ScalarType dtype, int largest)
    {
        using var generator = new Generator(1);
        var flow = Flow.On(Shape.Vector(1)).Dequantize(largest + 1).Logit().Into(Distribution.StandardNormal);
        flow.to(dtype);
        var error = Assert.Throws<ArgumentException>(() => flow.Dequantize(zeros(1, 1), generator));
        Assert.StartsWith($"Flow: expected at most {largest} levels in {dtype}, got {largest + 1}; ", error.Message,
            StringComparison.Ordinal);
    }
}
