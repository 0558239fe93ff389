using System.Numerics;
using System.Runtime.CompilerServices;
using static Bijectors.VectorMath;

namespace Bijectors;

/// <summary>
/// How a sum of products runs through memory: <c>sum_o sum_i a[o, i] b[o, i]</c>, where a steps from number to number and b from vector to vector.
/// </summary>
/// <param name="Inner">How many i there are.</param>
/// <param name="Outer">How many o there are.</param>
/// <param name="StepA">From i to the next, in a.</param>
/// <param name="JumpA">From the end of one o to the beginning of the next, in a.</param>
/// <param name="StepB">From i to the next, in b.</param>
/// <param name="JumpB">From the end of one o to the beginning of the next, in b.</param>
internal readonly record struct ProductWalk(int Inner, int Outer, long StepA, long JumpA, long StepB, long JumpB);

/// <summary>Twelve vectors of a matrix product, which stay in registers while it runs through the memory of its factors.</summary>
internal static unsafe class ProductTile
{
    /// <summary>The rows of a tile that is two vectors wide.</summary>
    public const int WideRows = 6;

    /// <summary>The rows of a tile that is one vector wide.</summary>
    public const int NarrowRows = 12;

    /// <summary>The vectors of a tile.</summary>
    public const int Vectors = 12;

    /// <summary>Six rows by two vectors: <c>into[2 r], into[2 r + 1]</c> of row r.</summary>
    /// <param name="a">Where the row of each begins.</param>
    /// <param name="b">Where the first vectors are.</param>
    /// <param name="walk">The sum.</param>
    /// <param name="into">Takes it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Wide<T>(nint* a, T* b, in ProductWalk walk, Vector<T>* into)
        where T : unmanaged
    {
        var (a0, a1, a2, a3, a4, a5) = (a[0], a[1], a[2], a[3], a[4], a[5]);
        Vector<T> left0 = default, left1 = default, left2 = default, left3 = default, left4 = default, left5 = default;
        Vector<T> right0 = default, right1 = default, right2 = default, right3 = default, right4 = default, right5 = default;
        var (stepA, stepB, inner, at) = (walk.StepA, walk.StepB, walk.Inner, 0L);
        for (var outer = walk.Outer; outer > 0; outer--)
        {
            for (var i = inner; i > 0; i--, at += stepA, b += stepB)
            {
                var (left, right) = (Vector.Load(b), Vector.Load(b + Vector<T>.Count));
                var x = Vector.Create(((T*)a0)[at]);
                left0 = MultiplyAdd(x, left, left0);
                right0 = MultiplyAdd(x, right, right0);
                x = Vector.Create(((T*)a1)[at]);
                left1 = MultiplyAdd(x, left, left1);
                right1 = MultiplyAdd(x, right, right1);
                x = Vector.Create(((T*)a2)[at]);
                left2 = MultiplyAdd(x, left, left2);
                right2 = MultiplyAdd(x, right, right2);
                x = Vector.Create(((T*)a3)[at]);
                left3 = MultiplyAdd(x, left, left3);
                right3 = MultiplyAdd(x, right, right3);
                x = Vector.Create(((T*)a4)[at]);
                left4 = MultiplyAdd(x, left, left4);
                right4 = MultiplyAdd(x, right, right4);
                x = Vector.Create(((T*)a5)[at]);
                left5 = MultiplyAdd(x, left, left5);
                right5 = MultiplyAdd(x, right, right5);
            }

            at += walk.JumpA;
            b += walk.JumpB;
        }

        (into[0], into[1], into[2], into[3], into[4], into[5]) = (left0, right0, left1, right1, left2, right2);
        (into[6], into[7], into[8], into[9], into[10], into[11]) = (left3, right3, left4, right4, left5, right5);
    }

    /// <summary>Twelve rows by one vector: <c>into[r]</c> of row r.</summary>
    /// <param name="a">Where the row of each begins.</param>
    /// <param name="b">Where the first vector is.</param>
    /// <param name="walk">The sum.</param>
    /// <param name="into">Takes it.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow<T>(nint* a, T* b, in ProductWalk walk, Vector<T>* into)
        where T : unmanaged
    {
        var (a0, a1, a2, a3, a4, a5) = (a[0], a[1], a[2], a[3], a[4], a[5]);
        var (a6, a7, a8, a9, a10, a11) = (a[6], a[7], a[8], a[9], a[10], a[11]);
        Vector<T> sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default;
        Vector<T> sum6 = default, sum7 = default, sum8 = default, sum9 = default, sum10 = default, sum11 = default;
        var (stepA, stepB, inner, at) = (walk.StepA, walk.StepB, walk.Inner, 0L);
        for (var outer = walk.Outer; outer > 0; outer--)
        {
            for (var i = inner; i > 0; i--, at += stepA, b += stepB)
            {
                var column = Vector.Load(b);
                sum0 = MultiplyAdd(Vector.Create(((T*)a0)[at]), column, sum0);
                sum1 = MultiplyAdd(Vector.Create(((T*)a1)[at]), column, sum1);
                sum2 = MultiplyAdd(Vector.Create(((T*)a2)[at]), column, sum2);
                sum3 = MultiplyAdd(Vector.Create(((T*)a3)[at]), column, sum3);
                sum4 = MultiplyAdd(Vector.Create(((T*)a4)[at]), column, sum4);
                sum5 = MultiplyAdd(Vector.Create(((T*)a5)[at]), column, sum5);
                sum6 = MultiplyAdd(Vector.Create(((T*)a6)[at]), column, sum6);
                sum7 = MultiplyAdd(Vector.Create(((T*)a7)[at]), column, sum7);
                sum8 = MultiplyAdd(Vector.Create(((T*)a8)[at]), column, sum8);
                sum9 = MultiplyAdd(Vector.Create(((T*)a9)[at]), column, sum9);
                sum10 = MultiplyAdd(Vector.Create(((T*)a10)[at]), column, sum10);
                sum11 = MultiplyAdd(Vector.Create(((T*)a11)[at]), column, sum11);
            }

            at += walk.JumpA;
            b += walk.JumpB;
        }

        (into[0], into[1], into[2], into[3], into[4], into[5]) = (sum0, sum1, sum2, sum3, sum4, sum5);
        (into[6], into[7], into[8], into[9], into[10], into[11]) = (sum6, sum7, sum8, sum9, sum10, sum11);
    }
}
