using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>A formula of a <see cref="Sketch"/>: of the bijector, a point and a context.</summary>
internal delegate Tensor Formula(Sketch f, Tensor x, Tensor? context);

/// <summary>
/// <c>y = x exp(a) + b</c> on vectors of 3. It keeps every law as it stands; a mutant is a sketch with
/// one step replaced.
/// </summary>
internal sealed class Sketch : Bijector
{
    private readonly Parameter logScale = new(zeros(3).DetachFromDisposeScope());
    private readonly Parameter shift = new(zeros(3).DetachFromDisposeScope());
    private readonly Tensor calls = zeros(1).DetachFromDisposeScope();

    public Sketch()
    {
        (Map, Undo) = ((f, x, _) => x * f.A.exp() + f.B, (f, y, _) => (y - f.B) * (-f.A).exp());
        (Slope, UndoSlope) = ((f, _, _) => f.A.alias(), (f, _, _) => -f.A);
        RegisterComponents();
    }

    public Parameter A => logScale;

    public Parameter B => shift;

    public Tensor Calls => calls;

    public Formula Map { get; init; }

    public Formula? FusedMap { get; init; }

    public Formula Undo { get; init; }

    public Formula Slope { get; init; }

    public Formula UndoSlope { get; init; }

    public Func<Tensor, Tensor, int, Tensor> Sum { get; init; } =
        (slope, like, eventRank) => LogDets.Sum(slope, like, eventRank);

    public Func<Shape, Shape> Sizes { get; init; } = input =>
        input.Rank == 0 || input[-1] == 3
            ? input
            : throw new ShapeException("Sketch", "expected 3 entries", $"got {input}");

    public Domain From { get; init; } = Domain.Real;

    public Domain Onto { get; init; } = Domain.Real;

    public bool ClaimsConstant { get; init; }

    public bool ClaimsVolume { get; init; }

    public bool ClaimsToReadContext { get; init; } = true;

    public int Rank { get; init; } = 1;

    /// <summary>The tolerance that it states of its inverse.</summary>
    public double States { get; init; }

    /// <summary>
    /// Makes the frozen copy; without it there is none, as for any layer with parameters that does not say
    /// how it is copied.
    /// </summary>
    public Func<Sketch, Bijector>? Freeze { get; init; }

    public override int EventRank => Rank;

    public override double Tolerance => States;

    public override Domain Domain => From;

    public override Domain Codomain => Onto;

    public override bool ReadsContext => ClaimsToReadContext;

    public override bool IsVolumePreserving => ClaimsVolume;

    public override bool HasConstantJacobian => ClaimsConstant || ClaimsVolume;

    protected internal override Bijector FrozenCore(Shape input, ScalarType dtype) =>
        Freeze is null ? base.FrozenCore(input, dtype) : Freeze(this);

    protected override Shape OutputShapeCore(Shape input) => Sizes(input);

    protected override Shape InputShapeCore(Shape output) => Sizes(output);

    protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => Run(Map, x, context);

    protected internal override Tensor InverseCore(Tensor y, Tensor? context) => Run(Undo, y, context);

    protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
        Tensor x, Tensor? context, int eventRank) =>
        (Run(FusedMap ?? Map, x, context), Total(Slope, x, context, eventRank));

    protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
        Tensor y, Tensor? context, int eventRank) =>
        (Run(Undo, y, context), Total(UndoSlope, y, context, eventRank));

    private Tensor Run(Formula step, Tensor x, Tensor? context)
    {
        using var scope = NewDisposeScope();
        return step(this, x, context).MoveToOuterDisposeScope();
    }

    private Tensor Total(Formula slope, Tensor x, Tensor? context, int eventRank)
    {
        using var scope = NewDisposeScope();
        return Sum(slope(this, x, context), x, eventRank).MoveToOuterDisposeScope();
    }
}
