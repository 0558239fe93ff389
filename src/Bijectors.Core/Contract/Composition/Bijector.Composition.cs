namespace Bijectors;

/// <content>What a bijector is made of, and what else others may ask of it without knowing its type.</content>
public abstract partial class Bijector
{
    private int _depth;

    /// <summary>
    /// What it runs, one stage after another, where it is made of bijectors; empty for a single map. Descriptions,
    /// checks of domains, bounds of the laws, reports and frozen copies look inside through this, and through nothing
    /// else.
    /// </summary>
    /// <remarks>
    /// The stages are the map: running them one after another gives what <see cref="Forward"/> gives. Where a bijector
    /// inside is used in a formula of another kind, its stage is <see cref="Stage.Formula"/>, and the whole is taken as
    /// one.
    /// </remarks>
    public virtual IReadOnlyList<Stage> Stages => [];

    /// <summary>
    /// True for one that is nothing but its stages, each of which takes the whole point, as a <see cref="Chain"/> is: a
    /// chain takes them in its place, and a table shows them instead of it.
    /// </summary>
    public virtual bool IsSequence => false;

    /// <summary>
    /// What it makes of smaller domains than its own, where it is a map of all reals that can name them; null for any
    /// other. It is the bijector itself where that implements <see cref="IDomainMap"/>, and follows from the stages
    /// where each one takes the whole point.
    /// </summary>
    public virtual IDomainMap? DomainMap => this as IDomainMap ?? SequenceDomainMap.Of(this);

    /// <summary>
    /// The axis along which this is an affine map with a constant Jacobian, <c>y = W x + b</c> with the same W and b
    /// for every place on the other axes, counted from the end; 0 where each element has a scale and a shift of its
    /// own; null for any other map. It follows from the stages where there are some. A frozen flow merges such maps
    /// with their neighbours; the constants themselves are found by asking the map.
    /// </summary>
    public virtual int? AffineAxis => Structure.AffineAxis(this);

    /// <summary>
    /// How large the numbers are that it computes with on the way, where they may be much larger than x and y: the
    /// knots of a spline. The laws allow the rounding of such numbers.
    /// </summary>
    public virtual double IntermediateSize => 0;

    /// <summary>How deep it is, where it is around others: 1 more than the deepest of them.</summary>
    internal int Depth => _depth == 0 ? _depth = Nesting.Depth(this) : _depth;
}
