namespace Bijectors.Testing.RandomFlows;

/// <summary>Chance that is determined by a seed, the same on every machine and in every version.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Chance of its own for every combination of numbers.</summary>
    public static Chance Of(params ReadOnlySpan<int> numbers)
    {
        var state = 0x9E3779B97F4A7C15UL;
        foreach (var number in numbers)
        {
            state = Mix(state + ((ulong)(uint)number * 0xD1B54A32D192ED03) + 1);
        }

        return new(state);
    }

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

    /// <summary>The items in another order.</summary>
    public T[] Shuffle<T>(IEnumerable<T> items)
    {
        T[] shuffled = [.. items];
        for (var i = shuffled.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }

    /// <summary>A permutation of 0..count-1.</summary>
    public long[] Order(long count) => Shuffle(Enumerable.Range(0, (int)count).Select(i => (long)i));

    /// <summary>A number that chance of its own can be made of.</summary>
    public int Key() => Below(1000);

    private ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    // The output function of SplitMix64.
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
