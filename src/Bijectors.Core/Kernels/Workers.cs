using TorchSharp;

namespace Bijectors;

/// <summary>Divides elements among as many threads as torch uses.</summary>
internal static class Workers
{
    // A multiple of every vector's size: an element stands in the same lane, and gives the same bits, whoever computes it.
    private const long Chunk = 4096;

    /// <summary>Calls <paramref name="work"/> for ranges from, to (excluded) that make up 0 to count.</summary>
    public static void Run(long count, Action<long, long> work)
    {
        var chunks = (count + Chunk - 1) / Chunk;
        var threads = (int)Math.Min(torch.get_num_threads(), chunks);
        if (threads <= 1)
        {
            work(0, count);
            return;
        }

        System.Threading.Tasks.Parallel.For(0, chunks, new() { MaxDegreeOfParallelism = threads }, chunk => work(chunk * Chunk, Math.Min(count, (chunk + 1) * Chunk)));
    }
}
