using System.Globalization;
using System.Text;

namespace Bijectors.Files;

/// <summary>Text from a file as it may stand in a message.</summary>
internal static class OneLine
{
    private const int LongestMessage = 1_200;
    private const int Beginning = 800;

    /// <summary>The text on one line, with control characters as <c>\u001B</c>: a file must not steer the terminal that
    /// a message is written to.</summary>
    public static string Of(string text)
    {
        if (!text.Any(MustBeEscaped))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var each in text)
        {
            if (MustBeEscaped(each))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)each:X4}");
            }
            else
            {
                shown.Append(each);
            }
        }

        return shown.ToString();
    }

    /// <summary>The same of a whole message: of a long one its beginning, which says whose it is, and its end, which
    /// says what to do.</summary>
    public static string Short(string message)
    {
        var shown = Of(message);
        return shown.Length <= LongestMessage
            ? shown
            : $"{shown.AsSpan(0, Beginning)} ... {shown.AsSpan(shown.Length - (LongestMessage - Beginning))}";
    }

    // Formats reach the reader too: one of them writes the rest of the line from right to left.
    private static bool MustBeEscaped(char each) => char.IsControl(each)
        || char.GetUnicodeCategory(each) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator;
}
