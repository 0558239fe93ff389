using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>A linear layer <c>y = x W^T + b</c> in plain memory.</summary>
internal sealed unsafe class LinearKernel<T> : IDisposable
    where T : unmanaged
{
    private readonly TensorMemory _memory = new();
    private readonly DenseLayer _layer;
    private readonly Matrix<T> _x;
    private readonly RowBlocks _blocks;

    /// <param name="x"><c>(..., inputs)</c></param>
    /// <param name="weight"><c>(outputs, inputs)</c></param>
    /// <param name="bias"><c>(outputs)</c></param>
    public LinearKernel(Tensor x, Tensor weight, Tensor bias)
    {
        _layer = new(_memory.OfContiguous(weight), _memory.OfContiguous(bias), null, (int)weight.size(1),
            (int)weight.size(0));
        _x = ToMatrix(x);
        var rows = x.numel() / _layer.Inputs;
        _blocks = new(rows, rows * _layer.Count);
    }

    /// <summary>Maps the points.</summary>
    /// <param name="result">Takes rows x outputs.</param>
    public void Map(Tensor result)
    {
        using var panels = new LayerPanels<T>([_layer], transposed: true);
        var y = ToMatrix(result);
        _blocks.Each((row, rows) =>
        {
            Rowwise.Fill((T*)_layer.Bias, y.From(row), rows, _layer.Outputs);
            MatrixProduct.Add(_x.From(row), panels[0], y.From(row), rows, _layer.Outputs, _layer.Inputs);
        });
    }

    /// <summary>Computes the gradient of the points, <c>dx = g W</c>.</summary>
    /// <param name="given">The gradient of the result.</param>
    /// <param name="ofPoints">Takes it, zeros at first.</param>
    public void OfPoints(Tensor given, Tensor ofPoints)
    {
        using var panels = new LayerPanels<T>([_layer], transposed: false);
        var (g, to) = (ToMatrix(given), ToMatrix(ofPoints));
        _blocks.Each((row, rows) => MatrixProduct.Add(
            g.From(row), panels[0], to.From(row), rows, _layer.Inputs, _layer.Outputs));
    }

    /// <summary>Computes the gradients of weight and bias, <c>dW = g^T x</c> and the sum of the rows of g.</summary>
    /// <param name="given">The gradient of the result.</param>
    /// <param name="ofWeight">Takes that of the weight, zeros at first.</param>
    /// <param name="ofBias">Takes that of the bias, zeros at first.</param>
    public void OfParameters(Tensor given, Tensor ofWeight, Tensor ofBias)
    {
        var g = ToMatrix(given);
        using var sums = new PartialSums<T>([_layer], [_memory.Of(ofWeight), _memory.Of(ofBias)], _blocks.Sums);
        _blocks.EachOfSums(sums.Begin, (into, row, rows) =>
        {
            using var inputs = new Scratch<T>(Panels.Size<T>(rows, _layer.Inputs));
            Panels.Pack(_x.From(row), rows, _layer.Inputs, inputs.Start);
            MatrixProduct.AddTransposed(
                g.From(row), inputs.Start, new((T*)into[0], _layer.Inputs), _layer.Outputs, _layer.Inputs, rows);
            Rowwise.AddSum(g.From(row), (T*)into[1], rows, _layer.Outputs);
        });
        sums.Add();
    }

    /// <summary>Disposes copies.</summary>
    public void Dispose() => _memory.Dispose();

    private Matrix<T> ToMatrix(Tensor tensor)
    {
        var rows = _memory.Rows<T>(tensor);
        return new((T*)rows.Start, rows.Stride);
    }
}
