using System.Collections.Concurrent;
using System.Reflection;

namespace Bijectors.Testing.RandomFlows;

/// <summary>A type of elementwise bijectors between intervals whose constructor takes numbers, or nothing.</summary>
internal sealed class Curve
{
    private readonly ConstructorInfo _constructor;
    private readonly ConcurrentDictionary<Parameters, CurveMap?> _maps = [];

    private Curve(ConstructorInfo constructor) => _constructor = constructor;

    /// <summary>The name of the type.</summary>
    public string Name => _constructor.DeclaringType!.Name;

    /// <summary>How many numbers its constructor takes.</summary>
    public int Numbers => _constructor.GetParameters().Length;

    /// <summary>Numbers that it takes: halves are scales, exponents, slopes and shares.</summary>
    public Parameters Usual => new([.. Enumerable.Repeat(0.5, Numbers)]);

    /// <summary>The map that changes nothing.</summary>
    public bool IsIdentity => Name == nameof(Identity);

    /// <summary>The curve of a type; null where the type is no elementwise bijector that numbers alone make.</summary>
    public static Curve? Of(Type type)
    {
        if (type.IsAbstract || type.ContainsGenericParameters || !type.IsSubclassOf(typeof(Bijector))
            || type.IsSubclassOf(typeof(Transformer)))
        {
            return null;
        }

        var constructor = type.GetConstructors()
            .Where(c => c.GetParameters().All(p => p.ParameterType == typeof(double)))
            .MaxBy(c => c.GetParameters().Length);
        var curve = constructor is null ? null : new Curve(constructor);
        return curve?.Map(curve.Usual) is null ? null : curve;
    }

    /// <summary>The bijector.</summary>
    /// <exception cref="ArgumentException">It does not take such numbers.</exception>
    public Bijector Make(Parameters numbers)
    {
        try
        {
            return (Bijector)_constructor.Invoke([.. numbers.Numbers.Select(number => (object)number)]);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is ArgumentException inner)
        {
            throw new ArgumentException(inner.Message, inner);
        }
    }

    /// <summary>What it does to plain numbers; null where it does not take such parameters.</summary>
    public CurveMap? Map(Parameters numbers) => _maps.GetOrAdd(numbers, made =>
    {
        try
        {
            return CurveMap.Of(Make(made));
        }
        catch (ArgumentException)
        {
            return null;
        }
    });

    public override string ToString() => Name;
}
