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
        var weight = (T*)layer.Weight;
        using var masked = layer.Mask == 0 ? null : new Scratch<T>((long)layer.Inputs * layer.Outputs);
        if (masked is not null)
        {
            Rowwise.Multiply(weight, (T*)layer.Mask, masked.Start, (long)layer.Inputs * layer.Outputs);
            weight = masked.Start;
        }

        var matrix = new Matrix<T>(weight, layer.Inputs);
        if (transposed)
        {
            Panels.Pack(matrix.Transposed, layer.Inputs, layer.Outputs, panels);
        }
        else
        {
            Panels.Pack(matrix, layer.Outputs, layer.Inputs, panels);
        }
    }
}
