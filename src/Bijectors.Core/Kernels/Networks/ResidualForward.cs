namespace Bijectors;

/// <summary>Takes blocks of rows through the layers.</summary>
/// <param name="layers">The layers: the first, two for each residual block, the last.</param>
/// <param name="panels">Their weights, transposed.</param>
/// <param name="x">What is mapped.</param>
/// <param name="result">Takes rows x outputs.</param>
/// <param name="kept">Takes what backward needs; empty for none.</param>
internal sealed unsafe class ResidualForward<T>(DenseLayer[] layers, LayerPanels<T> panels, Matrix<T> x, Matrix<T> result, KeptValues<T> kept)
    where T : unmanaged
{
    private readonly int _hidden = layers[0].Outputs;

    /// <summary>Maps some rows.</summary>
    public void Run(long row, int rows)
    {
        var size = (long)rows * _hidden;
        using var scratch = kept.Exists ? null : new Scratch<T>(3 * size);
        var last = layers.Length - 1;
        var h = scratch is null ? kept.Last(row) : scratch.Start;
        Apply(0, x.From(row), h, rows);
        for (var i = 1; i < last; i += 2)
        {
            var active = scratch is null ? kept.Input(i, row) : scratch.Start + size;
            var again = scratch is null ? kept.Input(i + 1, row) : scratch.Start + (2 * size);
            Rowwise.Relu(h, active, size);
            Apply(i, new(active, _hidden), again, rows);
            Rowwise.Relu(again, again, size);
            Rowwise.AddRow((T*)layers[i + 1].Bias, new(h, _hidden), rows, _hidden);
            MatrixProduct.Add(new(again, _hidden), panels[i + 1], new(h, _hidden), rows, _hidden, _hidden);
        }

        Apply(last, new(h, _hidden), result.At(row, 0), rows);
    }

    /// <summary><c>output = input W^T + b</c></summary>
    private void Apply(int index, Matrix<T> input, T* output, int rows)
    {
        var layer = layers[index];
        var to = new Matrix<T>(output, layer.Outputs);
        Rowwise.Fill((T*)layer.Bias, to, rows, layer.Outputs);
        MatrixProduct.Add(input, panels[index], to, rows, layer.Outputs, layer.Inputs);
    }
}
