using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// A residual network of linear layers and relu in plain memory: blocks of rows go through all layers while they
/// are in the cache.
/// </summary>
internal sealed unsafe class ResidualKernel<T> : IDisposable
    where T : unmanaged
{
    private readonly TensorMemory _memory = new();
    private readonly Scratch<T> _biases;
    private readonly DenseLayer[] _layers;
    private readonly int _last;
    private readonly Matrix<T> _x;
    private readonly long _rows;
    private readonly RowBlocks _blocks;

    /// <param name="tensors">The points <c>(..., inputs)</c>, then weight and bias of every layer.</param>
    /// <param name="staircases">Which weights count, for every layer; several for equal parts of the last one; null
    /// for all.</param>
    public ResidualKernel(IReadOnlyList<Tensor> tensors, IReadOnlyList<Staircase>? staircases)
    {
        _last = (tensors.Count / 2) - 1;
        _layers = new DenseLayer[staircases?.Count ?? (_last + 1)];
        _biases = new(staircases is null ? 0 : tensors.Skip(1).Where((_, i) => i % 2 == 1).Sum(bias => bias.numel()));
        var sorted = _biases.Start;
        for (var i = 0; i < _layers.Length; i++)
        {
            var (weight, bias) = (tensors[Weight(i) + 1], tensors[Weight(i) + 2]);
            var (inputs, outputs) =
                ((int)weight.size(1), (int)weight.size(0) / (i < _last ? 1 : _layers.Length - _last));
            var (ofWeight, ofBias) = Offsets(i, inputs, outputs);
            var layer = new DenseLayer(_memory.OfContiguous(weight) + ofWeight, _memory.OfContiguous(bias) + ofBias,
                staircases?[i], inputs, outputs);
            _layers[i] = layer with { Bias = Sorted(layer, sorted) };
            sorted += outputs;
        }

        _x = ToMatrix(tensors[0]);
        _rows = tensors[0].numel() / _layers[0].Inputs;
        _blocks = new(_rows, _rows * _layers.Sum(layer => layer.Count));
    }

    /// <summary>How many matrices rows x hidden <see cref="Map"/> keeps.</summary>
    public int KeptMatrices => _last;

    /// <summary>Maps the points.</summary>
    /// <param name="result">Takes rows x outputs.</param>
    /// <param name="kept">Takes what backward needs; null where there is no backward.</param>
    public void Map(Tensor result, Tensor? kept)
    {
        using var panels = new LayerPanels<T>(_layers, transposed: true);
        var pass = new ResidualForward<T>(_layers, _last, panels, _x, ToMatrix(result), Values(kept));
        _blocks.Each(pass.Run);
    }

    /// <summary>Computes gradients.</summary>
    /// <param name="given">The gradient of the result.</param>
    /// <param name="kept">What <see cref="Map"/> kept.</param>
    /// <param name="ofPoints">Takes the gradient of the points; null where it is not asked for.</param>
    /// <param name="ofParameters">Take the gradients of weight and bias of every layer, zeros at first; null where they
    /// are not asked for.</param>
    public void Gradients(Tensor given, Tensor kept, Tensor? ofPoints, Tensor[]? ofParameters)
    {
        using var panels = new LayerPanels<T>(_layers, transposed: false);
        var pass =
            new ResidualGradients<T>(_layers, _last, panels, _x, Values(kept), ToMatrix(given), ToMatrix(ofPoints));
        using var partial =
            ofParameters is null ? null : new PartialSums<T>(_layers, Parts(ofParameters), _blocks.Sums);
        _blocks.EachOfSums(sum => partial?.Begin(sum), (into, row, rows) => pass.Run(row, rows, into));
        partial?.Add();
    }

    /// <summary>Disposes copies.</summary>
    public void Dispose()
    {
        _memory.Dispose();
        _biases.Dispose();
    }

    private static nint Sorted(DenseLayer layer, T* sorted)
    {
        if (layer.Staircase is not { UnitsAreInOrder: false } stairs)
        {
            return layer.Bias;
        }

        for (var place = 0; place < layer.Outputs; place++)
        {
            sorted[place] = ((T*)layer.Bias)[stairs.Unit(place)];
        }

        return (nint)sorted;
    }

    /// <summary>The memory of weight and bias of every layer, in parts as the layers are.</summary>
    private nint[] Parts(Tensor[] ofParameters)
    {
        var parts = new nint[2 * _layers.Length];
        for (var i = 0; i < _layers.Length; i++)
        {
            var (ofWeight, ofBias) = Offsets(i, _layers[i].Inputs, _layers[i].Outputs);
            parts[2 * i] = _memory.Of(ofParameters[Weight(i)]) + ofWeight;
            parts[(2 * i) + 1] = _memory.Of(ofParameters[Weight(i) + 1]) + ofBias;
        }

        return parts;
    }

    // Which of the parameters is a layer's weight; its bias is the next. Parts of the last layer share them.
    private int Weight(int layer) => 2 * Math.Min(layer, _last);

    // Where a layer begins in its weight and its bias, in bytes.
    private (nint OfWeight, nint OfBias) Offsets(int layer, int inputs, int outputs)
    {
        var units = (nint)Math.Max(0, layer - _last) * outputs * sizeof(T);
        return (units * inputs, units);
    }

    private KeptValues<T> Values(Tensor? kept) => new(_memory.Of(kept), _last + 1, _rows, _layers[0].Outputs);

    private Matrix<T> ToMatrix(Tensor? tensor)
    {
        var rows = _memory.Rows<T>(tensor);
        return new((T*)rows.Start, rows.Stride);
    }
}
