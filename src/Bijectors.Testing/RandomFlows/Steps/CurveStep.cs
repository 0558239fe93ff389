namespace Bijectors.Testing.RandomFlows;

/// <summary>An elementwise bijector without tensors.</summary>
internal sealed record CurveStep(Curve Curve, Parameters Numbers) : Step
{
    /// <summary>The step that changes nothing.</summary>
    public static CurveStep Identity { get; } = new(CurveTable.Named(nameof(Bijectors.Identity)), default);

    public override IEnumerable<string> Forms => [Curve.Name];

    public override int Cost => (Curve.IsIdentity ? 80 : IsTransparent ? 100 : 120) + Numbers.Cost;

    public override bool IsTransparent => Map.IsLine;

    public override IEnumerable<Interval> Domains => [Map.Domain];

    public override IEnumerable<Interval> Codomains => [Map.Codomain];

    /// <summary>What it does to plain numbers.</summary>
    public CurveMap Map => Curve.Map(Numbers)
        ?? throw new ArgumentException($"{Curve.Name}: expected numbers that it takes, got {Arguments}.");

    private string Arguments => string.Join(", ", Numbers.Numbers.Select(Text.Of));

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making) => Curve.Make(Numbers);

    public override string Write(Shape input, int contextSize) => $"new {Curve.Name}({Arguments})";

    public override IEnumerable<Step> Simpler(Shape input)
    {
        if (!Curve.IsIdentity)
        {
            yield return Identity;
        }

        foreach (var simple in Numbers.Simpler().Where(numbers => Curve.Map(numbers) is not null))
        {
            yield return this with { Numbers = simple };
        }
    }

    public override Interval Image(Interval input) => Ordered(Map.Forward(input.Low), Map.Forward(input.High));

    public override Interval Preimage(Interval output) => Ordered(Map.Inverse(output.Low), Map.Inverse(output.High));

    public override Probes Forward(Probes probes, Shape input) => probes.Through(Map.Domain, Map.Forward);

    public override Probes Backward(Probes probes, Shape input) => probes.Through(Map.Codomain, Map.Inverse);

    // What does not lie in the domain is of another part of the point.
    private static Interval Ordered(double a, double b) =>
        a < b ? new(a, b) : b < a ? new(b, a) : (Interval)Domain.Real;
}
