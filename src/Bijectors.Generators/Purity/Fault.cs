using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Purity;

/// <summary>Why an expression is no known value, or may be none.</summary>
/// <param name="Does">What is wrong, as the end of a sentence.</param>
/// <param name="Instead">What to write instead.</param>
/// <param name="IsSeen">Whether it is seen to be impure; otherwise it cannot be seen that it is pure.</param>
internal sealed record Fault(string Does, string Instead, bool IsSeen)
{
    /// <summary>What is seen at one place of the source.</summary>
    public static Fault At(SyntaxNode where, string does, string instead) =>
        new($"{Quote(where)}{Place(where)} {does}", instead, IsSeen: true);

    /// <summary>What cannot be looked into.</summary>
    public static Fault Unseen(string what) =>
        new(what, "call it in a method of your own that is marked [Pure] if it is", IsSeen: false);

    /// <summary>An expression as a message shows it: the beginning of a long one.</summary>
    public static string Quote(SyntaxNode node) =>
        Parse.Text.Of(node) is { Length: > 60 } text ? $"'{text.Substring(0, 57)}...'" : $"'{Parse.Text.Of(node)}'";

    /// <summary>Where something is: its member, its file and line.</summary>
    public static string Place(SyntaxNode node)
    {
        var line = node.GetLocation().GetLineSpan();
        var file = line.Path.Substring(line.Path.LastIndexOfAny(['/', '\\']) + 1);
        return FormattableString.Invariant($" ({file}, line {line.StartLinePosition.Line + 1})");
    }
}
