namespace Bijectors.Testing;

/// <summary>A call leaves nothing behind but its results.</summary>
internal sealed class NoTensorSurvives : PointLaw
{
    public override string Statement =>
        "a call disposes every tensor it makes but its results, which are fresh; "
        + "inputs, parameters and buffers stay alive and unchanged";

    public override string UsualCause =>
        "a temporary without using (the chain a * b.exp() has one), a cache, an in-place operation on the input, "
        + "or the input itself as the result.";

    public override IReadOnlyList<ScalarType> DTypes { get; } = [ScalarType.Float32, ScalarType.Float64];

    protected override IEnumerable<Points> Choose(LawContext lawContext, Direction direction) =>
        [direction.Sample(lawContext, 1, 2)];

    protected override Mismatch? Test(LawContext lawContext, Direction direction, Points points)
    {
        return InMode(lawContext, direction, points, gradients: true)
            ?? InMode(lawContext, direction, points, gradients: false)
            ?? InMode(lawContext, direction, points, gradients: true, ofThePoint: true)
            ?? InEvaluation()
            ?? OwnsItsState(lawContext);

        Mismatch? InEvaluation()
        {
            using var evaluation = new Modes(lawContext.Bijector);
            return InMode(lawContext, direction, points, gradients: false);
        }
    }

    private static Mismatch? InMode(
        LawContext lawContext, Direction direction, Points points, bool gradients, bool ofThePoint = false)
    {
        using var mode = set_grad_enabled(gradients);
        var state = lawContext.Bijector.state_dict();
        return Leftovers($"{direction.Name}({direction.PointName})", points, ofThePoint,
            own => [direction.Apply(own.X, own.Context)])
            ?? Leftovers($"{direction.Name}WithLogDet({direction.PointName})", points, ofThePoint,
                own => Both(direction.ApplyWithLogDet(own.X, own.Context)))
            ?? Alive(state, $"{direction.Name}({direction.PointName})");
    }

    private static Tensor[] Both((Tensor Y, Tensor LogDet) results) => [results.Y, results.LogDet];

    private static Mismatch? Leftovers(string call, Points points, bool ofThePoint, Func<Points, Tensor[]> run)
    {
        // Copies: what a call does to its inputs is not done to the points of the other laws.
        using var x = points.X.detach().clone().requires_grad_(ofThePoint);
        using var context = points.Context?.detach().clone().requires_grad_(ofThePoint);
        using var scope = NewDisposeScope();
        var detached = DisposeScopeManager.Statistics.DetachedFromScopeCount;
        var results = run(new(x, context));
        var left = scope.DisposablesCount + DisposeScopeManager.Statistics.DetachedFromScopeCount - detached;
        if (results.Any(r => r.IsInvalid || ReferenceEquals(r, x) || ReferenceEquals(r, context)))
        {
            return new(call, "fresh results", "the input itself, or a disposed tensor");
        }

        if (left != results.Length)
        {
            return new(call, $"{results.Length} tensors alive afterwards, the results", $"{left}");
        }

        return x.IsInvalid || context is { IsInvalid: true }
            ? new(call, "inputs that are alive afterwards", "a disposed input")
            : Unchanged($"the point after {call}", points.X, x)
                ?? (context is null ? null : Unchanged($"the context after {call}", points.Context!, context));
    }

    private static Mismatch? Unchanged(string what, Tensor before, Tensor after) =>
        Close.Find(what, before, after, zeros_like(before));

    private static Mismatch? Alive(Dictionary<string, Tensor> state, string afterwards) =>
        state.Where(entry => entry.Value.IsInvalid)
            .Select(entry => new Mismatch($"'{entry.Key}' after {afterwards}", "a live tensor", "a disposed one"))
            .FirstOrDefault();

    /// <summary>Parameters and buffers outlive a dispose scope that was open while the bijector was made.</summary>
    private static Mismatch? OwnsItsState(LawContext lawContext)
    {
        Bijector made;
        Dictionary<string, Tensor> state;
        using (NewDisposeScope())
        {
            made = lawContext.Case.Factory(lawContext.Case.Seed);
            state = made.state_dict();
        }

        using (made)
        {
            return Alive(state,
                "the end of the dispose scope in which the bijector was made (DetachFromDisposeScope() keeps it)");
        }
    }
}
