using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Kernels;

/// <summary>How many threads torch has.</summary>
internal static class ThreadCounts
{
    /// <summary>One, two, and more than share the work evenly.</summary>
    private static readonly int[] s_counts = [1, 2, 3];

    /// <summary>What is computed is the same to the last bit however many threads there are.</summary>
    public static void ChangeNoBit(Func<IEnumerable<Tensor>> compute)
    {
        using var scope = NewDisposeScope();
        var results = s_counts.Select(count => With(count, () => compute().Select(Bits).ToArray())).ToArray();
        Assert.NotEmpty(results[0]);
        Assert.All(results, own => Assert.Equal(results[0].Length, own.Length));
        Assert.All(results, own =>
            Assert.All(own.Zip(results[0]), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second))));
    }

    /// <summary>Computes something with so many threads.</summary>
    public static T With<T>(int count, Func<T> compute)
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(count);
            return compute();
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static byte[] Bits(Tensor tensor) => tensor.detach().contiguous().bytes.ToArray();
}
