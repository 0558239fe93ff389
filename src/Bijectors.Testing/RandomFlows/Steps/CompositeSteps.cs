namespace Bijectors.Testing.RandomFlows;

/// <summary><c>f.Along(axis)</c></summary>
internal sealed record AlongStep(Sequence Inner, int Axis) : Step
{
    public override IEnumerable<string> Forms => Inner.Forms.Prepend(nameof(Along));

    public override int Cost => 50 + Inner.Cost - Axis;

    public override bool ReadsContext => Inner.ReadsContext;

    public override bool IsTransparent => Inner is { IsTransparent: true, Steps.Length: <= 1 };

    public override IEnumerable<Interval> Domains => Inner.Domains;

    public override IEnumerable<Interval> Codomains => Inner.Codomains;

    public override Shape Output(Shape input) => Inner.Output(Vector(input)) == Vector(input)
        ? input
        : throw new ShapeException("Along", $"expected {Vector(input)}", $"got {Inner.Output(Vector(input))}");

    public override Bijector Build(Shape input, Making making) => Inner.Build(Vector(input), making).Along(Axis);

    public override string Write(Shape input, int contextSize) =>
        $"{Inner.WriteOperand(Vector(input), contextSize)}.Along({Axis})";

    public override Step WithoutContext() => this with { Inner = Inner.WithoutContext() };

    public override IEnumerable<Step> Simpler(Shape input) =>
        Inner.Simpler(Vector(input)).Select(inner => this with { Inner = inner }).Append(this with { Axis = -1 });

    public override IEnumerable<(Sequence Steps, Shape Shape)> Inside(Shape input) => [(Inner, Vector(input))];

    public override Interval Image(Interval input) => Inner.Image(input);

    public override Interval Preimage(Interval output) => Inner.Preimage(output);

    public override Probes Forward(Probes probes, Shape input) => Inner.Forward(probes, Vector(input));

    public override Probes Backward(Probes probes, Shape input) => Inner.Backward(probes, Vector(input));

    private Shape Vector(Shape input) => Shape.Vector(input[Axis]);
}

/// <summary><c>f.On(part)</c></summary>
internal sealed record OnStep(Sequence Inner, Splitting Split) : Step
{
    /// <summary>The simplest step with a part: the identity on it.</summary>
    public static OnStep OfNothing(Splitting split) => new(Sequence.Of(CurveStep.Identity), split);

    public override IEnumerable<string> Forms => [nameof(On), Split.Form, .. Inner.Forms];

    public override int Cost => 60 + Split.Cost + Inner.Cost;

    public override bool ReadsContext => Inner.ReadsContext;

    public override IEnumerable<Interval> Domains => Inner.Domains.Append((Interval)Domain.Real).Distinct();

    public override IEnumerable<Interval> Codomains => Inner.Codomains.Append((Interval)Domain.Real).Distinct();

    public override Shape Output(Shape input) => Inner.Output(Part(input)) == Part(input)
        ? input
        : throw new ShapeException("On", $"expected {Part(input)}", $"got {Inner.Output(Part(input))}");

    public override Bijector Build(Shape input, Making making) => Inner.Build(Part(input), making).On(Split.Make());

    public override string Write(Shape input, int contextSize) =>
        $"{Inner.WriteOperand(Part(input), contextSize)}.On({Split.Write()})";

    public override Step WithoutContext() => this with { Inner = Inner.WithoutContext() };

    public override IEnumerable<Step> Simpler(Shape input) =>
        [.. Inner.Simpler(Part(input)).Select(inner => this with { Inner = inner }),
            .. Split.Simpler().Select(split => this with { Split = split })];

    public override IEnumerable<(Sequence Steps, Shape Shape)> Inside(Shape input) => [(Inner, Part(input))];

    public override Probes Forward(Probes probes, Shape input) => Inner.Forward(probes, Part(input)).And(probes);

    public override Probes Backward(Probes probes, Shape input) => Inner.Backward(probes, Part(input)).And(probes);

    private Shape Part(Shape input) => Split.Make().Split(input).First;
}

/// <summary><c>new Parallel(f, g, partition)</c></summary>
internal sealed record ParallelStep(Sequence First, Sequence Second, Splitting Split) : Step
{
    public override IEnumerable<string> Forms => [nameof(Parallel), Split.Form, .. First.Forms, .. Second.Forms];

    public override int Cost => 70 + Split.Cost + First.Cost + Second.Cost;

    public override bool ReadsContext => First.ReadsContext || Second.ReadsContext;

    public override IEnumerable<Interval> Domains => First.Domains.Concat(Second.Domains).Distinct();

    public override IEnumerable<Interval> Codomains => First.Codomains.Concat(Second.Codomains).Distinct();

    public override Shape Output(Shape input)
    {
        var (a, b) = Parts(input);
        return First.Output(a) == a && Second.Output(b) == b
            ? input
            : throw new ShapeException("Parallel", $"expected {a} and {b}", "got others");
    }

    public override Bijector Build(Shape input, Making making)
    {
        var (a, b) = Parts(input);
        var first = First.Build(a, making);
        return new Parallel(first, Second.Build(b, making), Split.Make());
    }

    public override string Write(Shape input, int contextSize)
    {
        var (a, b) = Parts(input);
        return $"new Parallel({First.Write(a, contextSize)}, {Second.Write(b, contextSize)}, {Split.Write()})";
    }

    public override Step WithoutContext() =>
        this with { First = First.WithoutContext(), Second = Second.WithoutContext() };

    public override IEnumerable<Step> Simpler(Shape input)
    {
        var (a, b) = Parts(input);
        return
        [
            OnStep.OfNothing(Split),
            new OnStep(First, Split), new OnStep(Second, Split with { Swapped = !Split.Swapped }),
            .. First.Simpler(a).Select(first => this with { First = first }),
            .. Second.Simpler(b).Select(second => this with { Second = second }),
            .. Split.Simpler().Select(split => this with { Split = split }),
        ];
    }

    public override IEnumerable<(Sequence Steps, Shape Shape)> Inside(Shape input)
    {
        var (a, b) = Parts(input);
        return [(First, a), (Second, b)];
    }

    public override Probes Forward(Probes probes, Shape input)
    {
        var (a, b) = Parts(input);
        return First.Forward(probes, a).And(Second.Forward(probes, b));
    }

    public override Probes Backward(Probes probes, Shape input)
    {
        var (a, b) = Parts(input);
        return First.Backward(probes, a).And(Second.Backward(probes, b));
    }

    private (Shape First, Shape Second) Parts(Shape input) => Split.Make().Split(input);
}

/// <summary><c>new FactorOut(partition, rest, prior, shape)</c></summary>
internal sealed record FactorOutStep(Splitting Split, Sequence Rest, Network? Prior) : Step
{
    public override IEnumerable<string> Forms =>
        [nameof(FactorOut), Prior is null ? "FactorOut without a prior" : "FactorOut with a prior", Split.Form,
            .. Prior?.Forms ?? [], .. Rest.Forms];

    public override int Cost => 100 + Split.Cost + Rest.Cost + (Prior?.Cost ?? 0);

    public override bool ReadsContext => Rest.ReadsContext || Prior is { ReadsContext: true };

    public override Shape Output(Shape input)
    {
        var (retained, factored) = Parts(input);
        Rest.Output(retained);
        return Prior is not { } prior || (prior.Type.Gives(retained[prior.FeatureAxis], 2 * factored[prior.FeatureAxis])
                && retained.With(prior.FeatureAxis, 1) == factored.With(prior.FeatureAxis, 1))
            ? Shape.Vector(input.Size)
            : throw new ShapeException(
                "FactorOut", "expected parts between which a network fits", $"got {retained} and {factored}");
    }

    public override Bijector Build(Shape input, Making making)
    {
        var (retained, factored) = Parts(input);
        var rest = Rest.Build(retained, making);
        return new FactorOut(
            Split.Make(), rest, Prior?.Build(retained, 2 * factored[Prior.FeatureAxis], making), input);
    }

    public override string Write(Shape input, int contextSize)
    {
        var (retained, factored) = Parts(input);
        var prior = Prior is null ? "null" : Prior.Write(retained, 2 * factored[Prior.FeatureAxis], contextSize);
        return $"new FactorOut({Split.Write()}, {Rest.Write(retained, contextSize)}, {prior}, {Text.Of(input)})";
    }

    public override Step WithoutContext() =>
        this with { Rest = Rest.WithoutContext(), Prior = Prior is null ? null : Prior with { ReadsContext = false } };

    public override IEnumerable<Step> Simpler(Shape input) =>
    [
        new FlattenStep(input.Rank),
        OnStep.OfNothing(Split),
        this with { Prior = null },
        .. Rest.Simpler(Parts(input).Retained).Select(rest => this with { Rest = rest }),
        .. Split.Simpler().Select(split => this with { Split = split }),
        .. (Prior?.Simpler() ?? []).Select(prior => this with { Prior = prior }),
    ];

    public override IEnumerable<(Sequence Steps, Shape Shape)> Inside(Shape input) => [(Rest, Parts(input).Retained)];

    public override Probes Forward(Probes probes, Shape input) =>
        Rest.Forward(probes, Parts(input).Retained).And(Standardized(probes));

    public override Probes Backward(Probes probes, Shape input) =>
        Standardized(Rest.Backward(probes, Parts(input).Retained).And(probes));

    private Probes Standardized(Probes probes) => Prior is { } prior
        ? probes.Mixed(size => (size + prior.Raw(size)) * Scaling.Largest(new(ScalingKind.Bounded, 4), prior.Raw(size)))
        : probes;

    private (Shape Retained, Shape Factored) Parts(Shape input) => Split.Make().Split(input);
}
