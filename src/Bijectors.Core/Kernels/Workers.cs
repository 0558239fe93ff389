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
        var threads = (int)Math.Min(torch.get_num_threads(), chunks);
        if (threads <= 1)
        {
            work(0, count);
            return;
        }

        System.Threading.Tasks.Parallel.For(0, chunks, new() { MaxDegreeOfParallelism = threads }, chunk => work(chunk * size, Math.Min(count, (chunk + 1) * size)));
    }
}
