namespace Bijectors.Kernels;

/// <summary>
/// Gradients of the filters and biases of all layers, each summed over some of the images: for every output the rows of
/// its filter, pixel by pixel, channel by channel, each row filled up to whole vectors; then the biases.
/// </summary>
internal sealed unsafe class FilterSums<T> : IDisposable
    where T : unmanaged
{
    private readonly Filters<T>[] _layers;
    private readonly int _count;
    private readonly long[] _starts;
    private readonly long _size;
    private readonly Scratch<T> _memory;

    /// <param name="layers">The layers.</param>
    /// <param name="count">How many sums there are.</param>
    public FilterSums(Filters<T>[] layers, int count)
    {
        _layers = layers;
        _count = count;
        _starts = new long[layers.Length];
        for (var i = 0; i < layers.Length; i++)
        {
            _starts[i] = _size;
            _size += Biases(layers[i]) + layers[i].Outputs;
        }

        _memory = new(count * _size);
    }

    /// <summary>Sets one of the sums to zero.</summary>
    public void Begin(int sum) => new Span<T>(_memory.Start + (sum * _size), checked((int)_size)).Clear();

    /// <summary>The gradient of the filters of a layer.</summary>
    public T* OfFilters(int sum, int layer) => _memory.Start + (sum * _size) + _starts[layer];

    /// <summary>The gradient of its biases.</summary>
    public T* OfBiases(int sum, int layer) => OfFilters(sum, layer) + Biases(_layers[layer]);

    /// <summary>Adds all sums, in order, and puts those of a layer to where they belong.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="weight">Takes <c>(outputs, inputs, size, size)</c>.</param>
    /// <param name="bias">Takes <c>(outputs)</c>.</param>
    public void Add(int layer, T* weight, T* bias)
    {
        var filters = _layers[layer];
        for (var sum = 1; sum < _count; sum++)
        {
            Rowwise.Add(OfFilters(sum, layer), OfFilters(0, layer), Biases(filters) + filters.Outputs);
        }

        new Span<T>(OfBiases(0, layer), filters.Outputs).CopyTo(new(bias, filters.Outputs));
        var line = Filters<T>.Whole(filters.Size * filters.Inputs);
        var from = OfFilters(0, layer);
        for (var output = 0; output < filters.Outputs; output++)
        {
            for (var y = 0; y < filters.Size; y++, from += line)
            {
                for (var x = 0; x < filters.Size; x++)
                {
                    for (var input = 0; input < filters.Inputs; input++)
                    {
                        weight[((((((long)output * filters.Inputs) + input) * filters.Size) + y) * filters.Size) + x] =
                            from[(x * filters.Inputs) + input];
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static long Biases(in Filters<T> filters) =>
        (long)filters.Outputs * filters.Size * Filters<T>.Whole(filters.Size * filters.Inputs);
}
