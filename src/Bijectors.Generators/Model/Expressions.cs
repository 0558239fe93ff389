namespace Bijectors.Generators.Model;

/// <summary>
/// Known values as one expression each, for remarks and for places where nothing needs to be disposed.
/// </summary>
internal static class Expressions
{
    /// <summary>Where Core's types are.</summary>
    public const string Core = "global::Bijectors.";

    /// <summary>Where the helpers are that only emitted code calls.</summary>
    public const string Services = "global::" + ServiceSpace;

    /// <summary>Their namespace.</summary>
    public const string ServiceSpace = "Bijectors.CompilerServices.";

    /// <summary>The whole expression, without any variable.</summary>
    public static string Full(ForwardModel model, int index) => model.Values[index] switch
    {
        Leaf leaf => leaf.Text,
        PartRead read => model.PartNames[read.Part],
        Item item => $"{Bracket(Full(model, item.Tuple))}.Item{item.Index + 1}",
        Call call => Join(call, operand => Bracket(Full(model, operand))),
        _ => throw new InvalidOperationException($"Unknown value {model.Values[index]}."),
    };

    /// <summary>The expression in the person's own names.</summary>
    public static string Named(ForwardModel model, int index) =>
        model.ValueNames[index].Length > 0 ? model.ValueNames[index]
        : model.Values[index] is Call call ? Join(call, operand => Bracket(Named(model, operand)))
        : Full(model, index);

    /// <summary>
    /// An expression that can stand inside any other one: a name or a literal by itself, all else in brackets.
    /// </summary>
    public static string Bracket(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '_' or '.' or '@' or ':') ? text : $"({text})";

    /// <summary>The pieces of a call with its operands in between.</summary>
    public static string Join(Call call, Func<int, string> operand) =>
        string.Concat(
            call.Pieces.Select((piece, i) => piece + (i < call.Operands.Count ? operand(call.Operands[i]) : "")));
}
