namespace Bijectors.Generators.Emit;

/// <summary>The statements of one member, with blocks inside.</summary>
internal sealed class Lines
{
    private readonly List<string> _lines = [];
    private int _depth;
    private bool _isBehindBlock;

    // The last declaration, and how many lines there were behind it.
    private (string Name, string Value, int Count)? _declared;

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

    /// <summary>Declares a variable.</summary>
    public void Declare(string name, string value)
    {
        Add($"var {name} = {value};");
        _declared = (name, value, _lines.Count);
    }

    /// <summary>Returns a variable: what it was declared as, where that was the last line.</summary>
    public void Return(string name)
    {
        if (_declared is var (last, value, count) && last == name && count == _lines.Count)
        {
            _lines[count - 1] = Indented($"return {value};");
        }
        else
        {
            Add($"return {name};");
        }
    }

    /// <summary>Whether all that there is is the declaration of a variable.</summary>
    public bool AreDeclarationOf(string name) => _lines.Count == 1 && _declared is { Count: 1 } only
        && only.Name == name;

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
            Add($"({string.Join(", ", changed.Select(i => variables[i]))}) = "
                + $"({string.Join(", ", changed.Select(i => values[i]))});");
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
