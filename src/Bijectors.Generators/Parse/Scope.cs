using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>What a C# variable stands for: a part or a known value.</summary>
internal readonly record struct Binding(int? Part, int? Value);

/// <summary>What each variable stands for at this point of the body, and which parts are live.</summary>
internal sealed class Scope
{
    private readonly Dictionary<ISymbol, Binding> _bindings = new(SymbolEqualityComparer.Default);
    private readonly List<string> _partNames = [];
    private readonly HashSet<int> _live = [];

    public IReadOnlyList<string> PartNames => _partNames;

    public IEnumerable<int> Live => _live;

    public bool IsLive(int part) => _live.Contains(part);

    public int NewPart(string name)
    {
        _partNames.Add(name);
        _live.Add(_partNames.Count - 1);
        return _partNames.Count - 1;
    }

    public void Rename(int part, string name) => _partNames[part] = name;

    public void Consume(int part) => _live.Remove(part);

    public void BindPart(ISymbol symbol, int part) => _bindings[symbol] = new(part, null);

    public void BindValue(ISymbol symbol, int value) => _bindings[symbol] = new(null, value);

    /// <summary>Whether some variable still stands for a part.</summary>
    public bool IsBound(int part) => _bindings.Values.Any(b => b.Part == part);

    public Binding? Find(IOperation op) => Operations.Variable(op) is { } symbol ? Find(symbol) : null;

    public Binding? Find(ISymbol symbol) => _bindings.TryGetValue(symbol, out var binding) ? binding : null;
}
