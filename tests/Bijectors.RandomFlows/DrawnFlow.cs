using Bijectors.Testing;

namespace Bijectors.RandomFlows;

/// <summary>The flow with an index among those of a seed, and what its parameters and points are drawn from.</summary>
internal sealed record DrawnFlow(RandomFlow Flow, int CaseSeed, string Command)
{
    private const int Most = 1_000_000;

    public static DrawnFlow Of(int seed, int index, int size) =>
        new(RandomFlow.Draw(unchecked((seed * Most) + index), size), index,
            $"--seed {seed} --flow {index}{(size == 4 ? "" : $" --size {size}")}");

    public override string ToString() => Flow.ToString();
}
