using System.Reflection;

namespace Bijectors.Testing;

/// <summary>A marked method with the twins that its attribute names, and where it maps from and to.</summary>
/// <param name="Map">The method.</param>
/// <param name="Inverse">Its inverse; null where it is found by iteration.</param>
/// <param name="LogSlope">Its log-slope; null where autograd takes it.</param>
/// <param name="Domain">What its points lie in.</param>
/// <param name="Range">What it maps them onto.</param>
/// <param name="WithLogSlope">Gives the value and the log-slope of x at once; null where there is none.</param>
/// <param name="InverseWithLogSlope">Gives x for y and the log-slope there at once; null where there is none.</param>
/// <param name="Target">The object of instance methods.</param>
internal sealed record MarkedMethod(
    MethodInfo Map, MethodInfo? Inverse, MethodInfo? LogSlope, MethodInfo? WithLogSlope,
    MethodInfo? InverseWithLogSlope, Interval Domain, Interval Range, object? Target)
{
    private const BindingFlags Any =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public
        | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The parameters behind the point.</summary>
    public IReadOnlyList<ParameterInfo> Further { get; } = Map.GetParameters()[1..];

    public static bool IsMarked(MethodInfo method) =>
        method.IsDefined(typeof(PrimitiveAttribute)) || method.IsDefined(typeof(MonotoneAttribute));

    /// <exception cref="ArgumentException">The method or what its attribute says cannot be a row of the compiler's
    /// table.</exception>
    public static MarkedMethod Of(MethodInfo method, object? target)
    {
        var name = Name(method);
        if (!IsTensor(method.ReturnType)
            || method.GetParameters() is not [{ ParameterType: var first }, ..] || !IsTensor(first))
        {
            throw new ArgumentException(
                $"PrimitiveLaws: expected {name} to take a Tensor first and to return one, got '{method}'.");
        }

        if (method.GetCustomAttribute<PrimitiveAttribute>() is { } primitive)
        {
            return new(
                method, Twin(primitive.Inverse, "inverse"), Twin(primitive.LogSlope, "log-slope"),
                Pair(primitive.WithLogSlope, "value with its log-slope"),
                Pair(primitive.InverseWithLogSlope, "inverse with its log-slope"), new(primitive.Low, primitive.High),
                new(primitive.RangeLow, primitive.RangeHigh), target);
        }

        return method.GetCustomAttribute<MonotoneAttribute>() is { } monotone
            ? new(method, null, null, null, null, new(monotone.Low, monotone.High),
                new(monotone.RangeLow, monotone.RangeHigh), target)
            : throw new ArgumentException(
                $"PrimitiveLaws: expected a method marked [Primitive] or [Monotone], got {name}.");

        MethodInfo Twin(string twin, string what) => Find(twin, what, IsTensor, "a Tensor");

        MethodInfo? Pair(string? twin, string what) => twin is null ? null : Find(twin, what, IsPair, "two Tensors");

        MethodInfo Find(string twin, string what, Func<Type, bool> gives, string says) =>
            method.DeclaringType!.GetMethod(twin, Any, [.. method.GetParameters().Select(p => p.ParameterType)])
                is { } found
                && found.IsStatic == method.IsStatic && gives(found.ReturnType)
                ? found
                : throw new ArgumentException(
                    $"PrimitiveLaws: {name} names {twin} as its {what}; expected a method {twin} of "
                    + $"{method.DeclaringType!.Name} with the parameters of "
                    + $"{method.Name} that returns {says}, got none.");
    }

    public override string ToString() => Name(Map);

    private static string Name(MethodInfo method) => $"{method.DeclaringType?.Name}.{method.Name}";

    private static bool IsTensor(Type type) => type.IsAssignableTo(typeof(Tensor));

    private static bool IsPair(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTuple<,>)
        && type.GetGenericArguments().All(IsTensor);
}
