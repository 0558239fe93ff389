using System.Collections.Immutable;

namespace Bijectors.Testing.RandomFlows;

/// <summary>Steps one after another; none is the identity.</summary>
internal sealed record Sequence(ImmutableArray<Step> Steps) : Step
{
    public static Sequence Of(params IEnumerable<Step> steps) => new([.. steps]);

    public override IEnumerable<string> Forms => Steps.SelectMany(step => step.Forms);

    /// <summary>Brackets around some of the steps are one more thing to read.</summary>
    public override int Cost => Steps.Length == 0
        ? CurveStep.Identity.Cost
        : Steps.Sum(step => step.Cost + (step is Sequence ? 1 : 0));

    public override bool ReadsContext => Steps.Any(step => step.ReadsContext);

    public override bool IsTransparent => Steps.All(step => step.IsTransparent);

    /// <summary>Those of the first step that bounds the points, through the steps before it.</summary>
    public override IEnumerable<Interval> Domains =>
        Through(Steps, step => step.Domains, (step, interval) => step.Preimage(interval)) ?? base.Domains;

    /// <summary>Those of the last step that bounds the points, through the steps after it.</summary>
    public override IEnumerable<Interval> Codomains =>
        Through(Steps.Reverse(), step => step.Codomains, (step, interval) => step.Image(interval)) ?? base.Codomains;

    public override Shape Output(Shape input) => Steps.Aggregate(input, (shape, step) => step.Output(shape));

    /// <summary>The shapes that the steps work on.</summary>
    public IReadOnlyList<Shape> Shapes(Shape input)
    {
        var shapes = new List<Shape>();
        foreach (var step in Steps)
        {
            shapes.Add(input);
            input = step.Output(input);
        }

        return shapes;
    }

    public override Bijector Build(Shape input, Making making)
    {
        Bijector? chain = null;
        foreach (var (step, shape) in Steps.Zip(Shapes(input)))
        {
            var next = step.Build(shape, making);
            chain = chain is null ? next : chain >> next;
        }

        return chain ?? new Identity();
    }

    public override string Write(Shape input, int contextSize) =>
        Steps.Length == 0 ? "new Identity()" : string.Join(
            " >> ", Steps.Zip(Shapes(input), (step, shape) =>
                step is Sequence chain ? chain.WriteOperand(shape, contextSize) : step.Write(shape, contextSize)));

    /// <summary>The expression, in brackets where something follows or goes before.</summary>
    public string WriteOperand(Shape input, int contextSize) =>
        Steps is [] or [not InvertedStep and not Sequence]
            ? Write(input, contextSize)
            : $"({Write(input, contextSize)})";

    public override Sequence WithoutContext() => Of(Steps.Select(step => step.WithoutContext()));

    /// <summary>Fewer steps, then inner steps in the place of those around them, then simpler ones.</summary>
    public override IEnumerable<Sequence> Simpler(Shape input)
    {
        for (var count = Steps.Length; count > 0; count--)
        {
            for (var first = 0; first + count <= Steps.Length; first++)
            {
                yield return new(Steps.RemoveRange(first, count));
            }
        }

        var shapes = Shapes(input);
        for (var i = 0; i < Steps.Length; i++)
        {
            foreach (var (inner, _) in Steps[i].Inside(shapes[i]))
            {
                yield return new(Steps.RemoveAt(i).InsertRange(i, inner.Steps));
            }

            foreach (var simpler in Steps[i].Simpler(shapes[i]))
            {
                yield return new(Steps.SetItem(i, simpler));
            }
        }
    }

    public override IEnumerable<(Sequence Steps, Shape Shape)> Inside(Shape input) => [(this, input)];

    public override Interval Image(Interval input) => Steps.Aggregate(input, (interval, step) => step.Image(interval));

    public override Interval Preimage(Interval output) =>
        Steps.Reverse().Aggregate(output, (interval, step) => step.Preimage(interval));

    public override Probes Forward(Probes probes, Shape input)
    {
        foreach (var (step, shape) in Steps.Zip(Shapes(input)))
        {
            probes = step.Forward(probes, shape);
        }

        return probes;
    }

    public override Probes Backward(Probes probes, Shape input)
    {
        foreach (var (step, shape) in Steps.Zip(Shapes(input)).Reverse())
        {
            probes = step.Backward(probes, shape);
        }

        return probes;
    }

    /// <summary>Equal steps, one by one.</summary>
    public bool Equals(Sequence? other) => other is not null && Steps.SequenceEqual(other.Steps);

    public override int GetHashCode() => Steps.Aggregate(17, HashCode.Combine);

    private static IEnumerable<Interval>? Through(
        IEnumerable<Step> steps, Func<Step, IEnumerable<Interval>> bounds, Func<Step, Interval, Interval> through)
    {
        var transparent = steps.TakeWhile(step => step.IsTransparent).Reverse().ToList();
        return steps.ElementAtOrDefault(transparent.Count) is { } bounding
            ? bounds(bounding).Select(interval => transparent.Aggregate(interval, (i, step) => through(step, i)))
            : null;
    }
}
