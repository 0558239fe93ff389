using TorchSharp;

namespace Bijectors.Kernels;

/// <summary>Divides work among as many threads as torch uses: see <see cref="WorkerTeam"/>.</summary>
internal static class Workers
{
    // A multiple of every vector's size: an element stands in the same lane, and gives the same bits,
    // whoever computes it.
    private const long Chunk = 4096;

    private const long FewElements = 1 << 16;

    /// <summary>Calls <paramref name="work"/> for ranges from, to (excluded) that make up 0 to count.</summary>
    /// <param name="count">The number of elements.</param>
    /// <param name="work">What is done with a range.</param>
    /// <param name="times">How many times longer than usual the ranges are, where an element is little work.</param>
    public static void Run(long count, Action<long, long> work, int times = 1)
    {
        var size = times * Chunk;
        if (count <= size || torch.get_num_threads() == 1)
        {
            work(0, count);
            return;
        }

        Each((count + size - 1) / size, chunk => work(chunk * size, Math.Min(count, (chunk + 1) * size)));
    }

    /// <summary>
    /// Calls <paramref name="work"/> for the numbers 0 to <paramref name="count"/> (excluded), in any order.
    /// </summary>
    /// <param name="count">How many numbers.</param>
    /// <param name="work">What is done with each.</param>
    /// <param name="elements">How many elements all of them copy: few are faster done than shared out.</param>
    public static void Each(long count, Action<long> work, long elements = long.MaxValue)
    {
        var threads = elements < FewElements ? 1 : (int)Math.Min(torch.get_num_threads(), count);
        if (threads > 1)
        {
            WorkerTeam.Run(count, threads, work);
            return;
        }

        for (var i = 0L; i < count; i++)
        {
            work(i);
        }
    }
}
