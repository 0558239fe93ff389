using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// The state of a pass in plain memory, on the CPU: thousands of products of a few rows are mostly the cost of calling torch. Matrices are
/// <c>(items, width)</c>, row by row.
/// </summary>
internal sealed unsafe class MadeMemory<T> : MadeState
    where T : unmanaged, INumber<T>
{
    private readonly MadeWeights _weights;
    private readonly int _items;
    private readonly int _features;
    private readonly int _width;
    private readonly T[] _inputs;
    private readonly T[] _initial;
    private readonly Block[] _blocks;
    private readonly T* _inputWeight;
    private readonly T* _outputWeight;
    private readonly T* _outputBias;

    /// <param name="weights">The weights, which this disposes.</param>
    public MadeMemory(MadeWeights weights)
    {
        _weights = weights;
        _items = (int)weights.Start.shape[0];
        _width = (int)weights.Start.shape[1];
        _features = (int)weights.Input.shape[1];
        _inputs = new T[_items * _features];
        _initial = Memory(weights.Start).ToArray();
        _blocks = [.. weights.Blocks.Select(block => new Block(
            Address(block.First), Address(block.Second), new T[_items * _width], Repeated(block.FirstBias), Repeated(block.SecondBias)))];
        _inputWeight = Address(weights.Input);
        _outputWeight = Address(weights.Output);
        _outputBias = Address(weights.OutputBias);
    }

    public override void Set(int feature, Tensor values)
    {
        using var typed = values.to(_weights.Start.dtype);
        using var flat = typed.contiguous();
        var column = Memory(flat);
        for (var item = 0; item < _items; item++)
        {
            _inputs[(item * _features) + feature] = column[item];
        }
    }

    public override void Advance(int known, int from, int count)
    {
        AddProducts(_initial, _inputs, _features, _inputWeight, from, count, known);
        var h = _initial;
        foreach (var block in _blocks)
        {
            Relu(block.Active, h, from, count);
            AddProducts(block.Hidden, block.Active, _width, block.First, from, count, from + count);
            Relu(block.Hidden, block.Hidden, from, count);
            AddProducts(block.Output, block.Hidden, _width, block.Second, from, count, from + count);
            Add(block.Output, h, from, count);
            h = block.Output;
        }
    }

    public override Tensor Evaluate(int row, int reach, long[] shape)
    {
        var result = empty(shape, dtype: _weights.Start.dtype);
        var h = _blocks.Length == 0 ? _initial : _blocks[^1].Output;
        fixed (T* values = Memory(result), inputs = h)
        {
            for (var item = 0; item < _items; item++)
            {
                values[item] = _outputBias[row];
            }

            AddProduct(values, 1, inputs, _width, _outputWeight + ((long)row * _width), reach);
        }

        return result;
    }

    public override void Dispose() => _weights.Dispose();

    private static Span<T> Memory(Tensor tensor) => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    // Torch's memory stays where it is for as long as there is the tensor.
    private static T* Address(Tensor tensor)
    {
        fixed (T* address = Memory(tensor))
        {
            return address;
        }
    }

    private T[] Repeated(Tensor bias)
    {
        var values = new T[_items * _width];
        var row = Memory(bias);
        for (var item = 0; item < _items; item++)
        {
            row.CopyTo(values.AsSpan(item * _width));
        }

        return values;
    }

    /// <summary><c>outputs[:, from..from+count] += inputs[:, ..length] weights[from..from+count, ..length]^T</c></summary>
    private void AddProducts(T[] outputs, T[] inputs, int inputWidth, T* weights, int from, int count, int length)
    {
        fixed (T* output = outputs, input = inputs)
        {
            for (var unit = from; unit < from + count; unit++)
            {
                AddProduct(output + unit, _width, input, inputWidth, weights + ((long)unit * inputWidth), length);
            }
        }
    }

    /// <summary>
    /// Adds the product of one row of weights with every row of inputs. Optimised at once: the first pass already runs through it some ten thousand times.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddProduct(T* output, int outputWidth, T* input, int inputWidth, T* row, int length)
    {
        var whole = length - (length % Vector<T>.Count);
        var item = 0;

        // Four items at a time: each weight is loaded once for them, and no sum waits for its last addition.
        for (; item <= _items - 4; item += 4)
        {
            var x0 = input + ((long)item * inputWidth);
            var x1 = x0 + inputWidth;
            var x2 = x1 + inputWidth;
            var x3 = x2 + inputWidth;
            var (s0, s1, s2, s3) = (Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
            for (var i = 0; i < whole; i += Vector<T>.Count)
            {
                var weight = Vector.Load(row + i);
                s0 += weight * Vector.Load(x0 + i);
                s1 += weight * Vector.Load(x1 + i);
                s2 += weight * Vector.Load(x2 + i);
                s3 += weight * Vector.Load(x3 + i);
            }

            output[item * outputWidth] += Vector.Sum(s0) + Rest(row, x0, whole, length);
            output[(item + 1) * outputWidth] += Vector.Sum(s1) + Rest(row, x1, whole, length);
            output[(item + 2) * outputWidth] += Vector.Sum(s2) + Rest(row, x2, whole, length);
            output[(item + 3) * outputWidth] += Vector.Sum(s3) + Rest(row, x3, whole, length);
        }

        for (; item < _items; item++)
        {
            var x = input + ((long)item * inputWidth);
            var sum = Vector<T>.Zero;
            for (var i = 0; i < whole; i += Vector<T>.Count)
            {
                sum += Vector.Load(row + i) * Vector.Load(x + i);
            }

            output[item * outputWidth] += Vector.Sum(sum) + Rest(row, x, whole, length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Rest(T* a, T* b, int from, int to)
    {
        var sum = T.Zero;
        for (var i = from; i < to; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private void Relu(T[] outputs, T[] inputs, int from, int count)
    {
        for (var start = from; start < outputs.Length; start += _width)
        {
            for (var i = start; i < start + count; i++)
            {
                // Max, unlike a comparison, lets NaN through.
                outputs[i] = T.Max(inputs[i], T.Zero);
            }
        }
    }

    private void Add(T[] outputs, T[] inputs, int from, int count)
    {
        for (var start = from; start < outputs.Length; start += _width)
        {
            for (var i = start; i < start + count; i++)
            {
                outputs[i] += inputs[i];
            }
        }
    }

    /// <summary>A residual block: its weights, and what its layers hold.</summary>
    private sealed class Block(T* first, T* second, T[] active, T[] hidden, T[] output)
    {
        public T* First => first;

        public T* Second => second;

        public T[] Active => active;

        public T[] Hidden => hidden;

        public T[] Output => output;
    }
}
