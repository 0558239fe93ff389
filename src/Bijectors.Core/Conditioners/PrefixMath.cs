using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Arithmetic on a few columns of matrices <c>(B, width)</c> in place, for passes that advance unit by unit. On the CPU in float32 and float64 it runs on the memory
/// of the tensors: thousands of products of a few rows are mostly the cost of calling torch.
/// </summary>
internal static class PrefixMath
{
    /// <summary><c>output[:, from..from+count] += input[:, ..length] weight[from..from+count, ..length]^T</c></summary>
    public static void AddProduct(Tensor output, Tensor input, Tensor weight, long from, long count, long length)
    {
        switch (Kind(output))
        {
            case ScalarType.Float32:
                AddProduct<float>(output, input, weight, (int)from, (int)count, (int)length);
                break;
            case ScalarType.Float64:
                AddProduct<double>(output, input, weight, (int)from, (int)count, (int)length);
                break;
            default:
                using (var scope = NewDisposeScope())
                {
                    var rows = weight.narrow(0, from, count).narrow(1, 0, length);
                    output.narrow(1, from, count).add_(nn.functional.linear(input.narrow(1, 0, length), rows));
                }

                break;
        }
    }

    /// <summary><c>output[:, from..from+count] = relu(input[:, from..from+count])</c></summary>
    public static void Relu(Tensor output, Tensor input, long from, long count)
    {
        switch (Kind(output))
        {
            case ScalarType.Float32:
                Relu<float>(output, input, (int)from, (int)count);
                break;
            case ScalarType.Float64:
                Relu<double>(output, input, (int)from, (int)count);
                break;
            default:
                using (var scope = NewDisposeScope())
                {
                    output.narrow(1, from, count).copy_(input.narrow(1, from, count).relu());
                }

                break;
        }
    }

    /// <summary><c>output[:, from..from+count] += input[:, from..from+count]</c></summary>
    public static void Add(Tensor output, Tensor input, long from, long count)
    {
        switch (Kind(output))
        {
            case ScalarType.Float32:
                Add<float>(output, input, (int)from, (int)count);
                break;
            case ScalarType.Float64:
                Add<double>(output, input, (int)from, (int)count);
                break;
            default:
                using (var scope = NewDisposeScope())
                {
                    output.narrow(1, from, count).add_(input.narrow(1, from, count));
                }

                break;
        }
    }

    private static ScalarType? Kind(Tensor tensor) => tensor.device_type == DeviceType.CPU ? tensor.dtype : null;

    private static Span<T> Memory<T>(Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    // Optimised at once: the first pass already runs through it some ten thousand times.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddProduct<T>(Tensor output, Tensor input, Tensor weight, int from, int count, int length)
        where T : unmanaged, INumber<T>
    {
        var (outputWidth, inputWidth) = ((int)output.size(1), (int)input.size(1));
        var outputs = Memory<T>(output);
        var inputs = Memory<T>(input);
        var weights = Memory<T>(weight);
        var batch = (int)output.size(0);
        for (var unit = from; unit < from + count; unit++)
        {
            var row = weights.Slice(unit * inputWidth, length);
            for (var item = 0; item < batch; item++)
            {
                outputs[(item * outputWidth) + unit] += Dot<T>(row, inputs.Slice(item * inputWidth, length));
            }
        }
    }

    private static void Relu<T>(Tensor output, Tensor input, int from, int count)
        where T : unmanaged, INumber<T>
    {
        var width = (int)output.size(1);
        var outputs = Memory<T>(output);
        var inputs = Memory<T>(input);
        for (var start = from; start < outputs.Length; start += width)
        {
            for (var i = start; i < start + count; i++)
            {
                // Max, unlike a comparison, lets NaN through.
                outputs[i] = T.Max(inputs[i], T.Zero);
            }
        }
    }

    private static void Add<T>(Tensor output, Tensor input, int from, int count)
        where T : unmanaged, INumber<T>
    {
        var width = (int)output.size(1);
        var outputs = Memory<T>(output);
        var inputs = Memory<T>(input);
        for (var start = from; start < outputs.Length; start += width)
        {
            for (var i = start; i < start + count; i++)
            {
                outputs[i] += inputs[i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, INumber<T>
    {
        var left = MemoryMarshal.Cast<T, Vector<T>>(a);
        var right = MemoryMarshal.Cast<T, Vector<T>>(b)[..left.Length];

        // Four sums at a time: one alone would wait for each addition.
        var (s0, s1, s2, s3) = (Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
        var i = 0;
        for (; i <= left.Length - 4; i += 4)
        {
            s0 += left[i] * right[i];
            s1 += left[i + 1] * right[i + 1];
            s2 += left[i + 2] * right[i + 2];
            s3 += left[i + 3] * right[i + 3];
        }

        for (; i < left.Length; i++)
        {
            s0 += left[i] * right[i];
        }

        var sum = Vector.Sum(s0 + s1 + (s2 + s3));
        for (var j = left.Length * Vector<T>.Count; j < a.Length; j++)
        {
            sum += a[j] * b[j];
        }

        return sum;
    }
}
