using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bijectors.Kernels;

/// <summary>
/// A few items in a pass through a masked autoregressive network: every feature and every hidden unit is a row of
/// numbers, one lane for each item, in whole vectors. A weight is loaded once for all of them.
/// </summary>
internal sealed unsafe class MadeGroup<T> : IDisposable
    where T : unmanaged
{
    /// <summary>The largest number of vectors that side by side make a row.</summary>
    public const int Most = 4;

    // A line of the cache.
    private const int Alignment = 64;

    private readonly MadeLayers<T> _layers;
    private readonly int _vectors;
    private T* _inputs;

    /// <summary>
    /// Items whose features are unknown, and whose units that depend on the context alone are computed.
    /// </summary>
    /// <param name="layers">The network.</param>
    /// <param name="vectors">How many vectors make a row.</param>
    /// <param name="start">What the first layer gives for the context alone, a row of hidden units for each item; null
    /// without context.</param>
    /// <param name="items">How many items there are; the lanes behind them hold numbers that mean nothing.</param>
    /// <param name="count">How many units depend on no feature.</param>
    public MadeGroup(MadeLayers<T> layers, int vectors, T* start, int items, int count)
    {
        (_layers, _vectors) = (layers, vectors);
        var rows = layers.Features + (layers.Width * (1 + (3 * layers.Blocks.Length)));

        // No tensor: a scope inside the loop over the entries, in which this may be made, would end it.
        _inputs = (T*)NativeMemory.AlignedAlloc((nuint)rows * (nuint)Lanes * (nuint)sizeof(T), Alignment);
        for (var unit = 0; unit < layers.Width; unit++)
        {
            var row = Row(Initial, unit);
            Fill(row, layers.InputBias[layers.Order[unit]]);
            for (var item = 0; start != null && item < items; item++)
            {
                row[item] = start[((long)item * layers.Width) + layers.Order[unit]];
            }
        }

        Advance(0, 0, count);
    }

    ~MadeGroup() => Free();

    /// <summary>How many items there is room for.</summary>
    public int Lanes => _vectors * Vector<T>.Count;

    private T* Initial => Row(_inputs, _layers.Features);

    /// <summary>The row of the feature at a place of the order.</summary>
    public T* Feature(int place) => Row(_inputs, place);

    /// <summary>Computes hidden units, in every layer.</summary>
    /// <param name="known">How many features are known.</param>
    /// <param name="from">The first of the units, sorted by degree.</param>
    /// <param name="count">How many there are.</param>
    public void Advance(int known, int from, int count)
    {
        var h = Initial;
        fixed (int* order = _layers.Order, places = _layers.Places)
        {
            for (var unit = from; unit < from + count; unit++)
            {
                AddProduct(
                    Row(h, unit), _inputs, _layers.Input + ((long)order[unit] * _layers.InputWidth), places, known);
            }

            foreach (var block in _layers.Blocks)
            {
                var active = Row(h, _layers.Width);
                var hidden = Row(active, _layers.Width);
                var output = Row(hidden, _layers.Width);
                Relu(active, h, from, count);
                for (var unit = from; unit < from + count; unit++)
                {
                    Fill(Row(hidden, unit), block.FirstBias[order[unit]]);
                    AddProduct(
                        Row(hidden, unit), active, block.First + ((long)order[unit] * _layers.Width), order,
                        from + count);
                }

                Relu(hidden, hidden, from, count);
                for (var unit = from; unit < from + count; unit++)
                {
                    Add(Row(output, unit), Row(h, unit), block.SecondBias[order[unit]]);
                    AddProduct(
                        Row(output, unit), hidden, block.Second + ((long)order[unit] * _layers.Width), order,
                        from + count);
                }

                h = output;
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Evaluates one row of the last layer.</summary>
    /// <param name="row">Which.</param>
    /// <param name="reach">How many units it depends on.</param>
    /// <param name="result">Takes a number for each lane.</param>
    public void Evaluate(int row, int reach, T* result)
    {
        var h = Row(Initial, 3 * _layers.Blocks.Length * _layers.Width);
        Fill(result, _layers.OutputBias[row]);
        fixed (int* order = _layers.Order)
        {
            AddProduct(result, h, _layers.Output + ((long)row * _layers.Width), order, reach);
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_inputs);
        _inputs = null;
    }

    private T* Row(T* layer, int row) => layer + ((long)row * Lanes);

    private void Fill(T* row, T value)
    {
        for (var i = 0; i < Lanes; i += Vector<T>.Count)
        {
            Vector.Store(Vector.Create(value), row + i);
        }
    }

    private void Add(T* result, T* row, T value)
    {
        for (var i = 0; i < Lanes; i += Vector<T>.Count)
        {
            Vector.Store(Vector.Load(row + i) + Vector.Create(value), result + i);
        }
    }

    private void Relu(T* outputs, T* inputs, int from, int count)
    {
        for (var i = (long)from * Lanes; i < (long)(from + count) * Lanes; i += Vector<T>.Count)
        {
            // Max, unlike a comparison, lets NaN through.
            Vector.Store(Vector.Max(Vector.Load(inputs + i), Vector<T>.Zero), outputs + i);
        }
    }

    /// <summary><c>result += sum over i &lt; length of weights[order[i]] inputs[i]</c>, where result and inputs are
    /// rows.</summary>
    private void AddProduct(T* result, T* inputs, T* weights, int* order, int length)
    {
        if (_vectors == Most)
        {
            AddProductOfFour(result, inputs, weights, order, length);
            return;
        }

        for (var vector = 0; vector < _vectors; vector++)
        {
            var offset = vector * Vector<T>.Count;
            AddProductOfOne(result + offset, inputs + offset, Lanes, weights, order, length);
        }
    }

    // Optimised at once: the first pass already runs through it some thousand times. Two sums for each vector, so that
    // none waits for its last addition.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddProductOfFour(T* result, T* inputs, T* weights, int* order, int length)
    {
        var size = Vector<T>.Count;
        var (a0, a1) = (Vector.Load(result), Vector.Load(result + size));
        var (a2, a3) = (Vector.Load(result + (2 * size)), Vector.Load(result + (3 * size)));
        var (b0, b1, b2, b3) = (Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
        var i = 0;
        for (; i <= length - 2; i += 2)
        {
            var (u, v) = (Vector.Create(weights[order[i]]), Vector.Create(weights[order[i + 1]]));
            a0 = VectorMath.MultiplyAdd(u, Vector.Load(inputs), a0);
            a1 = VectorMath.MultiplyAdd(u, Vector.Load(inputs + size), a1);
            a2 = VectorMath.MultiplyAdd(u, Vector.Load(inputs + (2 * size)), a2);
            a3 = VectorMath.MultiplyAdd(u, Vector.Load(inputs + (3 * size)), a3);
            b0 = VectorMath.MultiplyAdd(v, Vector.Load(inputs + (4 * size)), b0);
            b1 = VectorMath.MultiplyAdd(v, Vector.Load(inputs + (5 * size)), b1);
            b2 = VectorMath.MultiplyAdd(v, Vector.Load(inputs + (6 * size)), b2);
            b3 = VectorMath.MultiplyAdd(v, Vector.Load(inputs + (7 * size)), b3);
            inputs += 8 * size;
        }

        if (i < length)
        {
            var u = Vector.Create(weights[order[i]]);
            a0 = VectorMath.MultiplyAdd(u, Vector.Load(inputs), a0);
            a1 = VectorMath.MultiplyAdd(u, Vector.Load(inputs + size), a1);
            a2 = VectorMath.MultiplyAdd(u, Vector.Load(inputs + (2 * size)), a2);
            a3 = VectorMath.MultiplyAdd(u, Vector.Load(inputs + (3 * size)), a3);
        }

        Vector.Store(a0 + b0, result);
        Vector.Store(a1 + b1, result + size);
        Vector.Store(a2 + b2, result + (2 * size));
        Vector.Store(a3 + b3, result + (3 * size));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddProductOfOne(T* result, T* inputs, int lanes, T* weights, int* order, int length)
    {
        var (a, b, c, d) = (Vector.Load(result), Vector<T>.Zero, Vector<T>.Zero, Vector<T>.Zero);
        var i = 0;
        for (; i <= length - 4; i += 4)
        {
            a = VectorMath.MultiplyAdd(Vector.Create(weights[order[i]]), Vector.Load(inputs), a);
            b = VectorMath.MultiplyAdd(Vector.Create(weights[order[i + 1]]), Vector.Load(inputs + lanes), b);
            c = VectorMath.MultiplyAdd(Vector.Create(weights[order[i + 2]]), Vector.Load(inputs + (2 * lanes)), c);
            d = VectorMath.MultiplyAdd(Vector.Create(weights[order[i + 3]]), Vector.Load(inputs + (3 * lanes)), d);
            inputs += 4 * lanes;
        }

        for (; i < length; i++)
        {
            a = VectorMath.MultiplyAdd(Vector.Create(weights[order[i]]), Vector.Load(inputs), a);
            inputs += lanes;
        }

        Vector.Store(a + b + (c + d), result);
    }
}
