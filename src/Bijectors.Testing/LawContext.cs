namespace Bijectors.Testing;

/// <summary>
/// What a law is tested on: a bijector in one dtype, the same bijector in float64, and seeded generators.
/// </summary>
/// <remarks>
/// Fresh bijectors are often the identity (zero-initialised), where most mistakes are invisible. Every parameter entry
/// is therefore moved by seeded noise, <c>p (1 + u/4)</c> or <c>u/4</c> where p is zero, u uniform on (-1, 1): what was
/// positive or not zero stays so. Buffers are left alone, and so is the global random number generator.
/// </remarks>
public sealed class LawContext : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly KnownPoints _points;

    internal LawContext(LawCase subject, ScalarType dtype)
    {
        (Case, DType) = (subject, dtype);
        _points = Owned(new KnownPoints(this));
        Bijector = Moved();
        Exact = dtype == ScalarType.Float64 ? Bijector : Twin();
        ModuleSnapshot = Owned(ModuleSnapshot.Of(Bijector));
    }

    private LawContext(LawCase subject, ScalarType dtype, Bijector bijector, Bijector exact, ModuleSnapshot snapshot)
    {
        (Case, DType, Bijector, Exact, ModuleSnapshot) = (subject, dtype, bijector, exact, snapshot);
        _points = Owned(new KnownPoints(this));
    }

    /// <summary>What is checked, and on what.</summary>
    public LawCase Case { get; }

    /// <summary>The dtype of this check.</summary>
    public ScalarType DType { get; }

    /// <summary>The bijector to check, its parameters moved, in <see cref="DType"/>.</summary>
    public Bijector Bijector { get; }

    /// <summary>The same bijector in float64, with exactly the same parameters.</summary>
    public Bijector Exact { get; }

    /// <summary>
    /// The relative error that the rounding of all the steps of the bijector may add up to:
    /// <see cref="LawCase.Roundings"/> for it and for each of its submodules, and of a primitive for each
    /// further argument.
    /// </summary>
    public double Rounding => RoundingOf(Bijector, DType);

    /// <summary>The state of the bijector before its first call.</summary>
    internal ModuleSnapshot ModuleSnapshot { get; }

    /// <summary>A generator whose seed is made of the seed of the case and the number of its use.</summary>
    /// <param name="use">The number of the use: equal numbers give equal draws.</param>
    public Generator GeneratorFor(int use) => Owned(new Generator((ulong)Case.Seed * 1000 + (ulong)use));

    /// <summary>The exception that says what is wrong.</summary>
    /// <param name="law">The law that does not hold.</param>
    /// <param name="mismatch">What was compared, expected and got.</param>
    public LawViolationException Violation(Law law, Mismatch mismatch) => new(law, this, new Violation(mismatch));

    /// <summary>Disposes the bijectors.</summary>
    public void Dispose()
    {
        foreach (var one in _owned)
        {
            one.Dispose();
        }
    }

    /// <summary>The law context of a bijector inside this one, with the parameters it has there.</summary>
    /// <param name="path">Its name among the modules.</param>
    /// <param name="shape">The shape of its events.</param>
    /// <param name="contextSize">The size of the context that reaches it.</param>
    internal LawContext Inside(string path, Shape shape, int? contextSize)
    {
        var subject = new LawCase(seed => Find(Case.Factory(seed)), shape, contextSize, Case.Seed, Case.Roundings);
        return new(subject, DType, Find(Bijector), Find(Exact), ModuleSnapshot.Inside(path));

        Bijector Find(Bijector outer) => (Bijector)outer.named_modules().Single(inner => inner.name == path).module;
    }

    /// <summary>Moves every entry of every parameter by noise.</summary>
    internal static void Move(nn.Module module, Generator generator)
    {
        using var grad = no_grad();
        foreach (var (_, parameter) in module.named_parameters())
        {
            using var scope = NewDisposeScope();
            var unit = rand(parameter.shape, ScalarType.Float32, generator: generator);
            var noise = ((unit * 2) - 1).to(parameter.dtype) / 4;
            parameter.add_(where(parameter == 0, noise, parameter * noise));
        }
    }

    /// <summary>The relative error that the rounding of all the steps of a bijector may add up to in a dtype.</summary>
    internal double RoundingOf(Bijector f, ScalarType dtype)
    {
        var arguments = f is PrimitiveMap primitive ? primitive.Arguments : 0;
        return Case.Roundings * (1 + f.modules().Count() + arguments)
            * (dtype == ScalarType.Float64 ? Math.Pow(2, -52) : Math.Pow(2, -23));
    }

    /// <summary>The seeded points of a direction that most laws look at. What they cost is paid once.</summary>
    internal Points PointsOf(Direction direction) => _points.Drawn(direction);

    /// <summary>The points of a direction at the edges.</summary>
    internal Points EdgesOf(Direction direction) => _points.Edges(direction);

    /// <summary>The points of a direction all of whose entries are the same whole number.</summary>
    internal Points WholeOf(Direction direction) => _points.Whole(direction);

    /// <summary>Points with their whole numbers moved halfway to the next, as far as the domain goes.</summary>
    internal Points BesideOf(Direction direction, Points points) => _points.Beside(direction, points);

    /// <summary>The conditioning of a direction at points.</summary>
    internal Conditioning Conditioning(Direction direction, Points points) => _points.Conditioning(direction, points);

    private T Owned<T>(T one)
        where T : IDisposable
    {
        _owned.Add(one);
        return one;
    }

    private Bijector Moved()
    {
        var f = Case.Factory(Case.Seed);
        Move(f, GeneratorFor(0));
        f.to(DType);
        return Owned(Kept(f));
    }

    private Bijector Twin()
    {
        // A factory may draw from a generator that has moved on since, so the state is copied, not drawn again.
        var f = Case.Factory(Case.Seed);
        f.to(ScalarType.Float64);
        f.load_state_dict(Bijector.state_dict());
        return Owned(Kept(f));
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
