namespace Bijectors.Testing.RandomFlows;

/// <summary>What a bijector is made with.</summary>
/// <param name="Generator">What its parameters are drawn from.</param>
/// <param name="ContextSize">The size of the context, 0 for none.</param>
internal sealed record Making(Generator Generator, int ContextSize);

/// <summary>
/// One step of a flow as it is declared, without the sizes that follow from the shape that comes in: the same step fits
/// smaller shapes. Steps are values and make a new bijector whenever they are asked to.
/// </summary>
internal abstract record Step
{
    /// <summary>
    /// The name of the type of the bijector, then of what it is made with, then those of inner steps.
    /// </summary>
    public abstract IEnumerable<string> Forms { get; }

    /// <summary>How much there is to read in it: a smaller step costs less.</summary>
    public abstract int Cost { get; }

    /// <summary>Whether a network in it reads the context.</summary>
    public virtual bool ReadsContext => false;

    /// <summary>Whether it takes any interval to an interval and does not bound the points itself.</summary>
    public virtual bool IsTransparent => false;

    /// <summary>The intervals in which the entries of a point must lie, one where all must lie in the same.</summary>
    public virtual IEnumerable<Interval> Domains => [(Interval)Domain.Real];

    /// <summary>The intervals that the entries come out in: the <see cref="Domains"/> of the inverse.</summary>
    public virtual IEnumerable<Interval> Codomains => [(Interval)Domain.Real];

    /// <summary>The shape that comes out.</summary>
    /// <exception cref="ShapeException">The shape does not fit, as far as one can tell here.</exception>
    public abstract Shape Output(Shape input);

    /// <summary>The bijector for a shape.</summary>
    public abstract Bijector Build(Shape input, Making making);

    /// <summary>The expression that makes the bijector, where g is the generator.</summary>
    public abstract string Write(Shape input, int contextSize);

    /// <summary>The same step where there is no context.</summary>
    public virtual Step WithoutContext() => this;

    /// <summary>Simpler steps for its place, the simplest first.</summary>
    public virtual IEnumerable<Step> Simpler(Shape input) => [];

    /// <summary>The steps inside, each with the shape that it works on.</summary>
    public virtual IEnumerable<(Sequence Steps, Shape Shape)> Inside(Shape input) => [];

    /// <summary>What the map makes of an interval, where it is transparent or elementwise.</summary>
    public virtual Interval Image(Interval input) => input;

    /// <summary>What the map makes an interval of, where it is transparent or elementwise.</summary>
    public virtual Interval Preimage(Interval output) => output;

    /// <summary>What the map makes of numbers.</summary>
    public virtual Probes Forward(Probes probes, Shape input) => probes;

    /// <summary>What the inverse map makes of numbers, where the map takes events of a shape.</summary>
    public virtual Probes Backward(Probes probes, Shape input) => probes;
}
