namespace Bijectors.Testing.RandomFlows;

/// <summary><c>new Rotation(angle)</c>, on points of the circle.</summary>
internal sealed record RotationStep(double Angle) : Step
{
    private static readonly Interval s_angles = new(-Math.PI, Math.PI);

    public override IEnumerable<string> Forms => [nameof(Rotation)];

    public override int Cost => 110 + new Parameters(Angle).Cost;

    public override IEnumerable<Interval> Domains => [s_angles];

    public override IEnumerable<Interval> Codomains => [s_angles];

    public override Shape Output(Shape input) => input;

    public override Bijector Build(Shape input, Making making) => new Rotation(Angle);

    public override string Write(Shape input, int contextSize) => $"new Rotation({Text.Of(Angle)})";

    public override IEnumerable<Step> Simpler(Shape input) =>
        new[] { 1, Math.Round(Angle) }.Where(angle => angle != 0).Select(angle => new RotationStep(angle));
}
