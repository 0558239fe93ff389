namespace Bijectors.Testing.RandomFlows;

/// <summary>An elementwise bijector without tensors.</summary>
internal sealed record CurveStep(Curve Curve, Parameters Numbers) : Step
{
    public override IEnumerable<string> Forms => [Curve.Name];

    public override int Cost => (Curve.Name == nameof(Identity) ? 80 : Curve.IsLine ? 100 : 120) + Numbers.Cost;

    public override bool IsTransparent => Curve.IsLine;

    public override IEnumerable<Interval> Domains => [Whole];

    public override IEnumerable<Interval> Codomains => [Image(Whole)];

    private Interval Whole => new(Curve.Low, Curve.High);

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making) => Curve.Make(Numbers);

    public override string Write(Shape input, int contextSize) =>
        $"new {Curve.Name}({string.Join(", ", new[] { Numbers.A, Numbers.B }.Take(Curve.Numbers).Select(Text.Of))})";

    public override IEnumerable<Step> Simpler(Shape input)
    {
        if (Curve.Name != nameof(Identity))
        {
            yield return new CurveStep(CurveTable.Named(nameof(Identity)), default);
        }

        foreach (var simple in Numbers.Simpler(Curve.Numbers))
        {
            yield return this with { Numbers = simple };
        }
    }

    public override Interval Image(Interval input) => Ordered(Map(input.Low), Map(input.High));

    public override Interval Preimage(Interval output) => Ordered(Inverse(output.Low), Inverse(output.High));

    public override Probes Forward(Probes probes, Shape input) => probes.Through(Whole, Map, Slope);

    public override Probes Backward(Probes probes, Shape input) =>
        probes.Through(Image(Whole), Inverse, y => 1 / Slope(Inverse(y)));

    public double Map(double x) => Curve.Map(x, Numbers);

    public double Inverse(double y) => Curve.Inverse(y, Numbers);

    // What does not lie in the domain is of another part of the point.
    private static Interval Ordered(double a, double b) =>
        a < b ? new(a, b) : b < a ? new(b, a) : (Interval)Domain.Real;

    private double Slope(double x) => Curve.Slope(x, Numbers);
}
