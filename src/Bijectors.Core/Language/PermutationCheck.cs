using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Whether tensors of indices are permutations. On other devices than the CPU, where to look is to wait, each
/// is looked at once.
/// </summary>
internal static class PermutationCheck
{
    private static readonly ConditionalWeakTable<Tensor, object?> s_seen = [];

    /// <summary>Whether an order has every index from 0 on once, and its inverse, if given, undoes it.</summary>
    public static bool Holds(Tensor order, Tensor? inverse)
    {
        var isFar = order.device_type != DeviceType.CPU;
        if (isFar && s_seen.TryGetValue(order, out var with) && ReferenceEquals(with, inverse))
        {
            return true;
        }

        var holds = order.dtype == ScalarType.Int64
            && (inverse is null ? IsPermutation(order) : IsInverse(order, inverse));
        if (holds && isFar)
        {
            s_seen.AddOrUpdate(order, inverse);
        }

        return holds;
    }

    private static bool IsPermutation(Tensor order)
    {
        var indices = Indices(order);
        var seen = new bool[indices.Length];
        foreach (var index in indices)
        {
            if (index < 0 || index >= seen.Length || seen[(int)index])
            {
                return false;
            }

            seen[(int)index] = true;
        }

        return true;
    }

    // Indices that lead back where they came from are those of permutations.
    private static bool IsInverse(Tensor order, Tensor inverse)
    {
        if (inverse.dtype != ScalarType.Int64 || inverse.dim() != 1 || inverse.numel() != order.numel())
        {
            return false;
        }

        var there = Indices(order);
        var back = Indices(inverse);
        for (var i = 0; i < there.Length; i++)
        {
            if (there[i] < 0 || there[i] >= back.Length || back[(int)there[i]] != i)
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<long> Indices(Tensor order)
    {
        if (order.device_type == DeviceType.CPU && order.is_contiguous())
        {
            return MemoryMarshal.Cast<byte, long>(order.bytes);
        }

        using var here = order.cpu();
        using var whole = here.contiguous();
        return MemoryMarshal.Cast<byte, long>(whole.bytes).ToArray();
    }
}
