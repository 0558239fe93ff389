namespace Bijectors.Kernels;

/// <summary>Takes blocks of rows through the layers.</summary>
/// <param name="layers">The layers: the first, two for each residual block, the parts of the last.</param>
/// <param name="last">Where the parts of the last begin.</param>
/// <param name="panels">Their weights, transposed.</param>
/// <param name="x">What is mapped.</param>
/// <param name="result">Takes rows x outputs.</param>
/// <param name="kept">Takes what backward needs; empty for none.</param>
internal sealed unsafe class ResidualForward<T>(
    DenseLayer[] layers, int last, LayerPanels<T> panels, Matrix<T> x, Matrix<T> result, KeptValues<T> kept)
    where T : unmanaged
{
    private readonly int _hidden = layers[0].Outputs;

    /// <summary>Maps some rows.</summary>
    public void Run(long row, int rows)
    {
        var size = (long)rows * _hidden;
        using var scratch = kept.Exists ? null : new Scratch<T>(3 * size);
        var h = scratch is null ? kept.Last(row) : scratch.Start;
        Apply(0, x.From(row), new(h, _hidden), rows);
        for (var i = 1; i < last; i += 2)
        {
            var active = scratch is null ? kept.Input(i, row) : scratch.Start + size;
            var again = scratch is null ? kept.Input(i + 1, row) : scratch.Start + (2 * size);
            Rowwise.Relu(h, active, size);
            Apply(i, new(active, _hidden), new(again, _hidden), rows);
            Rowwise.Relu(again, again, size);
            Rowwise.AddRow((T*)layers[i + 1].Bias, new(h, _hidden), rows, _hidden);
            Multiply(i + 1, new(again, _hidden), new(h, _hidden), rows);
        }

        var output = result.From(row);
        for (var part = last; part < layers.Length; part++)
        {
            Apply(part, new(h, _hidden), output, rows);
            output = output.Columns(layers[part].Outputs);
        }
    }

    /// <summary><c>output = input W^T + b</c></summary>
    private void Apply(int index, Matrix<T> input, Matrix<T> output, int rows)
    {
        Rowwise.Fill((T*)layers[index].Bias, output, rows, layers[index].Outputs);
        Multiply(index, input, output, rows);
    }

    private void Multiply(int index, Matrix<T> input, Matrix<T> output, int rows) =>
        MatrixProduct.Add(input, panels[index], output, rows, layers[index].Outputs, layers[index].Inputs,
            ends: panels.Needed(index));
}
