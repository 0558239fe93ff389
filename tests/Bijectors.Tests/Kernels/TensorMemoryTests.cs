using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>Tensors are read where they lie, and copied where their numbers do not lie in rows.</summary>
public sealed class TensorMemoryTests : NumericalTest
{
    [Fact]
    public void Rows_at_equal_distances_are_read_where_they_lie()
    {
        AssertInPlace(Random(5, 7), first: 0, stride: 7, count: 7);
        AssertInPlace(Random(5, 10).narrow(1, 3, 4), first: 3, stride: 10, count: 4);
        AssertInPlace(Random(5, 10).narrow(0, 2, 2), first: 20, stride: 10, count: 10);
        AssertInPlace(Random(2, 3, 10).narrow(2, 1, 4), first: 1, stride: 10, count: 4);
        AssertInPlace(Random(2, 3, 4, 10).narrow(3, 0, 4), first: 0, stride: 10, count: 4);

        // Dimensions of one entry lie anywhere.
        AssertInPlace(Random(5, 4, 10).narrow(1, 2, 1).narrow(2, 0, 4), first: 20, stride: 40, count: 4);
        AssertInPlace(Random(5, 10).narrow(1, 3, 1), first: 3, stride: 10, count: 1);
        AssertInPlace(Random(6), first: 0, stride: 0, count: 6);
    }

    [Fact]
    public void Other_numbers_are_copied()
    {
        foreach (var tensor in new[]
        {
            Random(2, 4, 10).narrow(1, 0, 3).narrow(2, 0, 4), Random(5, 10).slice(1, 0, 10, 2), Random(5, 7).t(), Random(1, 7).expand(5, 7), Random(3, 1, 7).expand(3, 4, 7),
            Random(4, 3, 7).transpose(0, 1),
        })
        {
            using var memory = new TensorMemory();
            var rows = memory.Rows<double>(tensor);
            Assert.Equal((tensor.shape[^1], tensor.shape[^1]), (rows.Stride, rows.Count));
            AssertNumbers(tensor, rows);
        }
    }

    [Fact]
    public void No_tensor_has_no_memory()
    {
        using var memory = new TensorMemory();
        Assert.Equal(default, memory.Rows<float>(null));
        Assert.Equal(0, memory.OfContiguous(null));
        Assert.Equal(4, memory.Rows<float>(zeros(0, 4).narrow(1, 0, 4)).Count);
        Assert.Equal(3, memory.Rows<float>(zeros(0, 4).narrow(1, 0, 3)).Count);
    }

    [Fact]
    public void Copies_live_as_long_as_the_memory()
    {
        var (rows, turned) = (Random(5, 7), Random(7, 5).t());
        Assert.Equal(0, Survivors(() =>
        {
            using var memory = new TensorMemory();
            Assert.Equal(TensorMemory.Address(rows), memory.OfContiguous(rows));
            Assert.NotEqual(TensorMemory.Address(rows), memory.OfContiguous(turned));
            memory.Rows<double>(turned);
        }));
    }

    private static void AssertInPlace(Tensor tensor, long first, long stride, int count)
    {
        using var memory = new TensorMemory();
        using var whole = tensor.as_strided([1], [1], 0);
        var rows = memory.Rows<double>(tensor);
        Assert.Equal(new Rows<double>(TensorMemory.Address(whole) + (nint)(first * sizeof(double)), stride, count), rows);
        AssertNumbers(tensor, rows);
    }

    private static unsafe void AssertNumbers(Tensor tensor, Rows<double> rows)
    {
        var expected = tensor.contiguous().data<double>().ToArray();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], ((double*)rows.At(i / rows.Count))[i % rows.Count]);
        }
    }
}
