using Bijectors.Testing;
using static TorchSharp.torch;

namespace Bijectors.Tests.Laws;

/// <summary>
/// Log-dets between sets of fewer dimensions than entries are with respect to the surface, and the laws say so.
/// </summary>
public sealed class SurfaceTests
{
    public static TheoryData<string, double> Mistakes => new()
    {
        // The measure of the first K - 1 entries in place of that of the surface.
        { nameof(StickBreaking), -0.5 * Math.Log(4) },
        { nameof(Stereographic), Math.Log(2) },
        { nameof(FillCholesky), 0.01 },
        { nameof(Ascending), 0.01 },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_log_det_in_another_measure_is_rejected(string name, double mistake)
    {
        Bijector Right() => name switch
        {
            nameof(StickBreaking) => new StickBreaking(),
            nameof(Stereographic) => new Stereographic(),
            nameof(FillCholesky) => new FillCholesky(),
            _ => new Ascending(),
        };
        var law = BijectorLaws.All.Single(law => law.Name == "LogDet");
        law.Check(new LawCase(_ => new Shifted(Right(), 0), Shape.Vector(3)));
        law.Check(new LawCase(_ => ~new Shifted(Right(), 0), Right().OutputShape(Shape.Vector(3))));
        Assert.Throws<LawViolationException>(
            () => law.Check(new LawCase(_ => new Shifted(Right(), mistake), Shape.Vector(3))));
        Assert.Throws<LawViolationException>(
            () => law.Check(new LawCase(_ => ~new Shifted(Right(), mistake), Right().OutputShape(Shape.Vector(3)))));
    }

    /// <summary>A bijector whose log-det is off by a number.</summary>
    private sealed class Shifted(Bijector right, double mistake) : Bijector
    {
        public override int EventRank => right.EventRank;

        public override int OutputEventRank => right.OutputEventRank;

        public override Domain Codomain => right.Codomain;

        protected override Shape OutputShapeCore(Shape input) => right.OutputShape(input);

        protected override Shape InputShapeCore(Shape output) => right.InputShape(output);

        protected internal override Tensor ForwardCore(Tensor x, Tensor? context) => right.Forward(x);

        protected internal override Tensor InverseCore(Tensor y, Tensor? context) => right.Inverse(y);

        protected internal override (Tensor Y, Tensor LogDet) ForwardWithLogDetCore(
            Tensor x, Tensor? context, int eventRank)
        {
            var (y, logDet) = right.ForwardWithLogDet(x, null, eventRank);
            return (y, logDet + mistake);
        }

        protected internal override (Tensor X, Tensor LogDet) InverseWithLogDetCore(
            Tensor y, Tensor? context, int eventRank)
        {
            var (x, logDet) = right.InverseWithLogDet(y, null, eventRank);
            return (x, logDet - mistake);
        }
    }
}
