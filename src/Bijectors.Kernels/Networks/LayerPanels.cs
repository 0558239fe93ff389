namespace Bijectors.Kernels;

/// <summary>The weights of all layers in panels.</summary>
internal sealed unsafe class LayerPanels<T> : IDisposable
    where T : unmanaged
{
    private readonly Scratch<T> _memory;
    private readonly long[] _starts;
    private readonly int[]?[] _needed;

    /// <param name="layers">The layers.</param>
    /// <param name="transposed">Whether rows are to be multiplied by <c>W^T</c>, as the layers do, or by W, as their
    /// gradients are.</param>
    public LayerPanels(DenseLayer[] layers, bool transposed)
    {
        _starts = new long[layers.Length];
        _needed = [.. layers.Select(layer => transposed
            ? layer.Staircase?.InputsOfPanels(Panels.Width<T>())
            : layer.Staircase?.UnitsOfPanels(Panels.Width<T>()))];
        var size = 0L;
        for (var i = 0; i < layers.Length; i++)
        {
            _starts[i] = size;
            size += transposed
                ? Panels.Size<T>(layers[i].Inputs, layers[i].Outputs)
                : Panels.Size<T>(layers[i].Outputs, layers[i].Inputs);
        }

        _memory = new(size);
        Workers.Each(layers.Length, i => Pack(layers[i], transposed, _needed[i], this[(int)i]), size);
    }

    /// <summary>The panels of a layer.</summary>
    public T* this[int layer] => _memory.Start + _starts[layer];

    /// <summary>
    /// For each panel of a layer, how many inputs its units need, or, of panels that are not transposed, the first unit
    /// that needs its inputs; null where all do.
    /// </summary>
    public int[]? Needed(int layer) => _needed[layer];

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static void Pack(DenseLayer layer, bool transposed, int[]? needed, T* panels)
    {
        var weight = new Matrix<T>((T*)layer.Weight, layer.Inputs);
        switch (transposed, needed)
        {
            case (true, null):
                Panels.Pack(weight.Transposed, layer.Inputs, layer.Outputs, panels);
                break;
            case (false, null):
                Panels.Pack(weight, layer.Outputs, layer.Inputs, panels);
                break;
            case (true, _):
                StaircasePanels.PackUnits(layer, needed, panels);
                break;
            case (false, _):
                StaircasePanels.PackInputs(layer, needed, panels);
                break;
        }
    }
}
