using Bijectors.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Bijectors one after another: <c>y = f_n(... f_2(f_1(x)))</c>, <c>log|dy/dx| = sum over i of log|df_i|</c>. Written
/// <c>f1 >> f2</c>.
/// </summary>
public sealed partial class Chain : Bijector, IReversible
{
    // Written by hand, though the compiler would take a foreach over the layers: layers that preserve volume are not
    // asked for a log-det here, and a layer that a shape does not fit is named by its place.

    // Named for the checkpoint: layers.0, layers.1, ...
    private readonly ModuleList<Bijector> layers;
    private readonly Bijector[] _layers;

    private Chain(Bijector[] flat)
    {
        Nesting.CheckAround(nameof(Chain), flat);
        (Domain, Codomain) = DomainCheck.Through(flat, nameof(Chain));
        var change = 0;
        foreach (var layer in flat)
        {
            EventRank = Math.Max(EventRank, layer.EventRank - change);
            change += layer.OutputEventRank - layer.EventRank;
        }

        OutputEventRank = EventRank + change;
        _layers = flat;
        layers = new(flat);
        RegisterComponents();
    }

    /// <summary>The bijectors, the one that meets the data first.</summary>
    public IReadOnlyList<Bijector> Layers => _layers;

    /// <inheritdoc/>
    public override IReadOnlyList<Stage> Stages => [.. _layers.Select(layer => Stage.Of(layer))];

    /// <inheritdoc/>
    public override bool IsSequence => true;

    /// <inheritdoc/>
    public override int EventRank { get; }

    /// <inheritdoc/>
    public override int OutputEventRank { get; }

    /// <inheritdoc/>
    public override Domain Domain { get; }

    /// <inheritdoc/>
    public override Domain Codomain { get; }

    /// <inheritdoc/>
    public override bool IsVolumePreserving => _layers.All(layer => layer.IsVolumePreserving);

    /// <inheritdoc/>
    public override bool HasConstantJacobian => _layers.All(layer => layer.HasConstantJacobian);

    /// <inheritdoc/>
    public override bool IsIterative => _layers.Any(layer => layer.IsIterative);

    /// <inheritdoc/>
    public override bool HasRandomLogDet => _layers.Any(layer => layer.HasRandomLogDet);

    /// <summary>
    /// Chains bijectors, the first one first. Chains inside are flattened, identities vanish, and so does
    /// <c>f >> ~f</c> where it is the identity of all points that reach it; adjacent rearrangements that merge become
    /// one. What is left has the same domain and codomain, and may be a single bijector or <see cref="Identity"/>.
    /// </summary>
    /// <exception cref="DomainException">One gives values on which the next is not defined.</exception>
    /// <exception cref="ArgumentException">There are more than 10000 layers.</exception>
    public static Bijector Of(params Bijector[] bijectors)
    {
        ArgumentNullException.ThrowIfNull(bijectors);

        // Checked before anything vanishes: what was written down must make sense.
        var layers = ChainRewriting.Checked(bijectors);
        Nesting.CheckLength(nameof(Chain), layers.Count);
        var simplified = ChainRewriting.Simplify(layers);
        return simplified.Count switch
        {
            0 => new Identity(),
            1 => simplified[0],
            _ => new Chain([.. simplified]),
        };
    }

    /// <summary>
    /// A chain of just these layers, as it was saved: nothing vanishes and nothing merges, so that all names stay.
    /// </summary>
    internal static Chain OfLayers(Bijector[] layers)
    {
        Nesting.CheckLength(nameof(Chain), layers.Length);
        return new(layers);
    }

    /// <summary>What the operator makes.</summary>
    internal static Bijector OfTwo(Bijector first, Bijector second)
    {
        var layers = Nesting.Length(first) + Nesting.Length(second);
        return layers <= Nesting.LongestByOperator
            ? Of(first, second)
            : throw new LimitException(
                $"Chain: expected at most {Nesting.LongestByOperator} layers joined by >>, got {layers}; "
                + $"Chain.Of(layers) and Flow.On(shape).Repeat take up to {Nesting.Longest}.");
    }

    /// <summary>The bijectors with <c>>></c> in between.</summary>
    public override string ToString() => string.Join(" >> ", _layers.Select(layer => layer.ToString()));

    /// <inheritdoc/>
    protected override Shape OutputShapeCore(Shape input)
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            input = At(i, _layers[i].OutputShape, input);
        }

        return input;
    }

    /// <inheritdoc/>
    protected override Shape InputShapeCore(Shape output)
    {
        for (var i = _layers.Length - 1; i >= 0; i--)
        {
            output = At(i, _layers[i].InputShape, output);
        }

        return output;
    }

    /// <inheritdoc/>
    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => Map(x, context, inverse: false);

    /// <inheritdoc/>
    protected internal override Tensor InverseCore(Tensor y, Tensor? context) => Map(y, context, inverse: true);

    /// <inheritdoc/>
    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) => MapWithLogDet(x, context, inverse: false, eventRank);

    /// <inheritdoc/>
    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) => MapWithLogDet(y, context, inverse: true, eventRank);

    /// <inheritdoc/>
    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype)
    {
        var frozen = new Bijector[_layers.Length];
        for (var i = 0; i < frozen.Length; i++)
        {
            frozen[i] = _layers[i].FrozenCore(input, dtype);
            input = _layers[i].OutputShape(input);
        }

        return Of(frozen);
    }

    private Tensor Map(Tensor start, Tensor? context, bool inverse)
    {
        if (Reversing() is { } reversible)
        {
            return reversible.Run(start, context, inverse, eventRank: null).Point;
        }

        var point = start;
        for (var i = 0; i < _layers.Length; i++)
        {
            point = Next(start, point, Run(Layer(i, inverse), point, context, inverse));
        }

        return point;
    }

    private (Tensor Point, Tensor LogDet) MapWithLogDet(Tensor start, Tensor? context, bool inverse, int eventRank)
    {
        if (Reversing() is { } reversible)
        {
            var (result, sum) = reversible.Run(start, context, inverse, eventRank);
            return (result, sum ?? LogDets.Zero(start));
        }

        var point = start;
        Tensor? total = null;
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = Layer(i, inverse);
            point = inverse ? point : Marked(start, point, i);
            if (layer.IsVolumePreserving)
            {
                point = Next(start, point, Run(layer, point, context, inverse));
            }
            else
            {
                var (next, logDet) = inverse
                    ? Nested.InverseWithLogDet(layer, point, context, eventRank)
                    : Nested.ForwardWithLogDet(layer, point, context, eventRank);
                point = Next(start, point, next);
                total = total is null ? logDet : LogDets.Add(total, logDet);
            }

            var change = layer.OutputEventRank - layer.EventRank;
            eventRank += inverse ? -change : change;
        }

        return (point, total ?? LogDets.Zero(start));
    }

    /// <summary>The layer that a direction runs at a place.</summary>
    private Bijector Layer(int place, bool inverse) => _layers[inverse ? _layers.Length - 1 - place : place];

    private static Tensor Run(Bijector layer, Tensor point, Tensor? context, bool inverse) =>
        inverse ? Nested.Inverse(layer, point, context) : Nested.Forward(layer, point, context);

    /// <summary>The point before a layer, with a mark where somebody watches the backward pass.</summary>
    private Tensor Marked(Tensor callers, Tensor point, int place)
    {
        var marked = BackwardMarks.Mark(point, this, place);
        return ReferenceEquals(marked, point) ? point : Next(callers, point, marked);
    }

    /// <summary>Disposes the point that has been used, unless it is the caller's.</summary>
    private static Tensor Next(Tensor callers, Tensor used, Tensor next)
    {
        if (!ReferenceEquals(used, callers))
        {
            used.Dispose();
        }

        return next;
    }

    private Shape At(int index, Func<Shape, Shape> shape, Shape input)
    {
        try
        {
            return shape(input);
        }
        catch (ShapeException e)
        {
            throw e.At($"{nameof(Chain)}[{index}]");
        }
    }
}
