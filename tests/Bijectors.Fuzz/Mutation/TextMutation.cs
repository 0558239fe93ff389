using System.Text.RegularExpressions;

namespace Bijectors.Fuzz;

/// <summary>Changes of texts: of their numbers, words, signs and lines.</summary>
internal static partial class TextMutation
{
    private const int MostChanges = 3;

    private static readonly string[] s_pieces =
    [
        "", " ", "\t", "\n", "\r\n", "\r", "\0", "\"", "\"\"", "'", ",", ";", ":", "?", "&", "=", "#", "%", "/", "\\",
        "..", "{", "}", "[", "]", "(", ")", "-", "--", "@", "$", "*", "\ufeff", "\u202e", "\ud83d\ude00", "e\u0301",
        "null", "true", "None", "False", "\u001b[31m", "a,b", "\"a", "x\ny",
    ];

    private static readonly Func<string, Random, string>[] s_changes =
    [
        Number, Number, Number, Piece, Piece, DropWord, RepeatWord, SwapWords, DropLine, RepeatLine, CutShort, LongRun,
    ];

    /// <summary>A few changes one after another.</summary>
    public static string Of(string text, Random random)
    {
        var changed = text;
        for (var i = random.Next(1, MostChanges + 1); i > 0; i--)
        {
            changed = s_changes[random.Next(s_changes.Length)](changed, random);
        }

        return changed;
    }

    /// <summary>A piece of text at which programs go wrong.</summary>
    public static string Odd(Random random) =>
        random.Next(3) == 0 ? Numbers.Text(random) : s_pieces[random.Next(s_pieces.Length)];

    private static string Number(string text, Random random) =>
        Replace(text, NumberPattern(), random, Numbers.Text(random));

    private static string DropWord(string text, Random random) => Replace(text, WordPattern(), random, "");

    private static string RepeatWord(string text, Random random) =>
        Pick(text, WordPattern(), random) is { } word ? text.Insert(word.Index, word.Value) : text;

    private static string SwapWords(string text, Random random) =>
        Pick(text, WordPattern(), random) is { } word ? Replace(text, WordPattern(), random, word.Value) : text;

    private static string Piece(string text, Random random) => text.Insert(random.Next(text.Length + 1), Odd(random));

    private static string DropLine(string text, Random random) => Replace(text, LinePattern(), random, "");

    private static string RepeatLine(string text, Random random) =>
        Pick(text, LinePattern(), random) is { } line ? text.Insert(line.Index, line.Value) : text;

    private static string CutShort(string text, Random random) => text[..random.Next(text.Length + 1)];

    private static string LongRun(string text, Random random) =>
        text.Insert(random.Next(text.Length + 1), new string("0a\"[, "[random.Next(6)], 1 << random.Next(6, 14)));

    private static string Replace(string text, Regex pattern, Random random, string by) =>
        Pick(text, pattern, random) is { Index: var at, Length: var length }
            ? text.Remove(at, length).Insert(at, by)
            : text;

    private static Match? Pick(string text, Regex pattern, Random random)
    {
        var all = pattern.Matches(text);
        return all.Count == 0 ? null : all[random.Next(all.Count)];
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"[\w.$-]+")]
    private static partial Regex WordPattern();

    [GeneratedRegex(@"[^\n]*\n")]
    private static partial Regex LinePattern();
}
