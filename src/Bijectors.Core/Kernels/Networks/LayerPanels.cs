namespace Bijectors;

/// <summary>The weights of all layers in panels, masked ones multiplied out.</summary>
internal sealed unsafe class LayerPanels<T> : IDisposable
    where T : unmanaged
{
    private readonly Scratch<T> _memory;
    private readonly long[] _starts;

    /// <param name="layers">The layers.</param>
    /// <param name="transposed">Whether rows are to be multiplied by <c>W^T</c>, as the layers do, or by W, as their gradients are.</param>
    public LayerPanels(DenseLayer[] layers, bool transposed)
    {
        _starts = new long[layers.Length];
        var size = 0L;
        for (var i = 0; i < layers.Length; i++)
        {
            _starts[i] = size;
            size += transposed ? Panels.Size<T>(layers[i].Inputs, layers[i].Outputs) : Panels.Size<T>(layers[i].Outputs, layers[i].Inputs);
        }

        _memory = new(size);
        Workers.Each(layers.Length, i => Pack(layers[i], transposed, this[(int)i]), size);
    }

    /// <summary>The panels of a layer.</summary>
    public T* this[int layer] => _memory.Start + _starts[layer];

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static void Pack(DenseLayer layer, bool transposed, T* panels)
    {
        var weight = new Matrix<T>((T*)layer.Weight, layer.Inputs);
        var mask = new Matrix<T>((T*)layer.Mask, layer.Inputs);
        if (transposed)
        {
            Panels.Pack(weight.Transposed, mask.Transposed, layer.Inputs, layer.Outputs, panels);
        }
        else
        {
            Panels.Pack(weight, mask, layer.Outputs, layer.Inputs, panels);
        }
    }
}
