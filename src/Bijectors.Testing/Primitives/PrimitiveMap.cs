using System.Reflection;
using Bijectors.CompilerServices;
using TorchSharp.Modules;

namespace Bijectors.Testing;

/// <summary>A marked method with its further arguments fixed: the map that the compiler makes of a call.</summary>
internal sealed class PrimitiveMap : Bijector
{
    private readonly MarkedMethod _method;
    private readonly object?[] _arguments;

    /// <param name="method">The method.</param>
    /// <param name="arguments">All arguments behind the point; tensors are registered under the names of their
    /// parameters.</param>
    /// <exception cref="ArgumentException">There are more or fewer arguments than parameters.</exception>
    public PrimitiveMap(MarkedMethod method, object?[] arguments)
    {
        (_method, _arguments) = (method, arguments);
        if (arguments.Length != method.Further.Count)
        {
            throw new ArgumentException($"PrimitiveLaws: expected the {method.Further.Count} arguments of {method} "
                + $"behind the point, got {arguments.Length}.");
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is Tensor argument)
            {
                Register(method.Further[i].Name!, argument);
            }
        }
    }

    /// <summary>
    /// The shape of the points: two dimensions of different sizes, so that each can be mistaken for another.
    /// </summary>
    public static Shape Event { get; } = Shape.Of(2, 3);

    /// <summary>The number of further arguments.</summary>
    public int Arguments => _arguments.Length;

    /// <summary>
    /// The size of the numbers that it calculates with: the largest of its arguments, and at least 1.
    /// </summary>
    public override double IntermediateSize => _arguments.Select((argument, i) => argument switch
    {
        Tensor => Largest(Registered(_method.Further[i].Name!)),
        double or float or int or long => Math.Abs(Convert.ToDouble(argument, null)),
        _ => 1,
    }).Append(1).Max();

    public override int EventRank => Event.Rank;

    public override Domain Domain => _method.Domain;

    public override Domain Codomain => _method.Range;

    /// <summary>
    /// <c>log|dy/dx|</c> of each entry, as the method's twin gives it: of the shape of the point or
    /// broadcastable to it.
    /// </summary>
    public Tensor LogSlope(Tensor x) => _method.LogSlope is { } slope ? Call(slope, x) : MonotoneSolve.LogSlope(Map, x);

    /// <summary>What the point is mapped to and <c>log|dy/dx|</c> there, where a method gives both at once.</summary>
    public (Tensor Value, Tensor LogSlope)? Together(Tensor point, bool inverse) =>
        (inverse ? _method.InverseWithLogSlope : _method.WithLogSlope) is { } both
            ? ((Tensor, Tensor))Invoke(both, point) : null;

    public override string ToString() => _method.ToString();

    // What the arguments are broadcast to is fixed with them.
    protected override Shape OutputShapeCore(Shape input) =>
        input == Event ? input : throw new ShapeException(ToString(), $"expected events {Event}", $"got {input}");

    protected override Shape InputShapeCore(Shape output) => OutputShapeCore(output);

    // As in emitted code, a scope around the call takes what the methods do not dispose.
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Map(x));
    }

    protected internal override Tensor InverseCore(Tensor y, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Solve(y));
    }

    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank)
    {
        using var scope = NewDisposeScope();
        var (y, logSlope) = Together(x, inverse: false) ?? (Map(x), LogSlope(x));
        return scope.MoveToOuter(y, LogDets.Sum(logSlope, x, eventRank));
    }

    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank)
    {
        using var scope = NewDisposeScope();
        if (Together(y, inverse: true) is not var (x, logSlope))
        {
            x = Solve(y);
            logSlope = LogSlope(x);
        }

        return scope.MoveToOuter(x, LogDets.Negate(LogDets.Sum(logSlope, y, eventRank)));
    }

    private Tensor Solve(Tensor y) => _method.Inverse is { } inverse
        ? Call(inverse, y)
        : MonotoneSolve.Solve(this, y, Map, _method.Domain.Low, _method.Domain.High);

    private static double Largest(Tensor argument)
    {
        using var leaving = no_grad();
        using var scope = NewDisposeScope();
        return argument.numel() == 0 ? 0 : argument.to(ScalarType.Float64).abs().max().item<double>();
    }

    private Tensor Map(Tensor x) => Call(_method.Map, x);

    private Tensor Call(MethodInfo method, Tensor point) => (Tensor)Invoke(method, point);

    private object Invoke(MethodInfo method, Tensor point)
    {
        // By name: a change of dtype replaces what is registered.
        var arguments =
            _arguments.Select((argument, i) => argument is Tensor ? Registered(_method.Further[i].Name!) : argument);
        return method.Invoke(_method.Target, BindingFlags.DoNotWrapExceptions, null, [point, .. arguments], null)!;
    }

    private void Register(string name, Tensor argument)
    {
        argument.DetachFromDisposeScope();
        if (argument.requires_grad)
        {
            register_parameter(name, argument as Parameter ?? new Parameter(argument));
        }
        else
        {
            register_buffer(name, argument);
        }
    }

    private Tensor Registered(string name) => get_parameter(name) ?? get_buffer(name)!;
}
