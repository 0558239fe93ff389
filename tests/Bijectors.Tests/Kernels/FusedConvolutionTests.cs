using System.Buffers;
using Bijectors.Kernels;
using Bijectors.Tests.Numerical;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>The kernels of convolutions give what sums written out give.</summary>
public sealed class FusedConvolutionTests : NumericalTest
{
    private static readonly int[] s_sizes = [1, 3, 5, 7];

    /// <summary>Numbers of channels of the images; all numbers of channels of the result go with each.</summary>
    public static TheoryData<int> Channels => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Channels))]
    public void Values_and_gradients_are_sums_written_out(int inputs)
    {
        for (var outputs = 1; outputs <= 20; outputs++)
        {
            // Every height and width of 1 to 9, every batch of 1 to 17 and every filter come with every number of
            // channels, and in different company.
            var at = (20 * inputs) + outputs;
            var (height, width, batch, size) =
                (1 + (at % 9), 1 + (at / 9 % 9), 1 + (at % 17), s_sizes[(at + (at / 20)) % 4]);
            Check(Math.Min(batch, 1 + (600 / (height * width * size))), inputs, outputs, height, width, size);
        }
    }

    [Theory]
    [InlineData(17, 3, 5, 9, 9, 3)]
    [InlineData(2, 20, 20, 9, 9, 5)]
    [InlineData(1, 2, 33, 1, 40, 9)]
    [InlineData(3, 40, 3, 17, 2, 1)]
    public void Larger_ones_are_too(int batch, int inputs, int outputs, int height, int width, int size) =>
        Check(batch, inputs, outputs, height, width, size);

    [Fact]
    public void Layers_one_after_another_are_those_of_torch_with_relu_between()
    {
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float64, 1e-13), (ScalarType.Float32, 1e-5) })
        {
            var tensors = Layers(dtype, [5, 3, 6, 7], (3, 9), (1, 17), (5, 4), (3, 20));
            var weights = Random(5, 20, 6, 7).to(dtype);
            AssertNear(TorchConvolution.Map(tensors), ConvolutionCall.Map(tensors, keep: false).Result, tolerance);
            var expected = GradientsOf(() => TorchConvolution.Map(tensors), weights, tensors);
            foreach (var (a, b) in expected.Zip(
                GradientsOf(() => ConvolutionFunction.Apply(tensors), weights, tensors)))
            {
                AssertNear(a, b, 10 * tolerance);
            }
        }
    }

    [Fact]
    public void Images_and_filters_may_lie_anyhow()
    {
        var tensors = Layers(ScalarType.Float64, [3, 5, 4, 6], (3, 7), (1, 2));
        var weights = Random(3, 2, 4, 6);
        var expected = GradientsOf(() => ConvolutionFunction.Apply(tensors), weights, tensors);
        foreach (var lie in new Func<Tensor, Tensor>[] { Turned, Gapped })
        {
            Tensor[] own = [.. tensors.Select(t => t.dim() == 4 ? lie(t.detach()).requires_grad_() : t)];
            foreach (var (a, b) in expected.Zip(GradientsOf(() => ConvolutionFunction.Apply(own), lie(weights), own)))
            {
                AssertClose(a, b, 0);
            }
        }

        // The channels of a pixel side by side; and every second number of a larger tensor.
        static Tensor Turned(Tensor t) => t.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        static Tensor Gapped(Tensor t) => stack([t, zeros_like(t)], -1).select(-1, 0);
    }

    [Fact]
    public void Second_derivatives_are_those_of_torch()
    {
        var tensors = Layers(ScalarType.Float64, [2, 3, 4, 5], (3, 4), (1, 5), (3, 2));
        foreach (var (a, b) in Second(TorchConvolution.Map).Zip(Second(ConvolutionFunction.Apply)))
        {
            AssertClose(a, b, 1e-11);
        }

        Tensor[] Second(Func<Tensor[], Tensor> map)
        {
            var first = autograd.grad([map(tensors).sin().sum()], tensors, retain_graph: true, create_graph: true);
            return GradientsOf(
                () => first.Select(g => g.cos().sum()).Aggregate((a, b) => a + b), tensor(1.0), tensors[..^1]);
        }
    }

    [Fact]
    public void One_tensor_that_takes_a_gradient_gets_it_and_no_other()
    {
        var tensors = Layers(ScalarType.Float64, [3, 2, 4, 4], (3, 5), (1, 3));
        var weights = Random(3, 3, 4, 4);
        var expected = GradientsOf(() => ConvolutionFunction.Apply(tensors), weights, tensors);
        for (var i = 0; i < tensors.Length; i++)
        {
            Tensor[] own = [.. tensors.Select((t, j) => i == j ? t : t.detach())];
            AssertClose(expected[i], GradientsOf(() => ConvolutionFunction.Apply(own), weights, own[i])[0], 0);
            Assert.All(own.Where((_, j) => j != i), t => Assert.Null(t.grad));
        }
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var tensors = Layers(ScalarType.Float32, [21, 6, 9, 9], (3, 20), (1, 20), (3, 12));
        var weights = Random(21, 12, 9, 9).to(ScalarType.Float32);
        var before = get_num_threads();
        try
        {
            var results = new[] { 1, 2, 3 }.Select(threads =>
            {
                set_num_threads(threads);
                return GradientsOf(() => ConvolutionFunction.Apply(tensors), weights, tensors)
                    .Append(ConvolutionFunction.Apply(tensors).detach()).ToArray();
            }).ToList();
            Assert.All(results, own =>
                Assert.All(own.Zip(results[0]), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>())));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void NaN_does_not_hide_and_does_not_spread()
    {
        var tensors = Layers(ScalarType.Float32, [2, 2, 5, 5], (3, 4), (1, 3));
        using (no_grad())
        {
            tensors[0][1, 0, 0, 0] = float.NaN;
        }

        // The pixels that a filter at the corner reaches.
        var result = ConvolutionFunction.Apply(tensors);
        Assert.Equal(3 * 4, result.isnan().sum().item<long>());
        result.sum().backward();
        Assert.True(tensors[1].grad!.isnan().any().item<bool>());
        Assert.False(tensors[0].grad![0].isnan().any().item<bool>());
    }

    [Fact]
    public void Empty_batches_and_images_are_mapped()
    {
        foreach (var shape in new long[][] { [0, 2, 4, 4], [3, 2, 0, 4], [3, 2, 4, 0] })
        {
            var tensors = Layers(ScalarType.Float32, shape, (3, 4), (1, 3));
            var result = ConvolutionFunction.Apply(tensors);
            Assert.Equal([shape[0], 3, shape[2], shape[3]], result.shape);
            result.sum().backward();
            Assert.Equal(0, tensors[1].grad!.abs().sum().item<float>());
        }
    }

    [Fact]
    public void What_the_kernels_cannot_read_goes_through_torch()
    {
        var tensors = Layers(ScalarType.Float32, [2, 2, 4, 4], (3, 4), (1, 3));
        Assert.True(FusedConvolution.Takes(tensors));
        Assert.False(FusedConvolution.Takes([.. tensors.Select(t => t.to(ScalarType.BFloat16))]));
        for (var i = 0; i < tensors.Length; i++)
        {
            foreach (var other in new[] { tensors[i].to(ScalarType.Float64), tensors[i].to(META),
                tensors[i].to_sparse() })
            {
                Assert.False(FusedConvolution.Takes([.. tensors[..i], other, .. tensors[(i + 1)..]]));
            }
        }

        // In their frames, images take more than they are: 2 GiB and a little.
        Assert.False(FusedConvolution.Takes([zeros(1, 1, 1, 1).expand(1 << 17, 2, 30, 30), .. tensors[1..]]));
        var net = new ConvNet(2, 3, 4, Generator).to(ScalarType.BFloat16);
        Assert.Equal(ScalarType.BFloat16, ((ConvNet)net).Evaluate(zeros(1, 2, 4, 4, ScalarType.BFloat16), null).dtype);
    }

    [Fact]
    public void Filters_that_do_not_fit_are_refused()
    {
        var x = zeros(1, 2, 4, 4);
        Assert.Equal(
            "convolution 1: expected images (N, channels, height, width) and filters "
            + "(outputs, channels, size, size) of an odd size, "
            + "got images (1, 2, 4, 4), 4 channels here, and filters (3, 5, 1, 1).",
            Assert.Throws<ShapeException>(() => Convolution.Network(
                x, new Convolution(2, 4, 3, Generator), new Convolution(5, 3, 1, Generator))).Message);
        Assert.Throws<ShapeException>(() => Convolution.Network(x, new Convolution(3, 4, 3, Generator)));
        Assert.Throws<ShapeException>(() => Convolution.Network(x, new Convolution(2, 4, 2, Generator)));
        Assert.Throws<ShapeException>(() => Convolution.Network(zeros(2, 4, 4), new Convolution(2, 4, 3, Generator)));
    }

    [Fact]
    public void No_tensor_survives()
    {
        var tensors = Layers(ScalarType.Float32, [2, 3, 4, 4], (3, 4), (1, 3));
        Tensor[] turned = [.. tensors.Select(
            t => t.dim() == 4 ? t.detach().permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : t.detach())];
        Assert.Equal(0, Survivors(() => ConvolutionCall.Map(turned, keep: false).Result.Dispose()));
        Assert.Equal(0, Survivors(() =>
        {
            using var scope = NewDisposeScope();
            ConvolutionFunction.Apply(tensors).sum().backward();
            Backward.Release();
        }));
    }

    private static void AssertNear(Tensor expected, Tensor got, double tolerance) =>
        AssertClose(expected.to(ScalarType.Float64), got.to(ScalarType.Float64), tolerance);

    /// <summary>Leaves NaN in the memory that the kernels borrow, and in that which torch frees.</summary>
    private static void Poison<T>(T nan, ScalarType dtype)
        where T : struct
    {
        foreach (var size in new[] { 1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16 })
        {
            var borrowed = ArrayPool<T>.Shared.Rent(size);
            Array.Fill(borrowed, nan);
            ArrayPool<T>.Shared.Return(borrowed);
            full(size / 4, double.NaN, dtype).Dispose();
        }
    }

    private void Check(int batch, int inputs, int outputs, int height, int width, int size)
    {
        using var scope = NewDisposeScope();
        var expected = new WrittenOutConvolution(batch, inputs, outputs, height, width, size);
        Tensor[] exact = Layers(ScalarType.Float64, [batch, inputs, height, width], (size, outputs));
        var weights = Random(batch, outputs, height, width);

        // Numbers that both dtypes have; sums of so many of them, of about that size, are rounded.
        exact = [.. exact.Select(t => t.detach().to(ScalarType.Float32).to(ScalarType.Float64))];
        weights = weights.to(ScalarType.Float32).to(ScalarType.Float64);
        var (x, w, g) = (Numbers(exact[0]), Numbers(exact[1]), Numbers(weights));
        var y = expected.Map(x, w, Numbers(exact[2]));
        var (ofX, ofW, ofB) = expected.Gradients(x, w, g);
        foreach (var (dtype, rounding) in new[] { (ScalarType.Float64, Math.Pow(2, -53)),
            (ScalarType.Float32, Math.Pow(2, -24)) })
        {
            Tensor[] tensors = [.. exact.Select(t => t.to(dtype).clone().requires_grad_())];
            if (dtype == ScalarType.Float32)
            {
                Poison(float.NaN, dtype);
            }
            else
            {
                Poison(double.NaN, dtype);
            }

            var result = ConvolutionFunction.Apply(tensors);
            result.backward([weights.to(dtype)]);
            var what = $"{dtype}, batch {batch}, {inputs} to {outputs} channels, {height} x {width}, filters of {size}";
            Same(y, result, size * size * inputs, "values");
            Same(ofX, tensors[0].grad!, size * size * outputs, "gradients of images");
            Same(ofW, tensors[1].grad!, batch * height * width, "gradients of filters");
            Same(ofB, tensors[2].grad!, batch * height * width, "gradients of biases");

            // A sum of n products of normal numbers: its parts are about sqrt(n) large, and n roundings of them add up
            // to as much at most.
            void Same(double[] sums, Tensor got, int terms, string part)
            {
                var bound = rounding * (terms + 2) * 8 * Math.Sqrt(terms + 1);
                foreach (var (a, b) in sums.Zip(Numbers(got)))
                {
                    Assert.True(Math.Abs(a - b) <= bound, $"{part}, {what}: expected {a}, got {b}.");
                }
            }
        }
    }

    /// <summary>Images, then weight and bias of every layer of a size and a number of outputs, as leaves.</summary>
    private Tensor[] Layers(ScalarType dtype, long[] images, params (long Size, long Outputs)[] layers)
    {
        var (tensors, channels) = (new List<Tensor> { Random(images) }, images[1]);
        foreach (var (size, outputs) in layers)
        {
            tensors.Add(
                Random(outputs, channels, size, size) / (layers.Length == 1 ? 1 : Math.Sqrt(channels * size * size)));
            tensors.Add(Random(outputs));
            channels = outputs;
        }

        return [.. tensors.Select(t => t.to(dtype).detach().requires_grad_())];
    }

    private static double[] Numbers(Tensor t)
    {
        using var exact = t.detach().to(ScalarType.Float64).contiguous();
        return exact.data<double>().ToArray();
    }
}
