using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors;

/// <summary>
/// An unknown part of a domain: the image of a bijector whose input does not cover its whole domain. A flow must not
/// end in one, since its density would not integrate to one.
/// </summary>
internal sealed record PartOf : Domain
{
    private PartOf(Domain whole) => Whole = whole;

    /// <summary>What it is part of.</summary>
    public Domain Whole { get; }

    /// <summary>An unknown part of a domain.</summary>
    public static Domain Of(Domain whole) => whole as PartOf ?? new PartOf(whole);

    public override int EventRank => Whole.EventRank;

    public override Domain Elements => Whole.Elements;

    public override long Dimensions(Shape eventShape) => Whole.Dimensions(eventShape);

    public override Tensor? Tangents(Tensor x) => Whole.Tangents(x);

    /// <summary>True where the point may be inside, false where it is not.</summary>
    public override Tensor Contains(Tensor x) => Whole.Contains(x);

    protected internal override Tensor Nearest(Tensor x) => Whole.Nearest(x);

    public override Tensor Sample(ReadOnlySpan<long> shape, ScalarType dtype, Generator generator) =>
        throw new NotSupportedException($"It is not known which {this} the values fill, so none can be drawn from it.");

    public override IReadOnlyList<double> EdgePoints(ScalarType dtype) => [];

    public override bool Includes(Domain other) => false;

    public override Domain Scaled(double scale, double shift) => Of(Whole.Scaled(scale, shift));

    protected internal override bool LiesIn(Interval interval) => interval.Includes(Whole);

    public override Domain Intersect(Domain other) => Of(Whole.Intersect(other));

    public override Domain Hull(Domain other) => Of(Whole.Hull(other));

    public override string ToString() => $"part of {Whole}";
}
