using System.Reflection;

namespace Bijectors.Testing;

/// <summary>
/// Holds methods marked <see cref="PrimitiveAttribute">[Primitive]</see> or
/// <see cref="MonotoneAttribute">[Monotone]</see> to what the compiler believes of them: the laws of a bijector, which
/// such a method is with its further arguments fixed, and that it works entry by entry.
/// </summary>
/// <remarks>
/// Points are events of shape (2, 3). A further argument with a default value keeps it, a tensor or a number is drawn:
/// positive where the parameter is marked <see cref="PositiveAttribute">[Positive]</see>, away from zero where it is
/// marked <see cref="NonZeroAttribute">[NonZero]</see>, otherwise normal. Tensors have the shape of the event or fewer
/// dimensions, and gradients must reach them.
/// </remarks>
/// <example><c>PrimitiveLaws.Check(typeof(MyFunctions));</c></example>
public static class PrimitiveLaws
{
    private const BindingFlags Static =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The laws, in the order in which they are checked: those that explain others come first.</summary>
    public static IReadOnlyList<Law> All { get; } =
    [
        new Shapes(), new NoTensorSurvives(), new DtypeAndDevice(), new Deterministic(), new Codomain(),
        new RoundTrip(), new Entrywise(), new LogSlopes(), new Together(),
        .. BijectorLaws.All.Where(
            law => law is ModesAgree or LogDet or Batching or Gradients or GradientsAgree or FiniteAtEdges),
    ];

    /// <summary>
    /// Checks all laws on every marked static method of a type and throws at the first that does not hold.
    /// </summary>
    /// <param name="type">The type that declares the methods; marked instance methods are checked one by one, as
    /// delegates.</param>
    /// <param name="seed">Determines the further arguments and the points.</param>
    /// <exception cref="LawViolationException">A law does not hold; the message names the method and the
    /// law.</exception>
    /// <exception cref="ArgumentException">No static method is marked, an attribute names something else than its
    /// twins, or a further argument cannot be drawn.</exception>
    public static void Check(Type type, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(type);
        var marked = type.GetMethods(Static).Where(MarkedMethod.IsMarked).ToList();
        if (marked.Count == 0)
        {
            throw new ArgumentException(
                $"PrimitiveLaws: expected a static method of {type.Name} marked [Primitive] or [Monotone], got none.");
        }

        foreach (var method in marked)
        {
            Check(MarkedMethod.Of(method, null), seed);
        }
    }

    /// <summary>Checks all laws on one marked method and throws at the first that does not hold.</summary>
    /// <param name="method">The method: <c>MyFunctions.Map</c>; of overloads, one cast to its delegate type.</param>
    /// <param name="seed">Determines the further arguments and the points.</param>
    /// <exception cref="LawViolationException">A law does not hold; the message names the method and the
    /// law.</exception>
    /// <exception cref="ArgumentException">The method is not marked, its attribute names something else than its twins,
    /// or a further argument cannot be drawn.</exception>
    public static void Check(Delegate method, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(method);
        Check(MarkedMethod.Of(method.Method, method.Target), seed);
    }

    /// <summary>
    /// Checks all laws on one marked method with given further arguments and throws at the first that does not hold.
    /// </summary>
    /// <param name="method">The method: <c>MyFunctions.Map</c>; of overloads, one cast to its delegate type.</param>
    /// <param name="arguments">Gives all arguments behind the point from the shape of the event and a generator, the
    /// same ones at every call. A tensor is given without batch dimensions. One that requires gradients is taken for a
    /// parameter: gradients to it are checked, and each of its entries is moved by up to a quarter of itself.</param>
    /// <param name="seed">Determines the generator and the points.</param>
    /// <exception cref="LawViolationException">A law does not hold; the message names the method and the
    /// law.</exception>
    /// <exception cref="ArgumentException">The method is not marked, its attribute names something else than its twins,
    /// or it takes another number of arguments.</exception>
    public static void Check(Delegate method, Func<Shape, Generator, object?[]> arguments, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(arguments);
        Check(MarkedMethod.Of(method.Method, method.Target), arguments, seed);
    }

    private static void Check(MarkedMethod method, int seed)
    {
        for (var turn = 0; turn < DrawnArguments.Turns(method); turn++)
        {
            var own = turn;
            Check(method, (shape, generator) => DrawnArguments.Of(method, shape, generator, own), seed);
        }
    }

    private static void Check(MarkedMethod method, Func<Shape, Generator, object?[]> arguments, int seed)
    {
        using var lawContexts = new LawContexts(new LawCase(Make, PrimitiveMap.Event, seed: seed));
        foreach (var law in All)
        {
            law.Check(lawContexts);
        }

        Bijector Make(int ignored)
        {
            using var generator = new Generator((ulong)seed);
            return new PrimitiveMap(method, arguments(PrimitiveMap.Event, generator));
        }
    }
}
