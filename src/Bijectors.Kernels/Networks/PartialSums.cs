using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// Sums of gradients of weights and biases, each over some of the rows. The first one is the result itself, but for
/// layers with a staircase, which are put in order at the end.
/// </summary>
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
    public PartialSums(DenseLayer[] layers, nint[] result, int count)
    {
        _layers = layers;
        _result = result;
        _count = count;
        _starts = new long[_result.Length];
        for (var i = 0; i < _result.Length; i++)
        {
            _starts[i] = _size;
            _size += Count(i);
        }

        _memory = new(count * _size);
    }

    /// <summary>Sets one of the sums to zero.</summary>
    /// <returns>Where it is: weight and bias of every layer.</returns>
    public nint[] Begin(int sum) => [.. Enumerable.Range(0, _result.Length).Select(tensor => Begin(sum, tensor))];

    /// <summary>Adds all of them, in order.</summary>
    public void Add() => Workers.Each(_result.Length, tensor => Add((int)tensor), _count * _size);

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private nint Begin(int sum, int tensor)
    {
        if (sum == 0 && !HasStaircase(tensor))
        {
            return _result[tensor];
        }

        new Span<T>(At(sum, tensor), checked((int)Count(tensor))).Clear();
        return (nint)At(sum, tensor);
    }

    private void Add(int tensor)
    {
        var total = HasStaircase(tensor) ? At(0, tensor) : (T*)_result[tensor];
        for (var sum = 1; sum < _count; sum++)
        {
            Rowwise.Add(At(sum, tensor), total, Count(tensor));
        }

        if (HasStaircase(tensor))
        {
            PutInOrder(_layers[tensor / 2], total, (T*)_result[tensor], isBias: tensor % 2 == 1);
        }
    }

    private static void PutInOrder(DenseLayer layer, T* sorted, T* result, bool isBias)
    {
        var stairs = layer.Staircase!;
        for (var place = 0; place < layer.Outputs; place++)
        {
            if (isBias)
            {
                result[stairs.Unit(place)] = sorted[place];
                continue;
            }

            var from = sorted + ((long)place * layer.Inputs);
            var to = result + ((long)stairs.Unit(place) * layer.Inputs);
            var (step, always) = stairs.InputsOf(place);
            StaircasePanels.Scatter(stairs, from, 0, step, to);
            StaircasePanels.Scatter(stairs, from, always, layer.Inputs, to);
        }
    }

    private bool HasStaircase(int tensor) => _layers[tensor / 2].Staircase is not null;

    private T* At(int sum, int tensor) => _memory.Start + (sum * _size) + _starts[tensor];

    private long Count(int tensor)
    {
        var layer = _layers[tensor / 2];
        return tensor % 2 == 0 ? (long)layer.Inputs * layer.Outputs : layer.Outputs;
    }
}
