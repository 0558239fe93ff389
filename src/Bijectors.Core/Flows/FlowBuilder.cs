using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// Declares a flow layer by layer, from the data to the base, and carries the event shape: sizes follow, and what does
/// not fit is reported at the step that declares it. Every step appends a layer and returns the builder.
/// </summary>
public sealed partial class FlowBuilder
{
    private readonly List<Bijector> _layers = [];
    private readonly string _name;
    private readonly Shape _input;
    private readonly int _depth;
    private long _numbers;
    private DomainPath _domains;
    private int? _levels;
    private long _contextSize;
    private (Bijector Layer, Shape Image, Shape Table)? _patches;

    internal FlowBuilder(Shape shape, Generator generator, string name = nameof(Flow), long contextSize = 0, int depth = 1)
    {
        _depth = Nesting.CheckDepth(name, depth);
        _domains = new DomainPath(name);
        _input = shape;
        Shape = shape;
        Generator = generator;
        _name = name;
        _contextSize = contextSize;
    }

    /// <summary>The event shape after the layers so far.</summary>
    public Shape Shape { get; private set; }

    /// <summary>What parameters are drawn from; own layers should draw from it too.</summary>
    public Generator Generator { get; }

    /// <summary>The size of the context that conditioners read, 0 for none.</summary>
    public long ContextSize => _contextSize;

    /// <summary>Declares that the flow is conditional; conditioners of later steps read the context.</summary>
    /// <param name="contextSize">The C of the context <c>(batch..., C)</c>.</param>
    /// <exception cref="ArgumentException">The size is not positive.</exception>
    /// <exception cref="InvalidOperationException">It is a step of an inner flow.</exception>
    public FlowBuilder Conditional(int contextSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(contextSize);
        if (_name != nameof(Flow))
        {
            throw new InvalidOperationException(
                "Conditional: expected to be a step of the flow itself; its inner flows take the context from there.");
        }

        _contextSize = contextSize;
        return this;
    }

    /// <summary>Appends a bijector.</summary>
    /// <param name="bijector">Any bijector that fits the shape so far.</param>
    /// <exception cref="ShapeException">It does not.</exception>
    /// <exception cref="DomainException">An earlier layer gives values on which it is not defined.</exception>
    public FlowBuilder Then(Bijector bijector) => Append(() => bijector);

    /// <summary>Appends a bijector that is made for the shape so far.</summary>
    /// <param name="create">Makes it from this builder's <see cref="Shape"/>, <see cref="Generator"/> and
    /// <see cref="ContextSize"/>.</param>
    /// <exception cref="ShapeException">It does not fit the shape so far.</exception>
    /// <exception cref="DomainException">An earlier layer gives values on which it is not defined.</exception>
    public FlowBuilder Then(Func<FlowBuilder, Bijector> create) => Append(() => create(this));

    /// <summary>Appends the same steps several times, each time with parameters of their own.</summary>
    /// <param name="count">How many times.</param>
    /// <param name="layer">The steps.</param>
    /// <exception cref="ArgumentException">The count is negative, or the flow gets more than 10000 layers.</exception>
    public FlowBuilder Repeat(int count, Func<FlowBuilder, FlowBuilder> layer) => Repeat(count, (builder, _) => layer(builder));

    /// <summary>Appends steps several times.</summary>
    /// <param name="count">How many times.</param>
    /// <param name="layer">The steps of repetition 0, 1, ...</param>
    /// <exception cref="ArgumentException">The count is negative, or the flow gets more than 10000 layers.</exception>
    public FlowBuilder Repeat(int count, Func<FlowBuilder, int, FlowBuilder> layer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        for (var i = 0; i < count; i++)
        {
            layer(this, i);
        }

        return this;
    }

    /// <summary>Appends a flow of vectors along one axis, shared over all other axes.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="vectors">The steps of the flow of vectors.</param>
    /// <exception cref="ShapeException">The shape has no such axis, or a step does not fit.</exception>
    public FlowBuilder Mix(Axis axis, Func<FlowBuilder, FlowBuilder> vectors) => Append(() =>
    {
        var dim = axis.In(Shape);
        return Inner($"Mix({axis})", Shape.Vector(Shape[dim]), vectors).Along(dim);
    });

    /// <summary>
    /// Lets one part go on through further steps and is done with the other, see <see cref="Bijectors.FactorOut"/>; a
    /// vector comes out.
    /// </summary>
    /// <param name="rest">The steps of the part that goes on.</param>
    /// <param name="hidden">Width of the network that gives the prior of what is done; 0 for a standard normal one.</param>
    /// <param name="partition">What goes on, and what is done; the halves of the channels by default.</param>
    /// <exception cref="ShapeException">The partition or a step does not fit.</exception>
    public FlowBuilder FactorOut(Func<FlowBuilder, FlowBuilder> rest, int hidden = 32, Partition? partition = null) => Append(() =>
    {
        partition ??= Partition.Halves(Axis.Channels.In(Shape));
        var (going, done) = partition.Split(Shape);
        var layers = Inner(nameof(FactorOut), going, rest);
        return new FactorOut(partition, layers, hidden == 0 ? null : Network(going, 2 * Features(done), hidden, 1), Shape);
    });

    /// <summary>Ends the declaration.</summary>
    /// <param name="base">What the data are turned into, as a rule <see cref="Base.StandardNormal"/>.</param>
    /// <exception cref="DomainException">The layers are not onto the support of the base.</exception>
    public Flow Into(Base @base) => new(_input, ToBijector(), @base, _levels, _contextSize == 0 ? null : (int)_contextSize);

    /// <summary>The layers so far as one bijector.</summary>
    public Bijector ToBijector() => Chain.Of([.. _layers]);

    private Bijector Inner(string name, Shape shape, Func<FlowBuilder, FlowBuilder> steps)
    {
        var inner = new FlowBuilder(shape, Generator, name, _contextSize, _depth + 1);
        steps(inner);
        return inner.ToBijector();
    }

    private FlowBuilder Append(Func<Bijector> create)
    {
        try
        {
            var before = MemoryLimit.Taken;
            var layer = create();
            MemoryLimit.CheckFlow(_numbers += MemoryLimit.Taken - before);
            var output = layer.OutputShape(Shape);
            var flat = ChainRewriting.Flatten([layer]);
            Nesting.CheckLength(_name, _layers.Count + flat.Count);
            _domains = _domains.Then(flat);
            _layers.AddRange(flat);
            Shape = output;
            return this;
        }
        catch (ShapeException e)
        {
            throw e.At($"{_name}[{_layers.Count}]");
        }
    }
}
