namespace Bijectors.Data;

/// <summary>
/// The text after the question mark of a data set's text: <c>csv:a.csv?target=y&amp;context=x</c>.
/// </summary>
internal sealed class SpecQuery
{
    private static readonly string[] Words = ["target", "context", "category", "missing"];

    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _asked = [];

    /// <summary>Whether nothing stands there.</summary>
    public bool IsEmpty => _values.Count == 0;

    /// <summary>Whether whoever opened the data asked for what stands there.</summary>
    public bool IsRead => _values.Keys.All(_asked.Contains);

    /// <summary>
    /// The text before the question mark, and the text after it. A file may have one in its name.
    /// </summary>
    /// <exception cref="DataException">A word is not known, or says nothing.</exception>
    public static (string Spec, SpecQuery Query) Parse(string text)
    {
        var query = new SpecQuery();
        var mark = text.LastIndexOf('?');
        var path = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (mark < 0 || File.Exists(text) || File.Exists(path))
        {
            return (text, query);
        }

        foreach (var part in text[(mark + 1)..].Split('&'))
        {
            if (part.Split('=', 2) is not [var word, { Length: > 0 } value] || !Words.Contains(word))
            {
                throw new DataException(
                    text,
                    string.Join(", ", Words.SkipLast(1).Select(known => $"{known}=COLUMNS"))
                        + $" or {Words[^1]}=COLUMNS behind the question mark",
                    $"'{part}'");
            }

            if (!query._values.TryAdd(word, value))
            {
                throw new DataException(text, $"{word} once", "it twice");
            }
        }

        return (text[..mark], query);
    }

    /// <summary>A value as it stands; null where there is none.</summary>
    public string? Text(string word)
    {
        _asked.Add(word);
        return _values.GetValueOrDefault(word);
    }

    /// <summary>What stands there of a table.</summary>
    public TableQuery Table(string file) =>
        new(file, Columns("target"), Columns("context"), Columns("category"), Columns("missing"));

    /// <summary>A value as names of columns between commas; null where there is none.</summary>
    private string[]? Columns(string word) =>
        Text(word)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
