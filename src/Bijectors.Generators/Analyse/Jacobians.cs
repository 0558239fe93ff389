namespace Bijectors.Generators.Analyse;

/// <summary>
/// What is known of the Jacobian without running anything. Bijectors inside are asked when the fact is.
/// </summary>
internal static class Jacobians
{
    /// <summary>Whether the map preserves volume, as far as it is not up to bijectors inside it.</summary>
    public static bool PreservesVolume(ForwardModel model) => model.Steps.Flatten().All(PreservesVolume);

    /// <summary>
    /// Whether the log-det depends on parameters only, as far as it is not up to bijectors inside the map.
    /// </summary>
    public static bool IsConstant(ForwardModel model, ValueTable values) =>
        model.Steps.Flatten().All(s => IsConstant(s, values))
        && model.Steps.WithInner().OfType<BranchStep>().All(b => !values.UsesContext(b.Condition));

    private static bool PreservesVolume(Step step) => step switch
    {
        MapStep map => Primitives.All[map.Primitive].LogSlope is null,
        JointStep map => !map.Map.HasLogDet,
        PiecewiseStep pieces => pieces.Maps.All(PreservesVolume),
        MoveStep or ApplyStep => true,
        _ => false,
    };

    private static bool IsConstant(Step step, ValueTable values) =>
        PreservesVolume(step)
        || (step is MapStep map && !Primitives.All[map.Primitive].HasVaryingSlope
            && map.Operands.All(o => IsFixed(o, values)))
        || (step is JointStep { Map.HasVaryingLogDet: false } joint && joint.Operands.All(o => IsFixed(o, values)))
        || (step is MixStep mix && mix.Coefficients.All(o => IsFixed(o, values)));

    private static bool IsFixed(int operand, ValueTable values) => !values.Reads(operand).Any()
        && !values.UsesContext(operand);
}
