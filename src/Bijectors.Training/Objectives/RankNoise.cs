using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Training;

/// <summary>Noise of single ranks, drawn from a generator that is at the same place on all of them.</summary>
internal static class RankNoise
{
    // Of a seed and a rank, one number: the odd constant of splitmix64 keeps neighbours apart.
    private const ulong Spread = 0x9E3779B97F4A7C15;

    /// <summary>A generator for one rank; the shared one advances by one number.</summary>
    public static Generator Of(Generator shared, int rank)
    {
        using var seed = randint(0, long.MaxValue, [1], ScalarType.Int64, shared.device, generator: shared);
        return new Generator((ulong)seed.item<long>() + ((ulong)rank * Spread), shared.device);
    }
}
