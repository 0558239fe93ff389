using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Bijectors.Generators.Parse;

/// <summary>
/// Source text without its comments and line breaks, so that a model changes only when the code does.
/// </summary>
internal static class Text
{

    public static string Of(SyntaxNode node) => Pieces(node, [])[0];

    /// <summary>The text between the holes: one piece more than there are holes.</summary>
    /// <param name="node">What is written.</param>
    /// <param name="holes">The holes, in order.</param>
    /// <param name="renamed">A name in it, and what stands in its place.</param>
    public static List<string> Pieces(SyntaxNode node, IReadOnlyList<TextSpan> holes,
        (SyntaxToken Token, string To)? renamed = null)
    {
        var pieces = new List<string>();
        var text = new StringBuilder();
        var hole = 0;
        var space = false;
        foreach (var token in node.DescendantTokens())
        {
            while (hole < holes.Count && token.SpanStart >= holes[hole].End)
            {
                hole++;
            }

            var leading = space || token.HasLeadingTrivia;
            space = token.HasTrailingTrivia;
            if (hole < holes.Count && holes[hole].Contains(token.Span))
            {
                if (token.SpanStart == holes[hole].Start)
                {
                    Append(text, "", leading);
                    pieces.Add(text.ToString());
                    text.Clear();
                }

                continue;
            }

            // A piece that follows a hole keeps its leading blank: "a * b" with a cut out is " * b".
            Append(text, renamed is var (other, to) && token == other ? to : Written(token), leading,
                afterHole: text.Length == 0 && pieces.Count > 0);
        }

        pieces.Add(text.ToString());
        return pieces;
    }

    /// <summary>In the accessors that are emitted, <c>field</c> would be the property's own.</summary>
    private static string Written(SyntaxToken token) =>
        token.IsKind(SyntaxKind.IdentifierToken) && token.Text == "field" ? "@field" : token.Text;

    private static void Append(StringBuilder text, string token, bool leading, bool afterHole = false)
    {
        if (leading && (text.Length > 0 || afterHole))
        {
            text.Append(' ');
        }

        text.Append(token);
    }
}
