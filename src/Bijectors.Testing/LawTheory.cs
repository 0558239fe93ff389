using System.Collections;

namespace Bijectors.Testing;

/// <summary>
/// Bijectors by name, to be checked law by law: rows for the theories of a test framework, one test for each law
/// on each bijector.
/// </summary>
/// <remarks>The rows are strings, so that xunit (<c>MemberData</c>), NUnit (<c>TestCaseSource</c>) and MSTest
/// (<c>DynamicData</c>) list every test separately.</remarks>
/// <example>
/// <code>
/// public static LawTheory Bijectors { get; } = new()
/// {
///     { "Squash", () => new Squash() },
///     { "Coupling", () => new MyCoupling(4), Shape.Vector(4) },
/// };
///
/// [Theory, MemberData(nameof(Bijectors))]
/// public void Obey(string law, string bijector) => Bijectors.Check(law, bijector);
/// </code>
/// </example>
public sealed class LawTheory : IEnumerable<object[]>
{
    private readonly Dictionary<string, Func<LawCase>> _cases = [];

    /// <summary>The names of the bijectors, in the order in which they were added.</summary>
    public IEnumerable<string> Names => _cases.Keys;

    /// <summary>Adds a bijector.</summary>
    /// <param name="name">What the tests call it.</param>
    /// <param name="factory">Makes it, a new one at every call.</param>
    /// <param name="shape">The event shape to check on; by default a small one that fits.</param>
    /// <param name="contextSize">The size of the context the bijector is conditioned on; none by default.</param>
    /// <param name="seed">Determines the parameters, the points and the contexts.</param>
    /// <exception cref="ArgumentException">There is one of this name.</exception>
    public void Add(string name, Func<Bijector> factory, Shape? shape = null, int? contextSize = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Add(name, () => new LawCase(_ => factory(), shape, contextSize, seed));
    }

    /// <summary>Adds a bijector whose initialisation is random.</summary>
    /// <param name="name">What the tests call it.</param>
    /// <param name="factory">Makes it from a seed, a new one at every call.</param>
    /// <param name="shape">The event shape to check on; by default a small one that fits.</param>
    /// <param name="contextSize">The size of the context the bijector is conditioned on; none by default.</param>
    /// <param name="seed">Determines the parameters, the points and the contexts.</param>
    /// <exception cref="ArgumentException">There is one of this name.</exception>
    public void Add(
        string name, Func<int, Bijector> factory, Shape? shape = null, int? contextSize = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(factory);
        Add(name, () => new LawCase(factory, shape, contextSize, seed));
    }

    /// <summary>Checks one law on one bijector, as a row names them.</summary>
    /// <param name="law">The name of the law.</param>
    /// <param name="bijector">The name of the bijector.</param>
    /// <exception cref="LawViolationException">The law does not hold.</exception>
    /// <exception cref="ArgumentException">There is no law or no bijector of that name.</exception>
    public void Check(string law, string bijector)
    {
        var statement = BijectorLaws.All.SingleOrDefault(known => known.Name == law)
            ?? throw new ArgumentException(
                $"LawTheory: expected one of the laws {string.Join(", ", BijectorLaws.All)}, got '{law}'.",
                nameof(law));
        if (!_cases.TryGetValue(bijector, out var subject))
        {
            throw new ArgumentException(
                $"LawTheory: expected one of the bijectors {string.Join(", ", Names)}, got '{bijector}'.",
                nameof(bijector));
        }

        statement.Check(subject());
    }

    /// <summary>The rows: the name of a law, the name of a bijector.</summary>
    public IEnumerator<object[]> GetEnumerator()
    {
        foreach (var bijector in Names)
        {
            foreach (var law in BijectorLaws.All)
            {
                yield return [law.Name, bijector];
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Add(string name, Func<LawCase> subject)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_cases.TryAdd(name, subject))
        {
            throw new ArgumentException(
                $"LawTheory: expected a name for each bijector, got '{name}' twice.", nameof(name));
        }
    }
}
