namespace Bijectors.Generators.Invert;

/// <summary>
/// Turns the steps of a forward map into a program in either direction. The inverse is the inverses of the steps in
/// reverse order: the parser has made sure that whatever a step is conditioned on has, at that point of the inverse
/// pass, the value it had in the forward pass.
/// </summary>
internal static class Inverter
{
    public static IReadOnlyList<Instruction> Forward(ForwardModel model) => Forward(model.Steps);

    public static IReadOnlyList<Instruction> Inverse(ForwardModel model) => Inverse(model.Steps);

    private static IReadOnlyList<Instruction> Forward(IEnumerable<Step> steps) => [.. steps.SelectMany(Forward)];

    private static IReadOnlyList<Instruction> Inverse(IEnumerable<Step> steps) => [.. steps.Reverse().Select(Inverse)];

    private static IEnumerable<Instruction> Forward(Step step) => step switch
    {
        MapStep map => [Of(map, inverse: false)],
        JointStep map => [new Joint(map.Map, map.Input, map.Output, MakesY: true, [.. map.Operands])],
        SurfaceStep map => [new Joint(map.Map, map.Input, map.Output, MakesY: true, [.. map.Operands])],
        MixStep mix => [new Mix(mix, MakesY: true)],
        PiecewiseStep map => [new Piecewise(map, MakesY: true, Forward(map.Below.Steps), Forward(map.Above.Steps))],
        FunctionStep map => [Of(map, inverse: false)],
        CausalStep causal => Rows(causal.Maps, inverse: false),
        MaskedStep masked => [Of(masked, inverse: false)],
        ContractiveStep sum => [new Contract(sum, MakesY: true)],
        MoveStep move => [new Move(
            move.Receiver, move.Method, [.. move.Inputs], [.. move.Outputs], [.. move.Arguments], move.ChangesRank)],
        ApplyStep apply => [new Run(apply.Bijector, apply.Input, apply.Output, apply.Context, apply.Inverse)],
        RepeatStep repeat =>
        [
            new Loop(repeat.Header, Backwards: false, [.. repeat.Inputs], [.. repeat.Outputs], [.. repeat.Heads],
                new(Forward(repeat.Body.Steps), [.. repeat.Body.Tails], repeat.Body.Block)),
        ],
        BranchStep branch =>
            [new Choose(branch.Condition, [.. branch.Outputs], Forward(branch.Then), Forward(branch.Else))],
        _ => throw new ArgumentException($"Unknown step {step}."),
    };

    private static BlockProgram Forward(Arm arm) => new(Forward(arm.Steps), [.. arm.Tails], arm.Block);

    private static Instruction Inverse(Step step) => step switch
    {
        MapStep map => Of(map, inverse: true),
        JointStep map => new Joint(map.Map, map.Input, map.Output, MakesY: false, [.. map.Operands]),
        SurfaceStep map => new Joint(map.Map, map.Input, map.Output, MakesY: false, [.. map.Operands]),
        MixStep mix => new Mix(mix, MakesY: false),
        PiecewiseStep map => new Piecewise(map, MakesY: false, Inverse(map.Below.Steps), Inverse(map.Above.Steps)),
        FunctionStep map => Of(map, inverse: true),
        CausalStep causal => new SolveCausal(causal, Rows(causal.Maps, inverse: false),
            Rows(causal.Maps, inverse: true)),
        MaskedStep masked => Of(masked, inverse: true),
        ContractiveStep sum => new Contract(sum, MakesY: false),
        MoveStep move => new Move(move.Receiver, move.Inverse, [.. move.Outputs], [.. move.Inputs],
            [.. move.InverseArguments], move.ChangesRank),
        ApplyStep apply => new Run(apply.Bijector, apply.Output, apply.Input, apply.Context, !apply.Inverse),
        RepeatStep repeat => new Loop(
            repeat.Header, Backwards: true, [.. repeat.Outputs], [.. repeat.Inputs], [.. repeat.Body.Tails],
            new(Inverse(repeat.Body.Steps), [.. repeat.Heads], repeat.Body.Block)),
        BranchStep branch => new Choose(
            branch.Condition, [.. branch.Inputs], Inverse(branch, branch.Then), Inverse(branch, branch.Else)),
        _ => throw new ArgumentException($"Unknown step {step}."),
    };

    /// <summary>Backwards, a branch starts from the parts at its end: the outputs by another name.</summary>
    private static BlockProgram Inverse(BranchStep branch, Arm arm) =>
        new([new Rename([.. branch.Outputs], [.. arm.Tails]), .. Inverse(arm.Steps)], [.. branch.Inputs], arm.Block);

    private static MaskedRows Of(MaskedStep masked, bool inverse) =>
        new(masked, MakesY: !inverse, Rows(masked.Maps, inverse: false), Rows(masked.Maps, inverse: true));

    private static IReadOnlyList<Instruction> Rows(IEnumerable<RowStep> maps, bool inverse) =>
        [.. (inverse ? maps.Reverse() : maps).Select(m => Row(m, inverse))];

    private static Instruction Row(RowStep step, bool inverse) => step switch
    {
        MapStep map => Of(map, inverse),
        FunctionStep map => Of(map, inverse),
        _ => throw new ArgumentException($"Unknown row {step}."),
    };

    private static Evaluate Of(FunctionStep map, bool inverse) =>
        new(map.Function, map.Input, map.Output, MakesY: !inverse, [.. map.Operands], [.. map.Trailing]);

    private static Compute Of(MapStep map, bool inverse)
    {
        // log|dx/dy| = -log|dy/dx|; a leading minus in the table and the direction each flip the sign of the term.
        var row = Primitives.All[map.Primitive];
        var negative = row.LogSlope?.StartsWith("-", StringComparison.Ordinal) == true;
        return new(
            row, inverse ? row.Inverse : row.Forward, map.Input, map.Output, MakesY: !inverse, [.. map.Operands],
            negative ? row.LogSlope!.Substring(1) : row.LogSlope, negative != inverse);
    }
}
