using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>Sums of gradients of weights and biases, each over some of the rows. The first one is the result itself.</summary>
internal sealed unsafe class PartialSums<T> : IDisposable
    where T : unmanaged
{
    private readonly DenseLayer[] _layers;
    private readonly nint[] _result;
    private readonly int _count;
    private readonly long[] _starts;
    private readonly long _size;
    private readonly Scratch<T> _memory;

    /// <param name="layers">The layers.</param>
    /// <param name="result">Weight and bias of every layer, zeros at first.</param>
    /// <param name="count">How many sums there are.</param>
    public PartialSums(DenseLayer[] layers, Tensor[] result, int count)
    {
        _layers = layers;
        _result = [.. result.Select(TensorMemory.Of)];
        _count = count;
        _starts = new long[_result.Length];
        for (var i = 0; i < _result.Length; i++)
        {
            _starts[i] = _size;
            _size += Count(i);
        }

        _memory = new((count - 1) * _size);
    }

    /// <summary>Sets one of the sums to zero.</summary>
    /// <returns>Where it is: weight and bias of every layer.</returns>
    public nint[] Begin(int sum)
    {
        if (sum == 0)
        {
            return _result;
        }

        var start = _memory.Start + ((sum - 1) * _size);
        new Span<T>(start, checked((int)_size)).Clear();
        return [.. _starts.Select(at => (nint)(start + at))];
    }

    /// <summary>Adds all of them, in order, and leaves out the weights that do not count.</summary>
    public void Add() => Workers.Each(_result.Length, tensor => Add((int)tensor), _count * _size);

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private void Add(int tensor)
    {
        var result = (T*)_result[tensor];
        for (var sum = 1; sum < _count; sum++)
        {
            Rowwise.Add(_memory.Start + ((sum - 1) * _size) + _starts[tensor], result, Count(tensor));
        }

        var mask = _layers[tensor / 2].Mask;
        if (tensor % 2 == 0 && mask != 0)
        {
            Rowwise.Multiply(result, (T*)mask, result, Count(tensor));
        }
    }

    private long Count(int tensor)
    {
        var layer = _layers[tensor / 2];
        return tensor % 2 == 0 ? (long)layer.Inputs * layer.Outputs : layer.Outputs;
    }
}
