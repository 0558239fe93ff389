namespace Bijectors.Generators.Emit;

/// <summary>The statements of one member, with blocks inside.</summary>
internal sealed class Lines
{
    private readonly List<string> _lines = [];
    private int _depth;
    private bool _isBehindBlock;

    public IReadOnlyList<string> All => _lines;

    public int Count => _lines.Count;

    public void Add(string line)
    {
        if (_isBehindBlock && line != "else" && !line.StartsWith("}", StringComparison.Ordinal))
        {
            _lines.Add("");
        }

        _isBehindBlock = false;
        _lines.Add(new string(' ', 4 * _depth) + line);
    }

    public void Insert(int index, string line) => _lines.Insert(index, line);

    public void Open(string header)
    {
        Add(header);
        Add("{");
        _depth++;
    }

    public void Close(string end = "}")
    {
        _depth--;
        Add(end);
        _isBehindBlock = true;
    }
}
