using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests.Saving;

/// <summary>A layer of one's own, written by its constructor: <c>y = slope x + offset</c>.</summary>
internal sealed class Line : Bijector
{
    private readonly TorchSharp.Modules.Parameter offset;
    private readonly double _slope;
    private readonly Kind _kind;

    public Line(Shape shape, double slope, Kind kind, IReadOnlyList<string>? notes = null)
    {
        (EventShape, _slope, _kind, Notes) = (shape, slope, kind, notes);
        offset = new(zeros(shape.ToArray()));
        RegisterComponents();
    }

    public enum Kind
    {
        Straight,
        Bent,
    }

    public Shape EventShape { get; }

    public IReadOnlyList<string>? Notes { get; }

    public override int EventRank => EventShape.Rank;

    // The parameter of the constructor is called shape.
    internal Shape Shape => EventShape;

    public override string ToString() => FormattableString.Invariant($"Line({_slope}, {_kind}, {Notes?.Count})");

    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => (x * _slope) + offset;

    protected internal override Tensor InverseCore(Tensor y, Tensor? context) => (y - offset) / _slope;

    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (ForwardCore(x, context), LogDets.Constant(Math.Log(Math.Abs(_slope)), x, eventRank));

    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) =>
        (InverseCore(y, context), LogDets.Constant(-Math.Log(Math.Abs(_slope)), y, eventRank));
}

/// <summary>
/// A layer whose constructor keeps nothing under its name, written by functions; it computes what it is told to.
/// </summary>
internal sealed class Told(double number) : Bijector
{
    public static double Error { get; set; }

    public double Written => number;

    public override int EventRank => 0;

    public override bool IsVolumePreserving => true;

    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => x + number + Error;

    protected internal override Tensor InverseCore(Tensor y, Tensor? context) => y - number - Error;

    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (ForwardCore(x, context), LogDets.Zero(x));

    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) =>
        (InverseCore(y, context), LogDets.Zero(y));
}
