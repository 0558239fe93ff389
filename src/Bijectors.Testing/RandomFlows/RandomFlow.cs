using System.Globalization;
using Bijectors.Testing.RandomFlows;

namespace Bijectors.Testing;

/// <summary>
/// The description of a flow that was drawn from the algebra: from a known domain onto all reals, for a small shape,
/// with or without a context, and well conditioned. It is a value: the modules are made by <see cref="Build"/>, new
/// ones at every call.
/// </summary>
/// <example><code>
/// var drawn = RandomFlow.Draw(seed: 17);
/// BijectorLaws.Check(drawn.Case(seed: 0));
/// </code></example>
public sealed class RandomFlow : IEquatable<RandomFlow>
{
    private const int Largest = 20;

    private readonly Sequence _steps;

    internal RandomFlow(Shape shape, Sequence steps, int? contextSize, bool isStandardized = false)
    {
        Shape = shape;
        ContextSize = contextSize;
        IsStandardized = isStandardized;
        _steps = steps;
    }

    /// <summary>The shape of one data point.</summary>
    public Shape Shape { get; }

    /// <summary>The size of the context, where the flow is conditional.</summary>
    public int? ContextSize { get; }

    /// <summary>
    /// The names of the forms that were drawn, once for each time: types of bijectors and networks,
    /// partitions, scale maps.
    /// </summary>
    public IEnumerable<string> Forms =>
    [
        .. _steps.Steps.Length > 1 ? [nameof(Chain)] : Array.Empty<string>(), .. _steps.Forms,
        .. IsStandardized ? [nameof(ContextStandardization)] : Array.Empty<string>(),
    ];

    /// <summary>
    /// Whether the flow embeds its context by a <see cref="ContextStandardization"/>; the bijector is not concerned.
    /// </summary>
    internal bool IsStandardized { get; }

    /// <summary>How much there is to read in it; that of <see cref="Smaller"/> ones is less.</summary>
    internal long Cost => _steps.Cost + (10 * Shape.Rank) + (3 * Shape.Size)
        + (ContextSize is { } size ? 20 + size : 0) + (IsStandardized ? 10 : 0);

    internal Sequence Steps => _steps;

    /// <summary>Draws a flow. The same numbers give the same flow, on every machine.</summary>
    /// <param name="seed">What it is drawn from.</param>
    /// <param name="size">How many steps it may have, and how deep they may be nested; 1 to 20.</param>
    /// <exception cref="ArgumentException">The size is out of range.</exception>
    public static RandomFlow Draw(int seed, int size = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Largest);
        var chance = Chance.Of(seed, size);
        var shape = FlowDrawer.Shape(chance);
        var contextSize = chance.Happens(0.35) ? chance.Between(1, 3) : 0;
        var steps = new FlowDrawer(chance, size, contextSize).Flow(shape);
        return new(shape, steps, steps.ReadsContext ? contextSize : null, steps.ReadsContext && chance.Happens(0.4));
    }

    /// <summary>The bijector, a new one at every call.</summary>
    /// <param name="seed">What its parameters, and the orders that are not written down, are drawn from.</param>
    public Bijector Build(int seed)
    {
        using var generator = new Generator((ulong)seed);
        return _steps.Build(Shape, new(generator, ContextSize ?? 0));
    }

    /// <summary>What the laws check.</summary>
    /// <param name="seed">Determines the parameters, the points and the contexts.</param>
    public LawCase Case(int seed) => new(Build, Shape, ContextSize, seed);

    /// <summary>The flow onto a standard normal base; on the circle, onto a von Mises or a uniform one.</summary>
    /// <param name="seed">What its parameters, and the orders that are not written down, are drawn from.</param>
    public Flow Declare(int seed)
    {
        var context = ContextSize is { } size ? Shape.Vector(size) : (Shape?)null;
        return new(
            Shape, Build(seed), Base(seed), contextShape: context,
            embedding: IsStandardized ? Standardization(context!.Value, seed) : null);
    }

    /// <summary>
    /// Smaller flows that are as well conditioned, the simplest first: with fewer steps, an inner step for the one
    /// around it, a smaller shape, no context, simpler options.
    /// </summary>
    public IEnumerable<RandomFlow> Smaller() => FlowShrinking.Smaller(this);

    /// <summary>
    /// The C# expression that makes the bijector, where <c>g</c> is the generator that <see cref="Build"/> draws from.
    /// </summary>
    public string ToExpression() => _steps.Write(Shape, ContextSize ?? 0);

    /// <summary>The expression, the shape and the size of the context.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{ToExpression()} on {Shape}{InContext}");

    /// <summary>True where both are described alike.</summary>
    public bool Equals(RandomFlow? other) =>
        other is not null && Shape == other.Shape && ContextSize == other.ContextSize
        && IsStandardized == other.IsStandardized && _steps.Equals(other._steps);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RandomFlow);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shape, ContextSize, IsStandardized, _steps);

    private string InContext => ContextSize is { } size
        ? $" in a {(IsStandardized ? "standardized " : "")}context of size {size}"
        : "";

    /// <summary>A standard normal base, or one on the circle.</summary>
    private Func<Shape, Distribution> Base(int seed) =>
        !_steps.Forms.Contains(nameof(Rotation)) ? Distribution.StandardNormal
        : seed % 2 == 0 ? Distribution.UniformOnCircle
        : shape => new VonMises(shape, mean: 0.5, concentration: 2);

    /// <summary>One that has seen a batch of other contexts.</summary>
    private static ContextStandardization Standardization(Shape context, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var batch = (2 * randn([4 * DataInitialization.FewestItems, context.Size], generator: generator)) + 1;
        var embedding = new ContextStandardization(context);
        DataInitialization.Run(embedding, batch);
        return embedding;
    }
}
