using Bijectors.Generators.Model;

namespace Bijectors.Generators.Parse;

/// <summary>The known values of one forward map, each stored once: equal expressions of the same parts share an index and are computed once.</summary>
internal sealed class ValueTable
{
    private readonly List<Value> _values = [];
    private readonly List<string> _names = [];
    private readonly Dictionary<Value, int> _indices = [];

    public Value this[int index] => _values[index];

    public EquatableArray<Value> Values => new(_values);

    public EquatableArray<string> Names => new(_names);

    public int Add(Value value)
    {
        if (!_indices.TryGetValue(value, out var index))
        {
            index = _values.Count;
            _values.Add(value);
            _names.Add("");
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

    /// <summary>The parts a value is computed from, directly or through other values.</summary>
    public IEnumerable<int> Reads(int index) => _values[index] switch
    {
        PartRead read => [read.Part],
        Call call => call.Operands.SelectMany(Reads).Distinct(),
        Item item => Reads(item.Tuple),
        _ => [],
    };

    /// <summary>Whether a value depends on the context.</summary>
    public bool UsesContext(int index) => _values[index] switch
    {
        Leaf leaf => leaf.IsContext,
        Call call => call.Operands.Any(UsesContext),
        Item item => UsesContext(item.Tuple),
        _ => false,
    };
}
