using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>The state of a pass in plain memory, on the CPU: thousands of products of a few rows are mostly the cost of
/// calling torch.</summary>
internal sealed unsafe class MadeMemory<T> : MadeState
    where T : unmanaged
{
    private readonly MadeLayers<T> _layers;
    private readonly Tensor? _start;
    private readonly long _items;
    private MadeGroup<T>[]? _groups;

    /// <param name="reach">As in <see cref="MadeState"/>.</param>
    /// <param name="layers">The network, which this disposes.</param>
    /// <param name="items">How many points there are.</param>
    /// <param name="start">What the first layer gives for the context alone, <c>(items, hidden)</c>, which this
    /// disposes; null without context.</param>
    public MadeMemory(int[] reach, MadeLayers<T> layers, long items, Tensor? start)
        : base(reach) => (_layers, _items, _start) = (layers, items, start);

    private static long Together => MadeGroup<T>.Most * Vector<T>.Count;

    private int Groups => (int)((_items + Together - 1) / Together);

    public override void Append(int place, Tensor values)
    {
        using var plain = values.detach();
        using var typed = plain.to(typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64);
        using var column = TensorMemory.Plain(typed);
        var groups = All();
        var numbers = (T*)TensorMemory.Address(column);
        for (var i = 0; i < groups.Length; i++)
        {
            Read(groups[i].Feature(place), numbers + (i * Together), 1, Items(i), groups[i].Lanes);
            Advance(groups[i], place + 1);
        }
    }

    public override Tensor Evaluate(int place, int output, long[] shape) =>
        EvaluateRow((output * Features) + _layers.Places[place], Reach(place), shape);

    /// <summary>Feature by feature, as the emitted loop does, each group of items by itself and by any
    /// thread.</summary>
    public override bool ScaleShift(Tensor y, Tensor point, ILogScale scale, bool inverse)
    {
        var dtype = typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64;
        if (!TensorMemory.Has(y, dtype) || !TensorMemory.Has(point, dtype)
            || y.numel() != _items * Features || !point.is_contiguous() || y.numel() * sizeof(T) >= int.MaxValue)
        {
            return false;
        }

        using var plain = y.detach();
        using var rows = TensorMemory.Plain(plain);
        var (from, to) = (TensorMemory.Address(rows), TensorMemory.Address(point));
        Workers.Each(Groups, i =>
        {
            using var group = Begin((int)i);
            var first = i * Together * Features;
            Solve(group, (T*)from + first, (T*)to + first, Items((int)i), scale, inverse);
        });
        return true;
    }

    public override void Dispose()
    {
        foreach (var group in _groups ?? [])
        {
            group.Dispose();
        }

        _layers.Dispose();
        _start?.Dispose();
    }

    private static void Read(T* row, T* numbers, int stride, int items, int lanes)
    {
        for (var item = 0; item < lanes; item++)
        {
            row[item] = item < items ? numbers[(long)item * stride] : default;
        }
    }

    private void Solve(MadeGroup<T> group, T* y, T* x, int items, ILogScale scale, bool inverse)
    {
        var raw = stackalloc T[group.Lanes];
        var shift = stackalloc T[group.Lanes];
        for (var place = 0; place < Features; place++)
        {
            var feature = _layers.Places[place];
            var row = group.Feature(place);
            group.Evaluate(feature, Reach(place), raw);
            group.Evaluate(feature + Features, Reach(place), shift);
            Read(row, y + feature, Features, items, group.Lanes);
            for (var i = 0; i < group.Lanes; i += Vector<T>.Count)
            {
                var (value, move) = (Vector.Load(row + i), Vector.Load(shift + i));
                var logScale = scale.Of(Vector.Load(raw + i));
                var entry = inverse
                    ? default(ScaleShiftOf<T>).Of(value, logScale, move, out _)
                    : default(UnscaleOf<T>).Of(value, logScale, move, out _);
                Vector.Store(entry, row + i);
            }

            for (var item = 0; item < items; item++)
            {
                x[((long)item * Features) + feature] = row[item];
            }

            Advance(group, place + 1);
        }
    }

    private Tensor EvaluateRow(int row, int reach, long[] shape)
    {
        var result = empty(shape, dtype: typeof(T) == typeof(float) ? ScalarType.Float32 : ScalarType.Float64);
        var numbers = (T*)TensorMemory.Address(result);
        var lanes = stackalloc T[(int)Together];
        var groups = All();
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i].Evaluate(row, reach, lanes);
            new Span<T>(lanes, Items(i)).CopyTo(new(numbers + (i * Together), Items(i)));
        }

        return result;
    }

    private void Advance(MadeGroup<T> group, int known)
    {
        if (known < Features && Units(known) is (var from, > 0 and var count))
        {
            group.Advance(known, from, count);
        }
    }

    // Where all features are found at once, no group outlives its own turn.
    private MadeGroup<T>[] All() => _groups ??= [.. Enumerable.Range(0, Groups).Select(Begin)];

    private int Items(int group) => (int)Math.Min(Together, _items - (group * Together));

    private MadeGroup<T> Begin(int group)
    {
        var items = Items(group);
        var start = (T*)TensorMemory.Address(_start);
        return new(
            _layers, (items + Vector<T>.Count - 1) / Vector<T>.Count,
            start == null ? null : start + (group * Together * _layers.Width), items, Units(0).Count);
    }
}
