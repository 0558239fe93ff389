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
        _lines.Add(Indented(line));
    }

    /// <summary>Assigns, all at once, those variables that do not have their values already.</summary>
    public void Assign(IReadOnlyList<string> variables, IReadOnlyList<string> values)
    {
        var changed = Enumerable.Range(0, variables.Count).Where(i => variables[i] != values[i]).ToList();
        if (changed.Count == 1)
        {
            Add($"{variables[changed[0]]} = {values[changed[0]]};");
        }
        else if (changed.Count > 1)
        {
            Add($"({string.Join(", ", changed.Select(i => variables[i]))}) = ({string.Join(", ", changed.Select(i => values[i]))});");
        }
    }

    public void Insert(int index, string line) => _lines.Insert(index, line);

    /// <summary>Fills in a line that was added empty in the block that is open.</summary>
    public void Set(int index, string line) => _lines[index] = Indented(line);

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

    private string Indented(string line) => new string(' ', 4 * _depth) + line;
}
