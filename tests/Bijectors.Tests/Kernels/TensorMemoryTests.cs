using Bijectors.Kernels;
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
            Random(2, 4, 10).narrow(1, 0, 3).narrow(2, 0, 4), Random(5, 10).slice(1, 0, 10, 2), Random(5, 7).t(),
            Random(1, 7).expand(5, 7), Random(3, 1, 7).expand(3, 4, 7), Random(4, 3, 7).transpose(0, 1),
        })
        {
            using var memory = new TensorMemory();
            var rows = memory.Rows<double>(tensor);
            Assert.Equal((tensor.shape[^1], tensor.shape[^1]), (rows.Stride, rows.Count));
            AssertNumbers(tensor, rows);
        }
    }

    [Fact]
    public void A_sign_that_torch_keeps_beside_the_numbers_is_read_too()
    {
        foreach (var shape in new long[][] { [5, 7], [5, 1], [1, 1], [2, 3, 4, 5] })
        {
            var (numbers, view) = WithNegativeBit(shape);
            Assert.True(view.is_neg());
            using var memory = new TensorMemory();
            AssertNumbers(numbers, memory.Rows<double>(view));
            AssertNumbers(numbers, new Rows<double>(memory.OfContiguous(view), shape[^1], (int)shape[^1]));
            using var plain = TensorMemory.Plain(view);
            AssertNumbers(numbers, new Rows<double>(TensorMemory.Address(plain), shape[^1], (int)shape[^1]));
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Layers_give_for_odd_views_what_they_give_for_the_same_numbers(string name)
    {
        var (shape, create) = s_layers[name];
        using var layer = create(new Generator(3));
        layer.to(ScalarType.Float64);
        using var ungraded = no_grad();
        foreach (var parameter in layer.parameters())
        {
            parameter.add_(0.3 * Random(parameter.shape));
        }

        foreach (var (numbers, view) in Views([24, .. shape]))
        {
            AssertSame(Results(layer, numbers), Results(layer, view), 1e-13);
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

    private static readonly Dictionary<string, (long[] Shape, Func<Generator, Bijector> Create)> s_layers = new()
    {
        ["affine coupling"] = ([2], g => new AffineCoupling(new ResidualMlp(1, 2, 8, 1, g))),
        ["spline coupling"] = (
            [2], g => new Coupling(new ResidualMlp(1, 23, 8, 1, g), Transformer.RationalQuadratic())),
        ["autoregressive layer"] = ([6], g => new MaskedAutoregressive(new Made(6, 8, 1, g))),
        ["coupling of images"] = ([2, 3, 4], g => new GlowCoupling(new ConvNet(1, 2, 4, g))),
    };

    public static TheoryData<string> Layers => [.. s_layers.Keys];

    /// <summary>The same numbers, as they usually lie and otherwise.</summary>
    private IEnumerable<(Tensor Numbers, Tensor View)> Views(long[] shape)
    {
        yield return WithNegativeBit(shape);
        var wide = Random([shape[0], 2 * shape[1], .. shape[2..]]);
        yield return Pair(wide.slice(1, 1, 2 * shape[1], 2));
        yield return Pair(Random([.. shape[1..], shape[0]]).movedim([-1], [0]));
        // One item for all, and items that lie in one another.
        yield return Pair(Random([1, .. shape[1..]]).expand(shape));
        var size = shape[1..].Aggregate(1L, (product, length) => product * length);
        long[] strides = [1, .. Enumerable.Range(1, shape.Length - 1)
            .Select(i => shape[(i + 1)..].Aggregate(1L, (product, length) => product * length))];
        yield return Pair(Random(size + shape[0] + 5).as_strided(shape, strides, 5));

        static (Tensor Numbers, Tensor View) Pair(Tensor view) => (view.clone(), view);
    }

    private (Tensor Numbers, Tensor View) WithNegativeBit(long[] shape)
    {
        var numbers = Random(shape);
        return (numbers, complex(zeros_like(numbers), -numbers).conj().imag);
    }

    /// <summary>
    /// Both directions and the gradients of the point and of all parameters, to odd views of gradients too.
    /// </summary>
    private static List<Tensor> Results(Bijector layer, Tensor x)
    {
        using var graded = enable_grad();
        layer.zero_grad();
        var y = layer.Forward(x);
        var back = layer.Inverse(x);
        var (turned, logDet) = layer.ForwardWithLogDet(x);
        var leaf = x.detach().requires_grad_();
        var weights = complex(zeros_like(y), -y.detach().cos()).conj().imag;
        (layer.Forward(leaf) * weights).sum().backward();
        layer.Forward(leaf).backward([weights]);
        layer.Forward(leaf).sum().backward();
        return [y, back, turned, logDet, leaf.grad!.clone(),
            .. layer.parameters().Select(parameter => parameter.grad!.clone())];
    }

    private static void AssertSame(List<Tensor> expected, List<Tensor> got, double tolerance)
    {
        foreach (var (first, second) in expected.Zip(got))
        {
            Assert.True(first.allclose(second, tolerance, tolerance), $"{(first - second).abs().max().item<double>()}");
        }
    }

    private static void AssertInPlace(Tensor tensor, long first, long stride, int count)
    {
        using var memory = new TensorMemory();
        using var whole = tensor.as_strided([1], [1], 0);
        var rows = memory.Rows<double>(tensor);
        Assert.Equal(
            new Rows<double>(TensorMemory.Address(whole) + (nint)(first * sizeof(double)), stride, count), rows);
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
