using Bijectors.Generators.Analyse;

namespace Bijectors.Generators.Emit;

/// <summary>
/// Writes what is known without running the map, as far as bijectors inside have a say: one expression where they are
/// in a row, a body that runs through the same loops and branches where they do not.
/// </summary>
internal sealed class Getters(ForwardModel model)
{
    private static readonly EquatableArray<string> s_none = new(Enumerable.Empty<string>());

    private readonly List<ApplyStep> _applied = [.. model.Steps.Flatten().OfType<ApplyStep>()];

    public EquatableArray<string> VolumePreserving() =>
        Jacobians.PreservesVolume(model) ? All("IsVolumePreserving") : s_none;

    public EquatableArray<string> ConstantJacobian(ValueTable values) =>
        Jacobians.IsConstant(model, values) ? All("HasConstantJacobian") : s_none;

    /// <summary>How many dimensions an output event has, where that is not the number of an input event's.</summary>
    public EquatableArray<string> OutputEventRank() =>
        Ranks.Changes(model, value => Expressions.Bracket(Expressions.Full(model, value))) is { Count: > 0 } changes
            ? new([string.Join(" + ", changes.Prepend("EventRank"))])
            : s_none;

    /// <summary>Whether a direction is found by iteration or entry by entry, here or in a bijector inside.</summary>
    public EquatableArray<string> Iterative() =>
        model.Steps.WithInner().Any(s => s is CausalStep or ContractiveStep or FunctionStep { Function.Inverse: null }
            or JointStep { Map.IsIterative: true }) ? new(["true"]) : AnyOf([], "IsIterative");

    /// <summary>Whether the log-det is estimated, here or in a bijector inside.</summary>
    public EquatableArray<string> RandomLogDet() =>
        AnyOf([.. Estimators().Select(e => $"{e} is not null")], "HasRandomLogDet");

    /// <summary>What the log-det is estimated from, where that is more than what bijectors inside say.</summary>
    public EquatableArray<string> LogDetNoise() => Estimators().ToList() is { Count: > 0 } own
        ? new([$"global::Bijectors.CompilerServices.Contraction.Noise(base.LogDetNoise, {string.Join(", ", own)})"])
        : s_none;

    /// <summary>
    /// That the map reads the context itself, as <c>x + context</c> does; whether networks and bijectors
    /// inside do, these know.
    /// </summary>
    public EquatableArray<string> ReadsContext()
    {
        var direct = model.Values.OfType<Call>().Where(call => call.Conditioner is null)
            .SelectMany(call => call.Operands)
            .Concat(model.Steps.WithInner().SelectMany(step => step switch
            {
                RowStep row => row.Operands,
                JointStep joint => joint.Operands,
                SurfaceStep joint => joint.Operands,
                MixStep mix => mix.Coefficients,
                BranchStep branch => [branch.Condition],
                _ => (IEnumerable<int>)[],
            }));
        return direct.Any(operand => model.Values[operand] is Leaf { IsContext: true }) ? new(["true"]) : s_none;
    }

    /// <summary>
    /// The domain or the codomain of a map: that of a bijector inside, where it is nothing but one, else the interval
    /// that was derived. Bijectors among other steps were taken for maps of all reals then; that they are is checked
    /// when the domain is asked for.
    /// </summary>
    public EquatableArray<string> Domain(Bounds derived, bool codomain)
    {
        if (_applied.Count == 0)
        {
            return derived == Bounds.Real ? s_none : new([Emitted(derived)]);
        }

        if (model.Steps.Count == 1 && model.Steps[0] is ApplyStep only)
        {
            return new([Of(only, codomain)]);
        }

        var check = "global::Bijectors.CompilerServices.Checks.AllReals(this, [";
        return !InARow() ? Body(a => $"{check}{string.Join(", ", Both(a))}]);", Emitted(derived))
            : derived == Bounds.Real ? new([$"{check}{string.Join(", ", _applied.SelectMany(Both).Distinct())}])"])
            : new([$"{check}{string.Join(", ", _applied.SelectMany(Both).Distinct())}]);",
                $"return {Emitted(derived)};"]);
    }

    /// <summary>An interval whose ends are numbers of the class.</summary>
    public static EquatableArray<string> Interval(NamedRange range) =>
        new([$"global::Bijectors.Domain.Interval({range.Low.Text}, {range.High.Text})"]);

    /// <summary>The surface that a map is onto, where its last step leads to one.</summary>
    public static EquatableArray<string>? SurfaceOf(ForwardModel model) =>
        model.Steps.LastOrDefault() is SurfaceStep { Map.Surface: { } surface } ? new([surface.Domain]) : null;

    private IEnumerable<string> Estimators() =>
        model.Steps.WithInner().OfType<ContractiveStep>().Select(s => s.Estimator).OfType<string>().Distinct();

    private string Of(ApplyStep apply, bool codomain) =>
        $"{Bijector(apply)}.{(codomain != apply.Inverse ? "Codomain" : "Domain")}";

    private IEnumerable<string> Both(ApplyStep apply) => [Of(apply, false), Of(apply, true)];

    private string Bijector(ApplyStep apply) => Expressions.Bracket(Expressions.Full(model, apply.Bijector));

    private EquatableArray<string> All(string fact) =>
        _applied.Count == 0 ? new(["true"])
        : InARow() ? new([string.Join(" && ", _applied.Select(a => $"{Bijector(a)}.{fact}").Distinct())])
        : Body(a => $"if (!{Bijector(a)}.{fact}) {{ return false; }}", "true");

    /// <summary>Whether one of the conditions holds or a bijector inside says so.</summary>
    private EquatableArray<string> AnyOf(List<string> conditions, string fact)
    {
        if (InARow())
        {
            var terms = conditions.Concat(_applied.Select(a => $"{Bijector(a)}.{fact}").Distinct()).ToList();
            return terms.Count == 0 ? s_none : new([string.Join(" || ", terms)]);
        }

        return new(conditions.Select(c => $"if ({c}) {{ return true; }}")
            .Concat(Body(a => $"if ({Bijector(a)}.{fact}) {{ return true; }}", "false")));
    }

    private bool InARow() => model.Steps.OfType<ApplyStep>().Count() == _applied.Count;

    private EquatableArray<string> Body(Func<ApplyStep, string> line, string result)
    {
        var lines = new Lines();
        Write(model.Steps, line, lines);
        lines.Add($"return {result};");
        return new(lines.All);
    }

    private void Write(IEnumerable<Step> steps, Func<ApplyStep, string> line, Lines lines)
    {
        foreach (var step in steps.Where(s => new[] { s }.Flatten().Any(i => i is ApplyStep)))
        {
            switch (step)
            {
                case ApplyStep apply:
                    lines.Add(line(apply));
                    break;
                case RepeatStep repeat:
                    lines.Open(Headers.Of(repeat.Header, backwards: false, v => Expressions.Full(model, v)));
                    Write(repeat.Body.Steps, line, lines);
                    lines.Close();
                    break;
                case BranchStep branch when model.Values.UsesContext(branch.Condition):
                    // The context is unknown here: what holds must hold for both branches.
                    Write(branch.Then.Steps.Concat(branch.Else.Steps), line, lines);
                    break;
                case BranchStep branch:
                    lines.Open($"if ({Expressions.Full(model, branch.Condition)})");
                    Write(branch.Then.Steps, line, lines);
                    lines.Close();
                    lines.Open("else");
                    Write(branch.Else.Steps, line, lines);
                    lines.Close();
                    break;
            }
        }
    }

    private static string Emitted(Bounds bounds) =>
        bounds == Bounds.Real ? "global::Bijectors.Domain.Real"
        : bounds == Bounds.Positive ? "global::Bijectors.Domain.Positive"
        : bounds == Bounds.Unit ? "global::Bijectors.Domain.Unit"
        : $"global::Bijectors.Domain.Interval({Numbers.Literal(bounds.Low)}, {Numbers.Literal(bounds.High)})";
}
