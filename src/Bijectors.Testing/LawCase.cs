namespace Bijectors.Testing;

/// <summary>A bijector to check: how to make it, and what it is checked on.</summary>
public sealed class LawCase
{
    /// <summary>A bijector to check.</summary>
    /// <param name="factory">Makes the bijector from a seed, a new one at every call. The seed is for its random
    /// initialisation: with another seed it may start with other parameters and buffers, but has the same ones. A
    /// factory that ignores it is fine.</param>
    /// <param name="shape">The event shape to check on, of at least the bijector's event rank; by default a small one
    /// that fits.</param>
    /// <param name="contextSize">The size of the context; none by default. With one, the laws also hold the bijector to
    /// using it.</param>
    /// <param name="seed">Determines the parameters, the points and the contexts.</param>
    /// <param name="roundings">How many roundings each module inside may add to what is compared, each a relative 2^-52
    /// in float64 and 2^-23 in float32. A module that works in many steps, such as a recurrence of 100, needs more than
    /// the 4 that are enough for most.</param>
    /// <exception cref="ArgumentException">No shape was given and none of the small ones fits.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="roundings"/> is less than 1.</exception>
    public LawCase(
        Func<int, Bijector> factory, Shape? shape = null, int? contextSize = null, int seed = 0, int roundings = 4)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentOutOfRangeException.ThrowIfLessThan(roundings, 1);
        Factory = factory;
        Shape = shape ?? SmallShapes.Fitting(factory, seed);
        ContextSize = contextSize;
        Seed = seed;
        Roundings = roundings;
    }

    /// <summary>Makes the bijector from a seed.</summary>
    public Func<int, Bijector> Factory { get; }

    /// <summary>The shape of one event that goes in.</summary>
    public Shape Shape { get; }

    /// <summary>The size of the context, where there is one.</summary>
    public int? ContextSize { get; }

    /// <summary>Determines the parameters, the points and the contexts.</summary>
    public int Seed { get; }

    /// <summary>How many roundings each module inside may add.</summary>
    public int Roundings { get; }
}
