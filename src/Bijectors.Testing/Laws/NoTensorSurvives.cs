using TorchSharp;
using static TorchSharp.torch;

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

    protected override IEnumerable<Points> Choose(Trial trial, Way way) => [way.Sample(trial, 1, 2)];

    protected override Mismatch? Test(Trial trial, Way way, Points points)
    {
        return InMode(trial, way, points, gradients: true) ?? InMode(trial, way, points, gradients: false)
            ?? InMode(trial, way, points, gradients: true, ofThePoint: true) ?? InEvaluation() ?? OwnsItsState(trial);

        Mismatch? InEvaluation()
        {
            using var evaluation = new Modes(trial.Bijector);
            return InMode(trial, way, points, gradients: false);
        }
    }

    private static Mismatch? InMode(Trial trial, Way way, Points points, bool gradients, bool ofThePoint = false)
    {
        using var mode = set_grad_enabled(gradients);
        var state = trial.Bijector.state_dict();
        return Leftovers($"{way.Name}({way.PointName})", points, ofThePoint, own => [way.Go(own.X, own.Context)])
            ?? Leftovers($"{way.Name}WithLogDet({way.PointName})", points, ofThePoint,
                own => Both(way.GoWithLogDet(own.X, own.Context)))
            ?? Alive(state, $"{way.Name}({way.PointName})");
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
    private static Mismatch? OwnsItsState(Trial trial)
    {
        Bijector made;
        Dictionary<string, Tensor> state;
        using (NewDisposeScope())
        {
            made = trial.Case.Factory(trial.Case.Seed);
            state = made.state_dict();
        }

        using (made)
        {
            return Alive(state,
                "the end of the dispose scope in which the bijector was made (DetachFromDisposeScope() keeps it)");
        }
    }
}
