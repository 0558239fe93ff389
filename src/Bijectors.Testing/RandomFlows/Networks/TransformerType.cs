using System.Collections.Concurrent;
using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing.RandomFlows;

/// <summary>A static method of <see cref="Transformer"/> that makes one of sizes and a generator.</summary>
internal sealed class TransformerType
{
    private const int Drawn = 16;
    private readonly MethodInfo _method;
    private readonly ConcurrentDictionary<(int, double, double, bool), double> _gains = [];

    private TransformerType(MethodInfo method)
    {
        _method = method;
        using var generator = new Generator(0);
        using var one = Make(1, generator);
        Name = one.GetType().Name;
        IsIterative = one.IsIterative;
    }

    /// <summary>All there are.</summary>
    public static IReadOnlyList<TransformerType> All { get; } =
    [
        .. typeof(Transformer).GetMethods()
            .Where(method => method.IsStatic && method.ReturnType == typeof(Transformer))
            .Select(method => new TransformerType(method))
            .OrderBy(type => !type.IsUsual).ThenBy(type => type.Name, StringComparer.Ordinal),
    ];

    /// <summary>What transformers are shrunk to.</summary>
    public static TransformerType Usual => All[0];

    /// <summary>The name of its class.</summary>
    public string Name { get; }

    /// <summary>How often it is drawn: inverses that are found between brackets take their time.</summary>
    public int Weight => IsUsual ? 6 : IsIterative ? 1 : 2;

    /// <summary>Whether its inverse is found between brackets.</summary>
    public bool IsIterative { get; }

    public bool IsUsual => Name == nameof(RationalQuadraticSpline);

    public int Count(int size)
    {
        using var generator = new Generator(0);
        using var transformer = Make(size, generator);
        return transformer.ParameterCount;
    }

    /// <summary>One whose sizes are all the given one, or the least that it takes.</summary>
    public Transformer Make(int size, Generator generator) => (Transformer)_method.Invoke(
        null, BindingFlags.DoNotWrapExceptions, null,
        [.. _method.GetParameters().Select(parameter => Argument(parameter, size, generator))], null)!;

    public string Write(int size) => Text.Call(
        $"Transformer.{_method.Name}",
        _method.GetParameters().Select(parameter => parameter.ParameterType == typeof(int)
            ? parameter.HasDefaultValue ? $"{parameter.Name}: {Sized(parameter, size)}" : $"{Sized(parameter, size)}"
            : parameter.ParameterType == typeof(Generator) ? "g" : null));

    /// <summary>
    /// How large entries of a size become with raw parameters of a size, measured at random ones and at the largest,
    /// with a margin; sizes are rounded up.
    /// </summary>
    public double Gain(int size, double entries, double raw, bool isInverse) => _gains.GetOrAdd(
        (size, Rounded(entries), Rounded(raw), isInverse),
        key => Measured(key.Item1, key.Item2, key.Item3, key.Item4));

    private static double Rounded(double size) => Math.Pow(4, Math.Ceiling(Math.Log2(Math.Max(size, 1e-3)) / 2));

    private double Measured(int size, double entries, double raw, bool isInverse)
    {
        using var gradients = no_grad();
        using var generator = new Generator(1);
        using var transformer = Make(size, generator);
        using var scope = NewDisposeScope();
        transformer.to(ScalarType.Float64);
        var shape = new long[] { Drawn, transformer.ParameterCount };
        var parameters = (2 * rand(shape, ScalarType.Float64, generator: generator)) - 1;
        var all = raw * cat([parameters, parameters.sign()]).unsqueeze(0);
        var points = tensor([-entries, -entries / 2, 0, entries / 2, entries], ScalarType.Float64);
        var x = points.unsqueeze(-1).expand(points.size(0), all.size(1));
        var y = isInverse ? transformer.Undo(x, all) : transformer.Apply(x, all);
        return (1.2 * y.abs().max().item<double>()) + 0.2;
    }

    private object? Argument(ParameterInfo parameter, int size, Generator generator) => parameter.ParameterType switch
    {
        var type when type == typeof(Generator) => generator,
        var type when type == typeof(int) => Sized(parameter, size),
        _ => parameter.DefaultValue,
    };

    private static int Sized(ParameterInfo parameter, int size) => parameter.Name switch
    {
        "nodes" => 12,
        "degree" => Math.Max(size, 3),
        "bins" => Math.Max(size, 2),
        _ => size,
    };
}
