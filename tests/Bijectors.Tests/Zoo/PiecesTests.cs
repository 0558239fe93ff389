extern alias core;

using TorchSharp;
using static TorchSharp.torch;
using TensorBytes = core::Bijectors.Files.TensorBytes;

namespace Bijectors.Tests.Zoo;

/// <summary>Tensors larger than a span may be are written and read in slices; here the slices are small.</summary>
public sealed class PiecesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1, 12)]
    [InlineData(8, 12)]
    [InlineData(9, 12)]
    [InlineData(24, 4)]
    [InlineData(40, 3)]
    [InlineData(95, 2)]
    [InlineData(96, 1)]
    [InlineData(97, 1)]
    public void Slices_cover_a_tensor_once(long bytes, int count)
    {
        var tensor = arange(12).to(ScalarType.Float64).reshape(3, 4);
        var sizes = new List<int>();
        TensorBytes.Visit(tensor, slice => sizes.Add(slice.Length), bytes);
        Assert.Equal((count, 96), (sizes.Count, sizes.Sum()));
        Assert.All(sizes, size => Assert.True(size == 8 || size <= bytes));

        using var file = new MemoryStream();
        TensorBytes.Write(file, tensor, bytes);
        Assert.Equal(tensor.bytes.ToArray(), file.ToArray());
        file.Position = 0;
        var read = zeros_like(tensor);
        Assert.True(TensorBytes.TryFill(read, file, bytes));
        Assert.True(read.Equals(tensor));
    }

    [Fact]
    public void A_file_that_is_cut_fills_no_tensor() =>
        Assert.False(TensorBytes.TryFill(zeros(5, ScalarType.Float64), new MemoryStream(new byte[39]), 16));

    [Fact]
    public void Signs_that_torch_keeps_beside_the_numbers_are_written()
    {
        var numbers = arange(1, 6).to(ScalarType.Float32);
        using var file = new MemoryStream();
        TensorBytes.Write(file, complex(zeros_like(numbers), -numbers).conj().imag.contiguous());
        Assert.Equal(numbers.bytes.ToArray(), file.ToArray());
    }
}
