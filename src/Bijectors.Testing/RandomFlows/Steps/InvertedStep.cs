namespace Bijectors.Testing.RandomFlows;

/// <summary>The inverse of steps. Where those change the shape, it must be said which one they start from.</summary>
internal sealed record InvertedStep(Sequence Steps, Shape? From = null) : Step
{
    public InvertedStep(Step step, Shape? from = null)
        : this(Sequence.Of(step), from)
    {
    }

    public override IEnumerable<string> Forms => Steps.Forms.Prepend(nameof(Inverted));

    public override int Cost => 40 + Steps.Cost;

    public override bool ReadsContext => Steps.ReadsContext;

    public override bool IsTransparent => Steps.IsTransparent;

    public override IEnumerable<Interval> Domains => Steps.Codomains;

    public override IEnumerable<Interval> Codomains => Steps.Domains;

    public override Shape Output(Shape input)
    {
        var from = From ?? input;
        return Steps.Output(from) == input
            ? from
            : throw new ShapeException("~", $"expected {Steps.Output(from)}", $"got {input}");
    }

    public override Bijector Build(Shape input, Making making) => ~Steps.Build(From ?? input, making);

    public override string Write(Shape input, int contextSize) =>
        Steps.Steps.Length == 1
            ? $"~{Steps.Write(From ?? input, contextSize)}"
            : $"~({Steps.Write(From ?? input, contextSize)})";

    public override Step WithoutContext() => this with { Steps = Steps.WithoutContext() };

    public override IEnumerable<Step> Simpler(Shape input) =>
        Steps.Simpler(From ?? input).Select(steps => this with { Steps = steps });

    public override IEnumerable<(Sequence Steps, Shape Shape)> Inside(Shape input) => [(Steps, From ?? input)];

    public override Interval Image(Interval input) => Steps.Preimage(input);

    public override Interval Preimage(Interval output) => Steps.Image(output);

    public override Probes Forward(Probes probes, Shape input) => Steps.Backward(probes, From ?? input);

    public override Probes Backward(Probes probes, Shape input) => Steps.Forward(probes, From ?? input);
}
