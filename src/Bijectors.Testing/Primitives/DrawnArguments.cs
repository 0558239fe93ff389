using System.Reflection;
using TorchSharp.Modules;

namespace Bijectors.Testing;

/// <summary>Further arguments of a marked method, drawn as its parameters ask for them.</summary>
internal static class DrawnArguments
{
    private static readonly Type[] s_numbers = [typeof(double), typeof(float), typeof(int), typeof(long)];

    /// <summary>
    /// How often to draw, so that each tensor once has all the dimensions of the event, once fewer and once none.
    /// </summary>
    public static int Turns(MarkedMethod method) =>
        method.Further.Any(p => IsDrawn(p) && p.ParameterType == typeof(Tensor)) ? PrimitiveMap.Event.Rank + 1 : 1;

    /// <summary>All arguments behind the point.</summary>
    /// <exception cref="ArgumentException">One is neither a tensor nor a number.</exception>
    public static object?[] Of(MarkedMethod method, Shape shape, Generator generator, int turn) =>
        [.. method.Further.Select((parameter, i) => IsDrawn(parameter)
            ? Draw(method, parameter, shape.Trailing((i + turn) % (shape.Rank + 1)), generator)
            : parameter.DefaultValue)];

    private static bool IsDrawn(ParameterInfo parameter) => !parameter.HasDefaultValue;

    private static object Draw(MarkedMethod method, ParameterInfo parameter, Shape shape, Generator generator)
    {
        var (positive, nonZero) =
            (parameter.IsDefined(typeof(PositiveAttribute)), parameter.IsDefined(typeof(NonZeroAttribute)));
        if (parameter.ParameterType == typeof(Tensor))
        {
            using var leaving = no_grad();
            using var scope = NewDisposeScope();
            return new Parameter(Drawn(shape, positive, nonZero, generator)).DetachFromDisposeScope();
        }

        if (!s_numbers.Contains(parameter.ParameterType))
        {
            throw new ArgumentException(
                $"PrimitiveLaws: expected further arguments of {method} that are tensors or numbers, "
                + $"got '{parameter}'; give them all, as in "
                + $"PrimitiveLaws.Check({method}, (shape, generator) => [...]).");
        }

        using var drawn = Drawn(Shape.Scalar, positive, nonZero, generator);
        var number = drawn.item<float>();
        var isWhole = parameter.ParameterType == typeof(int) || parameter.ParameterType == typeof(long);

        // Rounded away from zero, which might be excluded.
        return Convert.ChangeType(
            isWhole ? Math.Sign(number) * Math.Ceiling(Math.Abs(number)) : number, parameter.ParameterType, null);
    }

    /// <summary>Moderate numbers: what they are multiplied with may be at an edge of its domain.</summary>
    private static Tensor Drawn(Shape shape, bool positive, bool nonZero, Generator generator)
    {
        using var scope = NewDisposeScope();
        var normal = randn(shape.ToArray(), ScalarType.Float32, generator: generator);
        var size = (normal.abs() - 1).exp();
        return (positive ? size : nonZero ? normal.sign() * size : normal.alias()).MoveToOuterDisposeScope();
    }
}
