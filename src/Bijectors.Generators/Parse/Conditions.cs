using Bijectors.Generators.Analyse;
using Bijectors.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Parse;

/// <summary>
/// How a step is conditioned on the part it maps: not at all, causally on an earlier state, or through a contraction.
/// </summary>
internal readonly record struct SelfCondition(int? Head = null, EquatableArray<int> Axes = default, int? Term = null,
    double Constant = 0, string? Estimator = null)
{
    public bool IsNone => Head is null && Term is null;
}

/// <summary>
/// Checks that what a step is conditioned on has the same value in the inverse pass as it had in the forward pass.
/// </summary>
internal readonly struct Conditions(
    ValueTable values, Scope scope, IReadOnlyList<Step> steps, IReadOnlyCollection<int> consumedHere, bool keepsRank,
        (int Kept, int Part)? mask, Action<Diagnostic> report)
{
    /// <param name="operands">The known values of the step.</param>
    /// <param name="input">The part it maps.</param>
    /// <param name="at">Where to report.</param>
    /// <param name="chosen">The variable of the part.</param>
    /// <param name="trailing">How many dimensions a causal operand has behind those of the part; null where there can
    /// be none.</param>
    /// <param name="advice">What to write where the part may not condition itself so.</param>
    /// <returns>How the part conditions itself; null after an error has been reported.</returns>
    public SelfCondition? Check(IEnumerable<int> operands, int input, IOperation? at, ISymbol chosen, int? trailing = 0,
        string? advice = null)
    {
        var self = new SelfCondition();
        var asksShape = false;
        foreach (var operand in operands)
        {
            asksShape |= AsksOwnShape(operand, input);
            foreach (var (read, isShapeOnly) in ReadsOf(operand))
            {
                if (read != input && scope.IsLive(read))
                {
                    continue;
                }

                if (isShapeOnly && HasShapeOf(read))
                {
                    continue;
                }

                var earlier = Earlier(input);
                if (!earlier.Contains(read) || Self(operand, read, input, trailing) is not { } condition
                    || !(self.IsNone || self == condition) || !FitsGroups(condition, earlier))
                {
                    report(read == input || consumedHere.Contains(read)
                        ? Diagnostic.Create(Rules.SelfConditioning, at!.Syntax.GetLocation(), chosen.Name, advice
                            ?? Advice.ForSelf(at))
                        : Diagnostic.Create(Rules.StaleRead, at!.Syntax.GetLocation(),
                            $"'{at.Syntax}' was computed from '{scope.PartNames[read]}' before that was mapped"));
                    return null;
                }

                if (condition.Term is not null && !(condition.Constant > 0 && condition.Constant < 1))
                {
                    report(Diagnostic.Create(
                        Rules.NotContractive, at!.Syntax.GetLocation(), at.Syntax, condition.Constant));
                    return null;
                }

                if (condition.Head is not null && WrongAxis(condition.Axes, chosen, at!) is var (axis, why))
                {
                    report(Diagnostic.Create(
                        Rules.NotInvertible, at!.Syntax.GetLocation(),
                        FormattableString.Invariant($"'{at.Syntax}' is causal along dimension {axis}, which {why}")));
                    return null;
                }

                self = condition;
            }
        }

        if (asksShape && !self.IsNone)
        {
            report(Diagnostic.Create(Rules.SelfConditioning, at!.Syntax.GetLocation(), chosen.Name,
                advice ?? Advice.ForSelf(at)));
            return null;
        }

        return self;
    }

    /// <summary>
    /// Whether a value asks for the shape of the part itself. Where the inverse goes entry by entry or step by step, no
    /// state of that shape is there yet.
    /// </summary>
    public bool AsksOwnShape(int operand, int input)
    {
        var live = scope;
        return ReadsOf(operand).Any(r => r.IsShapeOnly && !(r.Part != input && live.IsLive(r.Part)));
    }

    /// <summary>The parts that a value reads, and whether it asks for nothing but a shape.</summary>
    private IEnumerable<(int Part, bool IsShapeOnly)> ReadsOf(int operand) => mask is var (kept, part)
        ? values.Reads(operand, kept, part).Select(read => (read, false))
        : values.PartReads(operand).Select(read => (read.Part, read.IsShapeOnly));

    /// <summary>Whether a part that is there now, in both directions, has the shape of another one.</summary>
    private bool HasShapeOf(int part)
    {
        var before = steps;
        var first = SameShape.FirstOf(before, part);
        return scope.Now.Live.Any(live => SameShape.FirstOf(before, live) == first);
    }

    /// <summary>The first axis of an order along which entries cannot be ordered, and what is wrong with it.</summary>
    private (int Axis, string Why)? WrongAxis(EquatableArray<int> axes, ISymbol chosen, IOperation at)
    {
        var rank = keepsRank ? EventRanks.Of(chosen.ContainingType, at.SemanticModel!.Compilation) : null;
        for (var i = 0; i < axes.Count; i++)
        {
            var why = EventRanks.WhyNoAxis(axes[i], rank) ?? (axes.Take(i).Contains(axes[i]) ? "is named twice" : null);
            if (why is not null)
            {
                return (axes[i], why);
            }
        }

        return null;
    }

    /// <summary>
    /// How a value conditions the part it is computed from; null where the inverse could not be found.
    /// </summary>
    private SelfCondition? Self(int operand, int read, int input, int? trailing) =>
        mask is not null ? null
        : Conditioning.Of(values, operand, read) is (Dependence.Causal, var axes, var behind) && behind == trailing
            ? new(read, axes)
        : read == input && values[operand] is Call { Promise: ContractivePromise promise } call && promise.Argument >= 0
            && values[call.Operands[promise.Argument]] == new PartRead(read) && ReadOnce(call, read)
        ? new(Term: operand, Constant: promise.Constant, Estimator: promise.Estimator)
        : null;

    private bool ReadOnce(Call call, int part)
    {
        var table = values;
        return call.Operands.Count(o => table.Reads(o).Contains(part)) == 1;
    }

    /// <summary>
    /// The part and what it was before the maps that stand directly before this step: they can be undone
    /// together with it.
    /// </summary>
    private List<int> Earlier(int input)
    {
        var table = values;
        var earlier = new List<int> { input };
        for (var i = steps.Count - 1; i >= 0 && steps[i] is RowStep map && (map is MapStep || map.Head is not null)
            && map.Output == earlier.Last() && !map.Operands.Any(o => table.PartReads(o).Any(r => r.IsShapeOnly)); i--)
        {
            earlier.Add(map.Input);
        }

        return earlier;
    }

    /// <summary>Maps that are undone together are all conditioned on the state before the first of them.</summary>
    private bool FitsGroups(SelfCondition condition, List<int> earlier)
    {
        if (condition.Head is not { } head)
        {
            return true;
        }

        var between = earlier.IndexOf(head);
        return steps.Skip(steps.Count - between).OfType<RowStep>()
            .All(m => m.Head is null || (m.Head == head && m.Axes.Equals(condition.Axes)));
    }
}
