using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Bijectors.Kernels;

/// <summary>
/// How a sum of products runs through memory: <c>sum_o sum_i a[o, i] b[o, i]</c>, where a steps from number to number
/// and b from vector to vector.
/// </summary>
/// <param name="Inner">How many i there are.</param>
/// <param name="Outer">How many o there are.</param>
/// <param name="StepA">From i to the next, in a.</param>
/// <param name="JumpA">From the end of one o to the beginning of the next, in a.</param>
/// <param name="StepB">From i to the next, in b.</param>
/// <param name="JumpB">From the end of one o to the beginning of the next, in b.</param>
internal readonly record struct ProductWalk(int Inner, int Outer, long StepA, long JumpA, long StepB, long JumpB);

/// <summary>
/// Twelve vectors of a matrix product, which stay in registers while it runs through the memory of its factors.
/// </summary>
internal static unsafe class ProductTile
{
    /// <summary>The rows of a tile that is two vectors wide.</summary>
    public const int WideRows = 6;

    /// <summary>The rows of a tile that is one vector wide.</summary>
    public const int NarrowRows = 12;

    /// <summary>The vectors of a tile.</summary>
    public const int Count = 12;

    /// <summary>Six rows by two vectors.</summary>
    /// <param name="a">Where the row of each begins.</param>
    /// <param name="b">Where the first vectors are.</param>
    /// <param name="walk">The sum.</param>
    /// <param name="into">Takes it, row after row.</param>
    public static void Wide<T>(nint* a, T* b, in ProductWalk walk, T* into)
        where T : unmanaged
    {
        if (Vectors.AreWide)
        {
            Wide<T, Vector512<T>, WideVectors<T>>(a, b, walk, into);
        }
        else
        {
            Wide<T, Vector<T>, UsualVectors<T>>(a, b, walk, into);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide<T, TVector, TVectors>(nint* a, T* b, in ProductWalk walk, T* into)
        where T : unmanaged
        where TVector : unmanaged
        where TVectors : struct, IVectors<T, TVector>
    {
        var (a0, a1, a2, a3, a4, a5) = (a[0], a[1], a[2], a[3], a[4], a[5]);
        TVector left0 = default, left1 = default, left2 = default, left3 = default, left4 = default, left5 = default;
        TVector right0 = default, right1 = default, right2 = default, right3 = default,
        right4 = default, right5 = default;
        var (lanes, stepA, stepB, inner, at) = (sizeof(TVector) / sizeof(T), walk.StepA, walk.StepB, walk.Inner, 0L);
        for (var outer = walk.Outer; outer > 0; outer--)
        {
            for (var i = inner; i > 0; i--, at += stepA, b += stepB)
            {
                var (left, right) = (TVectors.Load(b), TVectors.Load(b + lanes));
                var x = TVectors.Of(((T*)a0)[at]);
                left0 = TVectors.MultiplyAdd(x, left, left0);
                right0 = TVectors.MultiplyAdd(x, right, right0);
                x = TVectors.Of(((T*)a1)[at]);
                left1 = TVectors.MultiplyAdd(x, left, left1);
                right1 = TVectors.MultiplyAdd(x, right, right1);
                x = TVectors.Of(((T*)a2)[at]);
                left2 = TVectors.MultiplyAdd(x, left, left2);
                right2 = TVectors.MultiplyAdd(x, right, right2);
                x = TVectors.Of(((T*)a3)[at]);
                left3 = TVectors.MultiplyAdd(x, left, left3);
                right3 = TVectors.MultiplyAdd(x, right, right3);
                x = TVectors.Of(((T*)a4)[at]);
                left4 = TVectors.MultiplyAdd(x, left, left4);
                right4 = TVectors.MultiplyAdd(x, right, right4);
                x = TVectors.Of(((T*)a5)[at]);
                left5 = TVectors.MultiplyAdd(x, left, left5);
                right5 = TVectors.MultiplyAdd(x, right, right5);
            }

            at += walk.JumpA;
            b += walk.JumpB;
        }

        TVectors.Store(left0, into);
        TVectors.Store(right0, into + lanes);
        TVectors.Store(left1, into + (2 * lanes));
        TVectors.Store(right1, into + (3 * lanes));
        TVectors.Store(left2, into + (4 * lanes));
        TVectors.Store(right2, into + (5 * lanes));
        TVectors.Store(left3, into + (6 * lanes));
        TVectors.Store(right3, into + (7 * lanes));
        TVectors.Store(left4, into + (8 * lanes));
        TVectors.Store(right4, into + (9 * lanes));
        TVectors.Store(left5, into + (10 * lanes));
        TVectors.Store(right5, into + (11 * lanes));
    }

    /// <summary>Twelve rows by one vector.</summary>
    /// <param name="a">Where the row of each begins.</param>
    /// <param name="b">Where the first vector is.</param>
    /// <param name="walk">The sum.</param>
    /// <param name="into">Takes it, row after row.</param>
    public static void Narrow<T>(nint* a, T* b, in ProductWalk walk, T* into)
        where T : unmanaged
    {
        if (Vectors.AreWide)
        {
            Narrow<T, Vector512<T>, WideVectors<T>>(a, b, walk, into);
        }
        else
        {
            Narrow<T, Vector<T>, UsualVectors<T>>(a, b, walk, into);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<T, TVector, TVectors>(nint* a, T* b, in ProductWalk walk, T* into)
        where T : unmanaged
        where TVector : unmanaged
        where TVectors : struct, IVectors<T, TVector>
    {
        var (a0, a1, a2, a3, a4, a5) = (a[0], a[1], a[2], a[3], a[4], a[5]);
        var (a6, a7, a8, a9, a10, a11) = (a[6], a[7], a[8], a[9], a[10], a[11]);
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default;
        TVector sum6 = default, sum7 = default, sum8 = default, sum9 = default, sum10 = default, sum11 = default;
        var (lanes, stepA, stepB, inner, at) = (sizeof(TVector) / sizeof(T), walk.StepA, walk.StepB, walk.Inner, 0L);
        for (var outer = walk.Outer; outer > 0; outer--)
        {
            for (var i = inner; i > 0; i--, at += stepA, b += stepB)
            {
                var column = TVectors.Load(b);
                sum0 = TVectors.MultiplyAdd(TVectors.Of(((T*)a0)[at]), column, sum0);
                sum1 = TVectors.MultiplyAdd(TVectors.Of(((T*)a1)[at]), column, sum1);
                sum2 = TVectors.MultiplyAdd(TVectors.Of(((T*)a2)[at]), column, sum2);
                sum3 = TVectors.MultiplyAdd(TVectors.Of(((T*)a3)[at]), column, sum3);
                sum4 = TVectors.MultiplyAdd(TVectors.Of(((T*)a4)[at]), column, sum4);
                sum5 = TVectors.MultiplyAdd(TVectors.Of(((T*)a5)[at]), column, sum5);
                sum6 = TVectors.MultiplyAdd(TVectors.Of(((T*)a6)[at]), column, sum6);
                sum7 = TVectors.MultiplyAdd(TVectors.Of(((T*)a7)[at]), column, sum7);
                sum8 = TVectors.MultiplyAdd(TVectors.Of(((T*)a8)[at]), column, sum8);
                sum9 = TVectors.MultiplyAdd(TVectors.Of(((T*)a9)[at]), column, sum9);
                sum10 = TVectors.MultiplyAdd(TVectors.Of(((T*)a10)[at]), column, sum10);
                sum11 = TVectors.MultiplyAdd(TVectors.Of(((T*)a11)[at]), column, sum11);
            }

            at += walk.JumpA;
            b += walk.JumpB;
        }

        TVectors.Store(sum0, into);
        TVectors.Store(sum1, into + lanes);
        TVectors.Store(sum2, into + (2 * lanes));
        TVectors.Store(sum3, into + (3 * lanes));
        TVectors.Store(sum4, into + (4 * lanes));
        TVectors.Store(sum5, into + (5 * lanes));
        TVectors.Store(sum6, into + (6 * lanes));
        TVectors.Store(sum7, into + (7 * lanes));
        TVectors.Store(sum8, into + (8 * lanes));
        TVectors.Store(sum9, into + (9 * lanes));
        TVectors.Store(sum10, into + (10 * lanes));
        TVectors.Store(sum11, into + (11 * lanes));
    }
}
