using System.Runtime.CompilerServices;
using Bijectors.Generators.Analyse;

namespace Bijectors.Generators.Emit;

/// <summary>
/// What parts and known values are called at this point of the emitted code. A value is computed where it is needed
/// first, once in each block that does not see an earlier one.
/// </summary>
internal sealed class ValueWriter
{
    private readonly ForwardModel _model;
    private readonly Lines _lines;
    private readonly HashSet<string> _names;
    private readonly string _context;
    private readonly Stack<(Dictionary<int, string> Parts, Dictionary<int, string> Values)> _outer = new();
    private Dictionary<int, string> _parts = [];
    private Dictionary<int, string> _values = [];

    public ValueWriter(ForwardModel model, Lines lines, FixedNames names)
    {
        _model = model;
        _lines = lines;
        _context = names.Context;
        _names = new(model.Reserved, StringComparer.Ordinal);
        _names.UnionWith(["torch", "_", names.X, names.Y, names.Context, names.EventRank, names.BatchRank,
            names.LogDet, names.Scope]);
    }

    /// <summary>The name of a part here.</summary>
    public string this[int part]
    {
        get => _parts[part];
        set => _parts[part] = value;
    }

    /// <summary>Whether a block is open.</summary>
    public bool IsInBlock => _outer.Count > 0;

    /// <summary>Starts a block: what is named in it is forgotten behind it.</summary>
    public void Enter()
    {
        _outer.Push((_parts, _values));
        (_parts, _values) = (new(_parts), new(_values));
    }

    public void Leave() => (_parts, _values) = _outer.Pop();

    /// <summary>Gives a value a text of its own for the rest of the block.</summary>
    public void Set(int value, string text) => _values[value] = text;

    /// <summary>
    /// Computes what a block will use and what is known before it, so that no pass computes it again.
    /// </summary>
    public void Hoist(IEnumerable<int> values, int block)
    {
        var seen = new HashSet<int>();
        var open = new Queue<int>(values);
        while (open.Count > 0)
        {
            var value = open.Dequeue();
            if (!seen.Add(value))
            {
                continue;
            }

            if (_model.Values[value] is Call or Item && _model.IsFromOutside(value, block)
                && _model.Values.Reads(value).All(_parts.ContainsKey))
            {
                Reference(value);
                continue;
            }

            foreach (var operand in _model.Values[value] switch { Call call =>
                call.Operands, Item item => [item.Tuple], _ => (IEnumerable<int>)[] })
            {
                open.Enqueue(operand);
            }
        }
    }

    /// <summary>The text that stands for a known value here; computes it first where it has no variable yet.</summary>
    public string Reference(int index)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (_values.TryGetValue(index, out var known))
        {
            return known;
        }

        switch (_model.Values[index])
        {
            case Leaf leaf:
                return _values[index] = leaf.IsContext ? _context : leaf.Text;
            case PartRead read:
                return read.IsShapeOnly && !_parts.ContainsKey(read.Part) ? OfSameShape(read.Part) : _parts[read.Part];
            case Item item:
                DeclareTuple(item);
                return _values[index];
            case Call call:
                var text = Expressions.Join(call, Inline);
                if (call.Kind == ValueKind.Other || (call.Kind == ValueKind.Number && !text.Contains('(')))
                {
                    return _values[index] = text;
                }

                var name = Fresh(_model.ValueNames[index] is { Length: > 0 } given ? given : "t");
                _lines.Declare(name, text);
                return _values[index] = name;
            default:
                throw new InvalidOperationException($"Unknown value {_model.Values[index]}.");
        }
    }

    public string Inline(int operand) => Expressions.Bracket(Reference(operand));

    /// <summary>
    /// The reciprocal of <c>exp(-u)</c>, computed as <c>exp(u)</c>; null for any other value, and where that one has
    /// its variable already.
    /// </summary>
    public string? ReciprocalOf(int value)
    {
        if (_values.ContainsKey(value)
            || _model.Values[value] is not Call { Function: "exp", Kind: ValueKind.Tensor } exp
            || NegatedBy(exp.Operands[0]) is not { } negated)
        {
            return null;
        }

        var operand = Inline(negated);
        var name = Fresh("t");
        _lines.Declare(name, $"{_model.Torch}.exp({operand})");
        return name;
    }

    /// <summary>The u of a value <c>-u</c> that has no variable yet; null for any other value.</summary>
    public int? NegatedBy(int value) =>
        !_values.ContainsKey(value) && _model.Values[value] is Call { Function: "neg", Kind: ValueKind.Tensor } negative
            ? negative.Operands[0] : null;

    /// <summary>A name that nothing else has.</summary>
    public string Fresh(string name)
    {
        var fresh = CSharp.Identifier(name);
        for (var i = 1; !_names.Add(fresh); i++)
        {
            fresh = name + i;
        }

        return fresh;
    }

    /// <summary>The items of a tuple that are used, by their places.</summary>
    public IEnumerable<(int Value, int Place)> Items(int tuple) => Enumerable.Range(0, _model.Values.Count)
        .Where(v => _model.Values[v] is Item item && item.Tuple == tuple)
        .Select(v => (v, ((Item)_model.Values[v]).Index));

    /// <summary>Takes a tuple apart into fresh names, and gives those of the items that are used.</summary>
    public IReadOnlyList<(int Value, string Name)> TakeApart(int tuple, int count, string text)
    {
        var items = Items(tuple).ToDictionary(
            i => i.Place, i => (i.Value, Name: Fresh(_model.ValueNames[i.Value] is { Length: > 0 } n ? n : "t")));
        var names = Enumerable.Range(0, count).Select(i => items.TryGetValue(i, out var item) ? item.Name : "_");
        _lines.Add($"var ({string.Join(", ", names)}) = {text};");
        return [.. items.Values];
    }

    /// <summary>A part that is known here and has the shape of another one.</summary>
    private string OfSameShape(int part)
    {
        var steps = _model.Steps.WithInner().ToList();
        var first = SameShape.FirstOf(steps, part);
        return _parts.First(known => SameShape.FirstOf(steps, known.Key) == first).Value;
    }

    private void DeclareTuple(Item item)
    {
        var text = !_values.ContainsKey(item.Tuple) && _model.Values[item.Tuple] is Call call
            ? Expressions.Join(call, Inline)
            : Reference(item.Tuple);
        foreach (var (value, name) in TakeApart(item.Tuple, item.Count, text))
        {
            _values[value] = name;
        }
    }
}
