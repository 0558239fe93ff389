namespace Bijectors.Generators.Analyse;

/// <summary>Whether steps leave every part in its place, so that shapes need no rule.</summary>
internal static class Places
{
    /// <summary>
    /// For every part that steps make, the part from outside whose place and shape it has; null where something moves.
    /// </summary>
    public static Dictionary<int, int>? Origins(IEnumerable<Step> steps)
    {
        var origins = new Dictionary<int, int>();
        return Trace(steps, origins) ? origins : null;
    }

    private static bool Trace(IEnumerable<Step> steps, Dictionary<int, int> origins) => steps.All(step => step switch
    {
        ElementwiseStep s => Set(origins, s.Output, s.Input),
        MixStep s => s.Outputs.Zip(s.Inputs, (output, input) => Set(origins, output, input)).All(isSet => isSet),
        RepeatStep s => Trace(s.Body.Steps, origins) && Outputs(s.Outputs, s.Heads, s.Inputs, [s.Body], origins),
        BranchStep s => Trace(s.Then.Steps, origins) && Trace(s.Else.Steps, origins)
            && Outputs(s.Outputs, s.Inputs, s.Inputs, [s.Then, s.Else], origins),
        _ => false,
    });

    /// <summary>Each output is in the place of one input, whichever branch was taken.</summary>
    private static bool Outputs(
        EquatableArray<int> outputs, EquatableArray<int> heads, EquatableArray<int> inputs, IReadOnlyList<Arm> arms,
        Dictionary<int, int> origins)
    {
        for (var i = 0; i < outputs.Count; i++)
        {
            var from = arms.Select(a => Origin(origins, a.Tails[i])).Distinct().ToList();
            var head = from.Count == 1 ? heads.Select(h => Origin(origins, h)).ToList().IndexOf(from[0]) : -1;

            // A loop that exchanges its parts has them in other places after every pass.
            if (head < 0 || (!heads.Equals(inputs) && head != i))
            {
                return false;
            }

            Set(origins, outputs[i], inputs[head]);
        }

        return true;
    }

    private static bool Set(Dictionary<int, int> origins, int output, int input)
    {
        origins[output] = Origin(origins, input);
        return true;
    }

    private static int Origin(Dictionary<int, int> origins, int part) =>
        origins.TryGetValue(part, out var origin) ? origin : part;

    /// <summary>Whether a step maps every number separately, so that there is no event.</summary>
    public static bool IsScalar(Step step, ValueTable values) => step switch
    {
        RowStep map => map.Head is null && map.Operands.All(o => !values.Reads(o).Any()),
        PiecewiseStep pieces => pieces.Maps.All(m => IsScalar(m, values)),
        JointStep { Map.IsElementwise: true } map => map.Operands.All(o => !values.Reads(o).Any()),
        RepeatStep or BranchStep => true,
        _ => false,
    };
}
