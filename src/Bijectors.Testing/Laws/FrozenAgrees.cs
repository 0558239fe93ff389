namespace Bijectors.Testing;

/// <summary>A frozen copy is the map of that moment.</summary>
internal sealed class FrozenAgrees : PointLaw
{
    public override string Statement =>
        "Frozen, where a bijector can be, is the same map with the same log-det, shapes and intervals, "
        + "holds no parameters, and stays so when the bijector is trained on; "
        + "either lives on when the other is disposed";

    public override string UsualCause =>
        "a part that FrozenCore leaves out, or hands on instead of a frozen copy of it.";

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        using var grad = no_grad();
        var f = lawContext.Bijector;
        if (Copy(lawContext) is not { } frozen || ReferenceEquals(frozen, f))
        {
            return null;
        }

        var own = f.state_dict().Values.ToHashSet(ReferenceEqualityComparer.Instance);
        try
        {
            return Says(lawContext, frozen)
                ?? Compare(lawContext, direction, points, frozen)
                ?? Later(lawContext, direction, points, frozen)
                ?? Alone(lawContext, direction, points, disposesCopy: true)
                ?? Alone(lawContext, direction, points, disposesCopy: false);
        }
        finally
        {
            foreach (var constant in frozen.state_dict().Values.Where(constant => !own.Contains(constant)))
            {
                constant.Dispose();
            }
        }
    }

    /// <summary>A frozen copy; null where a layer does not say how it is copied.</summary>
    private static Bijector? Copy(LawContext lawContext)
    {
        try
        {
            return lawContext.Bijector.Frozen(lawContext.Case.Shape, lawContext.DType);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static Mismatch? Says(LawContext lawContext, Bijector frozen)
    {
        var (f, shape) = (lawContext.Bijector, lawContext.Case.Shape);
        return Same("its domain", $"{f.Domain}", $"{frozen.Domain}")
            ?? Same("its codomain", $"{f.Codomain}", $"{frozen.Codomain}")
                ?? Same("its output shape", $"{f.OutputShape(shape)}", $"{frozen.OutputShape(shape)}")
                ?? frozen.named_parameters()
                    .Select(p => Same($"its parameter '{p.name}'", "a constant", "a parameter")).FirstOrDefault();

        static Mismatch? Same(string what, string expected, string got) =>
            expected == got ? null : new($"Frozen: {what}", expected, got);
    }

    private static Mismatch? Compare(LawContext lawContext, Direction direction, Points points, Bijector frozen)
    {
        var at = lawContext.Conditioning(direction, points);
        return Answers.Of(direction, points)
            .Find(Answers.Of(direction.Of(frozen), points), direction, at.OfMap, at.OfLogDet,
                call => $"{call} of the frozen copy");
    }

    private static Mismatch? Later(LawContext lawContext, Direction direction, Points points, Bijector frozen)
    {
        var (y, logDet) = direction.Of(frozen).ApplyWithLogDet(points.X, points.Context);
        using var step = new MovedParameters(lawContext.Bijector, p => p * 1.25 + 0.125);
        var (later, laterLogDet) = direction.Of(frozen).ApplyWithLogDet(points.X, points.Context);
        var name = $"{direction.Name}WithLogDet({direction.PointName})";
        const string When = "of the frozen copy after a step of training";
        return Close.Find($"{name} {When}", y, later, zeros_like(y))
            ?? Close.Find($"{name}.LogDet {When}", logDet, laterLogDet, zeros_like(logDet));
    }

    /// <summary>What is left when the bijector or its copy is disposed, of a pair of its own.</summary>
    private static Mismatch? Alone(LawContext lawContext, Direction direction, Points points, bool disposesCopy)
    {
        using var f = lawContext.Case.Factory(lawContext.Case.Seed);
        f.to(lawContext.DType);
        using var frozen = f.Frozen(lawContext.Case.Shape, lawContext.DType);
        var (left, name) = disposesCopy
            ? (f, "the bijector, its frozen copy disposed")
            : (frozen, "the frozen copy, the bijector disposed");
        var state = left.state_dict();
        (disposesCopy ? frozen : f).Dispose();
        if (state.FirstOrDefault(entry => entry.Value.IsInvalid) is { Key: not null } gone)
        {
            return new($"'{gone.Key}' of {name}", "a live tensor", "a disposed one");
        }

        try
        {
            left.train(left.training);
            left.to(lawContext.DType);
            using var y = direction.Of(left).Apply(points.X, points.Context);
            return null;
        }
        catch (InvalidOperationException e)
        {
            return new(name, "one that can be called", e.Message);
        }
    }
}
