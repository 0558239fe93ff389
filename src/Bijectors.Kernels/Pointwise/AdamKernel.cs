using System.Numerics;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Kernels;

/// <summary>
/// The update of Adam over flat buffers in one pass over memory, on the CPU: torch's own operations would each read and
/// write whole buffers, ten times in all, and a step of a large model is as slow as memory is.
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

    /// <summary>Whether the memory of these buffers can be read directly.</summary>
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
        if (Vectors.AreWide)
        {
            Part<T, Vector512<T>, WideVectors<T>>(buffers, start, end);
        }
        else
        {
            Part<T, Vector<T>, UsualVectors<T>>(buffers, start, end);
        }
    }

    private unsafe void Part<T, TVector, TVectors>(Buffers<T> buffers, int start, int end)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : unmanaged
        where TVectors : struct, IVectors<T, TVector>
    {
        var lanes = sizeof(TVector) / sizeof(T);
        var whole = (end - start) / lanes * lanes;
        Update<T, TVector, TVectors>(buffers.From(start), whole);

        // The same operations on vectors of what is left: the same bits wherever a chunk ends.
        var rest = end - start - whole;
        if (rest > 0)
        {
            var memory = stackalloc T[4 * lanes];
            new Span<T>(memory, 4 * lanes).Clear();
            var some = new Buffers<T>(memory, memory + lanes, memory + (2 * lanes), memory + (3 * lanes));
            var left = buffers.From(start + whole);
            Copy(left.P, some.P, rest);
            Copy(left.G, some.G, rest);
            Copy(left.M, some.M, rest);
            Copy(left.V, some.V, rest);
            Update<T, TVector, TVectors>(some, lanes);
            Copy(some.P, left.P, rest);
            Copy(some.M, left.M, rest);
            Copy(some.V, left.V, rest);
        }

        static void Copy(T* from, T* to, int count) => new Span<T>(from, count).CopyTo(new(to, count));
    }

    // Rounded where torch rounds, so that both make the same steps but for the last digit of its roots.
    private unsafe void Update<T, TVector, TVectors>(Buffers<T> buffers, int count)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TVector : unmanaged
        where TVectors : struct, IVectors<T, TVector>
    {
        var (shrink, decay, stepSize, root, epsilon) =
            (All(Shrink), All(Decay), All(StepSize), All(Root), All(Epsilon));
        var (beta1, rest1, beta2, rest2) = (All(Beta1), All(1 - Beta1), All(Beta2), All(1 - Beta2));
        for (var i = 0; i < count; i += sizeof(TVector) / sizeof(T))
        {
            var p = TVectors.Multiply(TVectors.Load(buffers.P + i), shrink);
            var g = TVectors.FusedMultiplyAdd(p, decay, TVectors.Load(buffers.G + i));
            var m = TVectors.FusedMultiplyAdd(g, rest1, TVectors.Multiply(beta1, TVectors.Load(buffers.M + i)));
            var v = TVectors.FusedMultiplyAdd(
                TVectors.Multiply(rest2, g), g, TVectors.Multiply(beta2, TVectors.Load(buffers.V + i)));
            var deviation = TVectors.Add(TVectors.Divide(TVectors.Sqrt(v), root), epsilon);
            var change = TVectors.Divide(TVectors.Multiply(stepSize, m), deviation);
            TVectors.Store(TVectors.Subtract(p, change), buffers.P + i);
            TVectors.Store(m, buffers.M + i);
            TVectors.Store(v, buffers.V + i);
        }

        static TVector All(double value) => TVectors.Of(T.CreateTruncating(value));
    }

    private readonly unsafe struct Buffers<T>(T* p, T* g, T* m, T* v)
        where T : unmanaged
    {
        public readonly T* P = p;
        public readonly T* G = g;
        public readonly T* M = m;
        public readonly T* V = v;

        public Buffers<T> From(int index) => new(P + index, G + index, M + index, V + index);
    }
}
