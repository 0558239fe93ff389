namespace Bijectors.Kernels;

/// <summary>Takes gradients of blocks of rows back through the layers.</summary>
/// <param name="layers">The layers: the first, two for each residual block, the parts of the last.</param>
/// <param name="last">Where the parts of the last begin.</param>
/// <param name="panels">Their weights.</param>
/// <param name="x">What was mapped.</param>
/// <param name="kept">What forward kept.</param>
/// <param name="given">The gradient of the result.</param>
/// <param name="ofPoints">Takes the gradient of x; at 0 for none.</param>
internal sealed unsafe class ResidualGradients<T>(
    DenseLayer[] layers, int last, LayerPanels<T> panels, Matrix<T> x, KeptValues<T> kept,
    Matrix<T> given, Matrix<T> ofPoints)
    where T : unmanaged
{
    private readonly int _hidden = layers[0].Outputs;

    /// <summary>Adds the gradients of some rows.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="into">Weight and bias of each layer, in the order of its staircase; null where they are not
    /// asked for.</param>
    public void Run(long row, int rows, nint[]? into)
    {
        var size = (long)rows * _hidden;
        var widest = layers.Max(layer => Panels.Size<T>(rows, layer.Inputs));
        using var scratch = new Scratch<T>((3 * size) + widest);
        var ofH = scratch.Start;
        var ofHidden = ofH + size;
        var change = ofHidden + size;
        var inputs = change + size;
        new Span<T>(ofH, (int)size).Clear();
        var output = given.From(row);
        for (var part = last; part < layers.Length; part++)
        {
            AddWeights(part, output, new(kept.Last(row), _hidden), rows, into, inputs);
            AddThrough(part, output, ofH, rows);
            output = output.Columns(layers[part].Outputs);
        }

        for (var i = last - 2; i > 0; i -= 2)
        {
            var active = kept.Input(i, row);
            var again = kept.Input(i + 1, row);
            AddWeights(i + 1, new(ofH, _hidden), new(again, _hidden), rows, into, inputs);
            Through(i + 1, new(ofH, _hidden), ofHidden, rows);
            Rowwise.KeepWhereActive(ofHidden, again, size);
            AddWeights(i, new(ofHidden, _hidden), new(active, _hidden), rows, into, inputs);
            Through(i, new(ofHidden, _hidden), change, rows);
            Rowwise.KeepWhereActive(change, active, size);
            Rowwise.Add(change, ofH, size);
        }

        AddWeights(0, new(ofH, _hidden), x.From(row), rows, into, inputs);
        if (ofPoints.Start != null)
        {
            Through(0, new(ofH, _hidden), ofPoints.At(row, 0), rows);
        }
    }

    /// <summary><c>dW += G^T X, db += the sum of the rows of G</c></summary>
    private void AddWeights(int index, Matrix<T> gradient, Matrix<T> input, int rows, nint[]? into, T* scratch)
    {
        if (into is null)
        {
            return;
        }

        var layer = layers[index];
        Panels.Pack(input, rows, layer.Inputs, scratch);
        MatrixProduct.AddTransposed(gradient, scratch, new((T*)into[2 * index], layer.Inputs), layer.Outputs,
            layer.Inputs, rows, panels.Needed(index));
        Rowwise.AddSum(gradient, (T*)into[(2 * index) + 1], rows, layer.Outputs);
    }

    /// <summary><c>dX = G W</c></summary>
    private void Through(int index, Matrix<T> gradient, T* to, int rows)
    {
        new Span<T>(to, rows * layers[index].Inputs).Clear();
        AddThrough(index, gradient, to, rows);
    }

    /// <summary><c>dX += G W</c></summary>
    private void AddThrough(int index, Matrix<T> gradient, T* to, int rows) =>
        MatrixProduct.Add(gradient, panels[index], new(to, layers[index].Inputs), rows, layers[index].Inputs,
            layers[index].Outputs, panels.Needed(index));
}
