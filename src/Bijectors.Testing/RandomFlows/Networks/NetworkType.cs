using System.Reflection;

namespace Bijectors.Testing.RandomFlows;

/// <summary>The sizes that a network is made of.</summary>
/// <param name="Inputs">How many features it reads.</param>
/// <param name="Outputs">How many features it gives, or a causal one for each feature.</param>
/// <param name="Hidden">Its width.</param>
/// <param name="Layers">How many layers or blocks it has.</param>
/// <param name="Context">The size of its context, 0 for none.</param>
/// <param name="Tokens">How many tokens it reads, where it counts them.</param>
internal readonly record struct NetworkSizes(
    long Inputs, long Outputs, int Hidden, int Layers, int Context = 0, long Tokens = 1);

/// <summary>
/// A type of networks whose constructor takes sizes and a generator. What an argument is, its name says: <c>inputs</c>
/// or <c>features</c>, <c>outputs</c>, <c>tokens</c>, <c>hidden</c>, <c>contextSize</c>; any other whole number is a
/// number of layers. What has a default and another name is left to its default.
/// </summary>
internal sealed class NetworkType
{
    private readonly ConstructorInfo _constructor;
    private readonly Lazy<(double Bias, double Gain)> _gain;
    private readonly int _fewestLayers;

    private NetworkType(ConstructorInfo constructor)
    {
        _constructor = constructor;
        _gain = new(Measured);

        // Some have a least number of layers.
        _fewestLayers = Refuses(layers: 0) ? 1 : 0;
        using var generator = new Generator(0);
        using var network = Make(new(2, 2, 2, 1), generator);
        (EventRank, FeatureAxis) = (network.EventRank, network.FeatureAxis);
    }

    /// <summary>Those of Core.</summary>
    public static IReadOnlyList<NetworkType> All { get; } =
    [
        .. In(typeof(Conditioner).Assembly)
            .OrderBy(type => !type.IsUsual).ThenBy(type => type.Name, StringComparer.Ordinal),
    ];

    /// <summary>What networks are shrunk to.</summary>
    public static NetworkType Usual { get; } = All.First(type => !type.IsCausal);

    /// <summary>What causal networks are shrunk to.</summary>
    public static NetworkType UsualCausal { get; } = All.First(type => type.IsCausal);

    public string Name => _constructor.DeclaringType!.Name;

    public int EventRank { get; }

    public int FeatureAxis { get; }

    public bool IsUsual => Name is nameof(ResidualMlp) or nameof(Made);

    public bool IsCausal => typeof(CausalConditioner).IsAssignableFrom(_constructor.DeclaringType);

    /// <summary>Whether it gives any number of features; where not, as many as it reads.</summary>
    public bool TakesOutputs => _constructor.GetParameters().Any(p => p.Name == "outputs");

    /// <summary>Whether an argument is of a type.</summary>
    public bool Takes(Type type) => _constructor.GetParameters().Any(p => p.ParameterType == type);

    /// <summary>The public ones of an assembly.</summary>
    public static IEnumerable<NetworkType> In(Assembly assembly) =>
        assembly.GetExportedTypes().Select(Of).OfType<NetworkType>();

    /// <summary>The networks of a type; null where no constructor of it takes sizes and a generator alone.</summary>
    public static NetworkType? Of(Type type)
    {
        if (type.IsAbstract || !type.IsSubclassOf(typeof(Conditioner)))
        {
            return null;
        }

        var constructor = type.GetConstructors().FirstOrDefault(
            c => c.GetParameters().Any(p => p.ParameterType == typeof(Generator)) && c.GetParameters().All(IsKnown));
        return constructor is null ? null : new(constructor);

        static bool IsKnown(ParameterInfo p) =>
            p.HasDefaultValue || p.ParameterType == typeof(Generator)
            || p.ParameterType == typeof(int) || p.ParameterType == typeof(long);
    }

    /// <summary>The network.</summary>
    /// <param name="sizes">Its sizes.</param>
    /// <param name="generator">What its weights are drawn from.</param>
    /// <param name="options">For arguments of this type, where there are any.</param>
    public Conditioner Make(NetworkSizes sizes, Generator generator, object? options = null)
    {
        object?[] arguments = [.. _constructor.GetParameters().Select(p => Argument(p, sizes, generator, options))];
        return (Conditioner)_constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    /// <summary>The expression that makes the network, where g is the generator.</summary>
    /// <param name="sizes">Its sizes.</param>
    /// <param name="options">Named arguments behind the others.</param>
    public string Write(NetworkSizes sizes, string? options = null) => Text.Call(
        $"new {Name}",
        [
            .. _constructor.GetParameters().Where(p => !p.HasDefaultValue || p.Name is "contextSize" or "outputs")
                .Select(p => Written(p, sizes)),
            options,
        ]);

    /// <summary>Whether it gives so many features.</summary>
    public bool Gives(long inputs, long outputs) => TakesOutputs || inputs == outputs;

    /// <summary>How large its raw outputs may be where entries are of a size.</summary>
    public double Raw(double size) => _gain.Value.Bias + (_gain.Value.Gain * size);

    public override string ToString() => Name;

    private object? Argument(ParameterInfo p, NetworkSizes sizes, Generator generator, object? options)
    {
        if (p.ParameterType == typeof(Generator))
        {
            return generator;
        }

        if (options is not null && p.ParameterType.IsInstanceOfType(options))
        {
            return options;
        }

        return Size(p, sizes) is { } size ? Convert.ChangeType(size, p.ParameterType, null) : p.DefaultValue;
    }

    private string? Written(ParameterInfo p, NetworkSizes sizes) =>
        p.ParameterType == typeof(Generator) ? "g"
        : p.Name == "contextSize" && sizes.Context == 0 ? null
        : p.Name == "outputs" && p.HasDefaultValue ? $"outputs: {sizes.Outputs}"
        : $"{Size(p, sizes)}";

    /// <summary>The size that an argument is; null where it is none.</summary>
    private long? Size(ParameterInfo p, NetworkSizes sizes) => p.Name switch
    {
        "inputs" or "features" => sizes.Inputs,
        "outputs" => sizes.Outputs,
        "tokens" => sizes.Tokens,
        "hidden" => sizes.Hidden,
        "contextSize" => sizes.Context,
        _ => p.HasDefaultValue ? null : Math.Max(_fewestLayers, sizes.Layers),
    };

    private bool Refuses(int layers)
    {
        using var generator = new Generator(0);
        try
        {
            Make(new(2, 2, 2, layers), generator).Dispose();
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    /// <summary>
    /// A bound that is linear in the size of the entries: twice the largest outputs of small networks whose weights
    /// were moved as the laws move them.
    /// </summary>
    private (double Bias, double Gain) Measured()
    {
        using var scope = NewDisposeScope();
        using var ungraded = no_grad();
        var (none, ten) = (0.0, 0.0);
        for (var seed = 0; seed < 20; seed++)
        {
            using var generator = new Generator((ulong)seed);
            using var network = Make(new(4, 4, 5, 2, Tokens: 2), generator);
            LawContext.Move(network, generator);
            long[] shape = [.. Enumerable.Repeat(2L, EventRank)];
            shape[^-FeatureAxis] = 4;
            var x = (rand([50, .. shape], generator: generator) * 20) - 10;
            none = Math.Max(none, network.Evaluate(zeros_like(x), null).abs().max().item<float>());
            ten = Math.Max(ten, network.Evaluate(x, null).abs().max().item<float>());
        }

        return (2 * none, 2 * Math.Max(0, ten - none) / 10);
    }
}
