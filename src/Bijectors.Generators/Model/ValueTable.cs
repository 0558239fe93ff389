using System.Collections;

namespace Bijectors.Generators.Model;

/// <summary>
/// The known values of one forward map, each stored once: equal expressions of the same parts share an index and
/// are computed once.
/// </summary>
internal sealed class ValueTable(string torch) : IReadOnlyList<Value>
{
    private readonly List<Value> _values = [];
    private readonly List<string> _names = [];
    private readonly List<int> _homes = [];
    private readonly List<int> _blockEnds = [0];
    private readonly Stack<int> _open = new([0]);
    private readonly Dictionary<Value, int> _indices = [];

    /// <summary>What TorchSharp's torch is called where the values are computed.</summary>
    public string Torch => torch;

    public int Count => _values.Count;

    public Value this[int index] => _values[index];

    public EquatableArray<Value> Values => new(_values);

    public EquatableArray<string> Names => new(_names);

    /// <summary>The block in which each value was met first.</summary>
    public EquatableArray<int> Homes => new(_homes);

    /// <summary>The last block inside each block; block 0 is the body.</summary>
    public EquatableArray<int> BlockEnds => new(_blockEnds);

    public int Add(Value value)
    {
        if (!_indices.TryGetValue(value, out var index))
        {
            index = _values.Count;
            _values.Add(value);
            _names.Add("");
            _homes.Add(_open.Peek());
            _indices.Add(value, index);
        }

        return index;
    }

    /// <summary>Remembers what the person called a value, for the emitted code.</summary>
    public void Name(int index, string name)
    {
        if (_names[index].Length == 0)
        {
            _names[index] = name;
        }
    }

    public int OpenBlock()
    {
        _blockEnds.Add(_blockEnds.Count);
        _open.Push(_blockEnds.Count - 1);
        return _open.Peek();
    }

    public void CloseBlock(int block)
    {
        _open.Pop();
        _blockEnds[block] = _blockEnds.Count - 1;
        _blockEnds[0] = _blockEnds.Count - 1;
    }

    /// <summary>The parts a value is computed from, directly or through other values.</summary>
    public IEnumerable<int> Reads(int index) => _values.Reads(index);

    /// <summary>The same, with what is asked of each.</summary>
    public IEnumerable<PartRead> PartReads(int index) => _values.PartReads(index);

    /// <summary>Whether a value depends on the numbers of a part, and not on its shape alone.</summary>
    public bool ReadsNumbers(int index, int part) => PartReads(index).Any(read => read == new PartRead(part));

    /// <summary>Whether a value depends on the context.</summary>
    public bool UsesContext(int index) => _values.UsesContext(index);

    /// <summary>Whether tensors are made on the way to a value.</summary>
    public bool ComputesTensors(int index) =>
        _values.Closure(index).Any(i => _values[i] is Call { Kind: ValueKind.Tensor });

    public IEnumerator<Value> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
