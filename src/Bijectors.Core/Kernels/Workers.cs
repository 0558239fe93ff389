using TorchSharp;

namespace Bijectors;

/// <summary>Divides elements among as many threads as torch uses.</summary>
internal static class Workers
{
    // A multiple of every vector's size: an element stands in the same lane, and gives the same bits, whoever computes it.
    private const long Chunk = 4096;

    /// <summary>Calls <paramref name="work"/> for ranges from, to (excluded) that make up 0 to count.</summary>
    /// <param name="count">The number of elements.</param>
    /// <param name="work">What is done with a range.</param>
    /// <param name="times">How many times longer than usual the ranges are, where an element is little work.</param>
    public static void Run(long count, Action<long, long> work, int times = 1)
    {
        var size = times * Chunk;
        var chunks = (count + size - 1) / size;
        if (Threads(chunks) <= 1)
        {
            work(0, count);
            return;
        }

        Each(chunks, chunk => work(chunk * size, Math.Min(count, (chunk + 1) * size)));
    }

    /// <summary>Calls <paramref name="work"/> for every number from 0 to <paramref name="count"/> (excluded): pieces of work that give the same bits whoever does them.</summary>
    public static void Each(long count, Action<long> work)
    {
        var threads = Threads(count);
        if (threads > 1)
        {
            System.Threading.Tasks.Parallel.For(0, count, new() { MaxDegreeOfParallelism = threads }, work);
            return;
        }

        for (var piece = 0L; piece < count; piece++)
        {
            work(piece);
        }
    }

    private static int Threads(long pieces) => (int)Math.Min(torch.get_num_threads(), pieces);
}
