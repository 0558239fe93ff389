namespace Bijectors.Testing;

/// <summary>Checks every law on one bijector. Works under any test framework: what does not hold throws.</summary>
/// <example><c>BijectorLaws.Check(() => new MyBijector(size: 4), Shape.Vector(4));</c></example>
public static class BijectorLaws
{
    /// <summary>The laws, in the order in which they are checked: those that explain others come first.</summary>
    public static IReadOnlyList<Law> All { get; } =
    [
        new Shapes(), new NoTensorSurvives(), new DtypeAndDevice(), new Deterministic(), new StateRoundTrip(),
        new FusedEqualsSeparate(), new ForwardAgrees(), new ModesAgree(), new Codomain(), new RoundTrip(), new LogDet(),
        new InverseLogDet(), new ChangeOfMeasure(), new Batching(), new EventRankSum(), new Gradients(),
        new GradientsAgree(), new Facts(), new FiniteAtEdges(), new FrozenAgrees(),
    ];

    /// <summary>Checks all laws and throws at the first that does not hold.</summary>
    /// <param name="factory">Makes the bijector, a new one at every call.</param>
    /// <param name="shape">The event shape to check on; by default a small one that fits.</param>
    /// <param name="contextSize">The size of the context the bijector is conditioned on; none by default.</param>
    /// <param name="seed">Determines the parameters, the points and the contexts.</param>
    /// <exception cref="LawViolationException">A law does not hold.</exception>
    /// <exception cref="ArgumentException">No shape was given and none of the small ones fits.</exception>
    public static void Check(Func<Bijector> factory, Shape? shape = null, int? contextSize = null, int seed = 0) =>
        Check(Case(factory, shape, contextSize, seed));

    /// <summary>Checks all laws and throws at the first that does not hold.</summary>
    /// <param name="subject">The bijector to check, and on what.</param>
    /// <exception cref="LawViolationException">A law does not hold.</exception>
    public static void Check(LawCase subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        using var lawContexts = new LawContexts(subject);
        foreach (var law in All)
        {
            law.Check(lawContexts);
        }
    }

    /// <summary>Checks all laws and returns the result of each.</summary>
    /// <inheritdoc cref="Check(Func{Bijector}, Shape?, int?, int)"/>
    /// <returns>One result a law.</returns>
    public static IReadOnlyList<LawResult> Run(
        Func<Bijector> factory, Shape? shape = null, int? contextSize = null, int seed = 0) =>
        Run(Case(factory, shape, contextSize, seed));

    /// <summary>Checks all laws and returns the result of each.</summary>
    /// <param name="subject">The bijector to check, and on what.</param>
    /// <returns>One result a law.</returns>
    public static IReadOnlyList<LawResult> Run(LawCase subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        using var lawContexts = new LawContexts(subject);
        return [.. All.Select(law => Run(law, lawContexts))];
    }

    private static LawResult Run(Law law, LawContexts lawContexts)
    {
        try
        {
            law.Check(lawContexts);
            return new LawResult(law.Name, true, law.Statement);
        }
        catch (LawViolationException violation)
        {
            return new LawResult(law.Name, false, violation.Message);
        }
    }

    private static LawCase Case(Func<Bijector> factory, Shape? shape, int? contextSize, int seed)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new LawCase(_ => factory(), shape, contextSize, seed);
    }
}
