using System.Text;

namespace Bijectors.Generators.Emit;

/// <summary>Lines with indentation; always "\n", whatever the machine.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    /// <summary>What is done to each line from here on; nothing by default.</summary>
    public Func<string, string> Rewrite { get; set; } = static line => line;

    /// <summary>How long the text is.</summary>
    public int Length => _text.Length;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', 4 * _depth).Append(Rewrite(line));
        }

        _text.Append('\n');
    }

    public void Open()
    {
        Line("{");
        _depth++;
    }

    public void Close()
    {
        _depth--;
        Line("}");
    }

    public void Block(IEnumerable<string> lines)
    {
        Open();
        foreach (var line in lines)
        {
            Line(line);
        }

        Close();
    }

    /// <summary>Closes all that is open.</summary>
    public void CloseAll()
    {
        while (_depth > 0)
        {
            Close();
        }
    }

    /// <summary>Puts lines in front of what was written behind a place.</summary>
    /// <param name="place">How long the text was there, see <see cref="Length"/>.</param>
    /// <param name="lines">The lines, which are not rewritten.</param>
    public void Insert(int place, IEnumerable<string> lines) =>
        _text.Insert(place, string.Concat(lines.Select(line => line + "\n")));

    public override string ToString() => _text.ToString();
}
