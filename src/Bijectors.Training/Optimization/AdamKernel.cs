using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>
/// The update of <see cref="FlatAdam"/> in one pass over memory, on the CPU: torch's own operations would each read and write whole buffers, ten times in all, and a step
/// of a large model is as slow as memory is.
/// </summary>
internal readonly struct AdamKernel
{
    // A range is worth a thread from some tens of microseconds on.
    private const int LongRanges = 8;

    /// <summary>b1.</summary>
    public required double Beta1 { get; init; }

    /// <summary>b2.</summary>
    public required double Beta2 { get; init; }

    /// <summary>e.</summary>
    public required double Epsilon { get; init; }

    /// <summary>What the deviation is divided by, <c>sqrt(1 - b2^t)</c>.</summary>
    public required double Root { get; init; }

    /// <summary>The step size with the correction of the mean, <c>lr / (1 - b1^t)</c>.</summary>
    public required double StepSize { get; init; }

    /// <summary>What times the value is added to its gradient.</summary>
    public required double Decay { get; init; }

    /// <summary>What the value is multiplied by before all.</summary>
    public required double Shrink { get; init; }

    /// <summary>Whether this machine has the memory of these buffers at hand.</summary>
    public static bool Serves(Tensor values) =>
        values.device_type == DeviceType.CPU && values.dtype is ScalarType.Float32 or ScalarType.Float64
        && values.numel() * values.element_size() <= int.MaxValue;

    /// <summary>Updates values, means and squares in place.</summary>
    public void Run(Tensor values, Tensor gradients, Tensor mean, Tensor square)
    {
        if (values.dtype == ScalarType.Float32)
        {
            Run<float>(values, gradients, mean, square);
        }
        else
        {
            Run<double>(values, gradients, mean, square);
        }
    }

    private unsafe void Run<T>(Tensor values, Tensor gradients, Tensor mean, Tensor square)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (byte* p = values.bytes, g = gradients.bytes, m = mean.bytes, v = square.bytes)
        {
            var buffers = new Buffers<T>((T*)p, (T*)g, (T*)m, (T*)v);
            var kernel = this;
            Workers.Run(values.numel(), (from, to) => kernel.Part(buffers, (int)from, (int)to), LongRanges);
        }
    }

    private unsafe void Part<T>(Buffers<T> buffers, int start, int end)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var p = buffers.P;
        var g = buffers.G;
        var m = buffers.M;
        var v = buffers.V;
        var i = start;
        for (; i <= end - Vector<T>.Count; i += Vector<T>.Count)
        {
            var (pi, mi, vi) = Update(Vector.Load(p + i), Vector.Load(g + i), Vector.Load(m + i), Vector.Load(v + i));
            pi.Store(p + i);
            mi.Store(m + i);
            vi.Store(v + i);
        }

        for (; i < end; i++)
        {
            // The same operations on a vector of one number: the same bits wherever a chunk ends.
            var (pi, mi, vi) = Update(new Vector<T>(p[i]), new Vector<T>(g[i]), new Vector<T>(m[i]), new Vector<T>(v[i]));
            (p[i], m[i], v[i]) = (pi[0], mi[0], vi[0]);
        }
    }

    // Rounded where torch rounds, so that both make the same steps but for the last digit of its roots.
    private (Vector<T> P, Vector<T> M, Vector<T> V) Update<T>(Vector<T> p, Vector<T> g, Vector<T> m, Vector<T> v)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        static Vector<T> All(double value) => new(T.CreateTruncating(value));
        p *= All(Shrink);
        g = FusedMultiplyAdd(p, All(Decay), g);
        m = FusedMultiplyAdd(g, All(1 - Beta1), All(Beta1) * m);
        v = FusedMultiplyAdd(All(1 - Beta2) * g, g, All(Beta2) * v);
        var deviation = (Vector.SquareRoot(v) / All(Root)) + All(Epsilon);
        return (p - (All(StepSize) * m / deviation), m, v);
    }

    private static Vector<T> FusedMultiplyAdd<T>(Vector<T> a, Vector<T> b, Vector<T> sum) => typeof(T) == typeof(float)
        ? Vector.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), sum.As<T, float>()).As<float, T>()
        : Vector.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), sum.As<T, double>()).As<double, T>();

    private readonly unsafe struct Buffers<T>(T* p, T* g, T* m, T* v)
        where T : unmanaged
    {
        public readonly T* P = p;
        public readonly T* G = g;
        public readonly T* M = m;
        public readonly T* V = v;
    }
}
