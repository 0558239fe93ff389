using Bijectors.Generators.Emit;
using Bijectors.Generators.Language;
using Bijectors.Generators.Model;
using Bijectors.Generators.Parse;

namespace Bijectors.Generators.Analyse;

/// <summary>What is known of the Jacobian without running anything, as C# conditions; null where nothing holds.</summary>
internal static class Jacobians
{
    public static string? VolumePreserving(ForwardModel model) =>
        model.Steps.OfType<MapStep>().All(m => Primitives.All[m.Primitive].LogSlope is null)
            ? All(model, "IsVolumePreserving")
            : null;

    public static string? Constant(ForwardModel model, ValueTable values) =>
        model.Steps.OfType<MapStep>().All(m => IsConstant(m, values)) ? All(model, "HasConstantJacobian") : null;

    private static bool IsConstant(MapStep map, ValueTable values)
    {
        var row = Primitives.All[map.Primitive];
        return row.LogSlope is null
            || (!row.HasVaryingSlope && map.Operands.All(o => !values.Reads(o).Any() && !values.UsesContext(o)));
    }

    private static string All(ForwardModel model, string fact)
    {
        var inner = model.Steps.OfType<ApplyStep>().Select(a => $"{Expressions.Bracket(Expressions.Full(model, a.Bijector))}.{fact}").Distinct().ToList();
        return inner.Count == 0 ? "true" : string.Join(" && ", inner);
    }
}
