using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>One check of one law in one dtype: the bijector at hand, its twin in float64, and seeded chance.</summary>
/// <remarks>
/// Fresh bijectors are often the identity (zero-initialised), where most mistakes are invisible. Every parameter entry is
/// therefore moved by seeded noise, <c>p (1 + u/4)</c> or <c>u/4</c> where p is zero, u uniform on (-1, 1): what was positive or
/// not zero stays so. Buffers are left alone, and so is the global random number generator.
/// </remarks>
public sealed class Trial : IDisposable
{
    private readonly List<Generator> _generators = [];
    private Bijector? _exact;

    internal Trial(LawCase subject, ScalarType dtype)
    {
        Case = subject;
        DType = dtype;
        Bijector = Create();
        var arguments = Bijector is PrimitiveMap primitive ? primitive.Arguments : 0;
        var roundings = RoundingsPerModule * (1 + Bijector.modules().Count() + arguments);
        Rounding = roundings * Epsilon(dtype);
        ExactRounding = roundings * Epsilon(ScalarType.Float64);
    }

    /// <summary>What is checked, and on what.</summary>
    public LawCase Case { get; }

    /// <summary>The dtype of this check.</summary>
    public ScalarType DType { get; }

    /// <summary>The bijector to check, its parameters moved, in <see cref="DType"/>.</summary>
    public Bijector Bijector { get; }

    /// <summary>The same bijector in float64, with exactly the same parameters.</summary>
    public Bijector Exact => _exact ??= DType == ScalarType.Float64 ? Bijector : Twin();

    /// <summary>
    /// The relative error that the rounding of all the steps of the bijector may add up to: 4 roundings for it and for each of
    /// its submodules, and of a primitive for each further argument.
    /// </summary>
    public double Rounding { get; }

    /// <summary>The same for the twin in float64.</summary>
    internal double ExactRounding { get; }

    private static int RoundingsPerModule => 4;

    /// <summary>A generator of its own for every use, determined by the seed of the case.</summary>
    /// <param name="use">Tells one use from another.</param>
    public Generator Chance(int use)
    {
        var generator = new Generator((ulong)Case.Seed * 1000 + (ulong)use);
        _generators.Add(generator);
        return generator;
    }

    /// <summary>The exception that says what is wrong.</summary>
    /// <param name="law">The law that does not hold.</param>
    /// <param name="mismatch">What was looked at, expected and got.</param>
    public LawViolationException Violation(Law law, Mismatch mismatch) => new(law, this, mismatch, null);

    /// <summary>Disposes the bijectors.</summary>
    public void Dispose()
    {
        if (!ReferenceEquals(_exact, Bijector))
        {
            _exact?.Dispose();
        }

        Bijector.Dispose();
        _generators.ForEach(g => g.Dispose());
    }

    private static double Epsilon(ScalarType dtype) => dtype == ScalarType.Float64 ? Math.Pow(2, -52) : Math.Pow(2, -23);

    private Bijector Create()
    {
        var f = Case.Factory(Case.Seed);
        using var grad = no_grad();
        var generator = Chance(0);
        foreach (var (_, parameter) in f.named_parameters())
        {
            using var scope = NewDisposeScope();
            var noise = (rand(parameter.shape, ScalarType.Float32, generator: generator) * 2 - 1).to(parameter.dtype) / 4;
            parameter.add_(where(parameter == 0, noise, parameter * noise));
        }

        f.to(DType);
        return Kept(f);
    }

    private Bijector Twin()
    {
        // A factory may draw from a generator that has moved on since, so the state is copied, not drawn again.
        var f = Case.Factory(Case.Seed);
        f.to(DType);
        f.load_state_dict(Bijector.state_dict());
        f.to(ScalarType.Float64);
        return Kept(f);
    }

    private static Bijector Kept(Bijector f)
    {
        foreach (var tensor in f.state_dict().Values)
        {
            tensor.DetachFromDisposeScope();
        }

        return f;
    }
}
