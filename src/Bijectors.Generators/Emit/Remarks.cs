using Bijectors.Generators.Language;
using Bijectors.Generators.Model;

namespace Bijectors.Generators.Emit;

/// <summary>The remark that shows a reader what was derived: the map, its inverse and its log-slope, step by step.</summary>
internal static class Remarks
{
    public static IEnumerable<string> Of(ForwardModel model)
    {
        yield return "/// <remarks>";
        yield return "/// Derived from the [Forward] method. Step by step, <c>y</c> the value after a step and <c>x</c> before it:";
        yield return "/// <list type=\"bullet\">";
        foreach (var step in model.Steps)
        {
            yield return $"/// <item>{Describe(model, step)}</item>";
        }

        yield return "/// </list>";
        yield return "/// The inverse undoes the steps in reverse order; the log-det is the sum of their log-slopes.";
        yield return "/// </remarks>";
    }

    private static string Describe(ForwardModel model, Step step) => step switch
    {
        MapStep map => Describe(model, map, Primitives.All[map.Primitive]),
        MoveStep move => $"<c>{Parts(model, move.Outputs)} = {Escape(Short(Expressions.Bracket(Expressions.Named(model, move.Receiver))))}.{move.Method}({Parts(model, move.Inputs)})</c>, undone by <c>{move.Inverse}</c>, log-slope 0",
        ApplyStep apply => $"<c>{model.PartNames[apply.Output]} = {Escape(Expressions.Bracket(Expressions.Named(model, apply.Bijector)))}.{(apply.Inverse ? "Inverse" : "Forward")}({model.PartNames[apply.Input]})</c>, with its own inverse and log-det",
        _ => "",
    };

    private static string Describe(ForwardModel model, MapStep map, Primitive row)
    {
        var k = map.Operands.Count > 0 ? Escape(Expressions.Named(model, map.Operands[0])) : "";
        var where = k.Length > 0 && k != "k" ? $" with <c>k = {k}</c>" : "";
        return $"{model.PartNames[map.Output]}: <c>y = {Escape(row.Formula)}</c>, <c>x = {Escape(row.InverseFormula)}</c>, <c>log|dy/dx| = {Escape(row.SlopeFormula)}</c>{where}";
    }

    private static string Parts(ForwardModel model, IEnumerable<int> parts) => string.Join(", ", parts.Select(p => model.PartNames[p]));

    private static string Short(string receiver) => receiver.Substring(receiver.LastIndexOf(':') + 1).Replace("Bijectors.", "");

    private static string Escape(string text) => text.Replace("\r", "").Replace("\n", " ").Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
