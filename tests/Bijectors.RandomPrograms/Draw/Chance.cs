namespace Bijectors.RandomPrograms.Draw;

/// <summary>Chance that is determined by a seed, the same on every machine and in every version.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Chance of its own for the k-th of many.</summary>
    public static Chance Of(int seed, int index, int attempt) =>
        new(Mix(Mix((ulong)seed + 0x9E3779B97F4A7C15) + (ulong)index * 0xD1B54A32D192ED03 + (ulong)attempt * 0x8CB92BA72F3D8DD7));

    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>From <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public double Between(double low, double high) => low + ((Next() >> 11) * (1.0 / (1UL << 53)) * (high - low));

    public bool Happens(double probability) => Between(0.0, 1.0) < probability;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>One of the choices, as often as its weight says.</summary>
    public T Pick<T>(IReadOnlyList<(T Choice, int Weight)> choices)
    {
        var place = Below(choices.Sum(c => c.Weight));
        foreach (var (choice, weight) in choices)
        {
            place -= weight;
            if (place < 0)
            {
                return choice;
            }
        }

        throw new InvalidOperationException("No choice has a weight.");
    }

    public IReadOnlyList<T> Shuffle<T>(IReadOnlyList<T> items)
    {
        var shuffled = items.ToArray();
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }

    private ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    // The output function of SplitMix64.
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
