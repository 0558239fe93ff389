using Bijectors.Generators.Model;

namespace Bijectors.Generators.Emit;

/// <summary>Known values as one expression each, for remarks and for places where nothing needs to be disposed.</summary>
internal static class Expressions
{
    public static string Of(ForwardModel model, int index) => model.Values[index] switch
    {
        Leaf leaf => leaf.Text,
        PartRead read => model.PartNames[read.Part],
        Item => model.ValueNames[index],
        Call call => string.Concat(call.Pieces.Select((piece, i) => piece + (i < call.Operands.Count ? Named(model, call.Operands[i]) : ""))),
        _ => "?",
    };

    /// <summary>The person's own name for a value where there is one.</summary>
    public static string Named(ForwardModel model, int index)
    {
        if (model.ValueNames[index].Length > 0)
        {
            return model.ValueNames[index];
        }

        var text = Of(model, index);
        return model.Values[index] is Call && text.Contains(' ') && !text.EndsWith(")", StringComparison.Ordinal) ? $"({text})" : text;
    }
}
