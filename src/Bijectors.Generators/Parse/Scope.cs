using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Bijectors.Generators.Parse;

/// <summary>What a C# variable stands for: a part or a known value.</summary>
internal readonly record struct Binding(int? Part, int? Value);

/// <summary>What each variable stands for at one point of the body, and which parts are live there.</summary>
internal sealed record Moment(ImmutableDictionary<ISymbol, Binding> Bindings, ImmutableHashSet<int> Live);

/// <summary>What each variable stands for at this point of the body, and which parts are live.</summary>
internal sealed class Scope
{
    private readonly List<string> _partNames = [];

    public IReadOnlyList<string> PartNames => _partNames;

    /// <summary>This point of the body: kept before a block, set again for another path through it.</summary>
    public Moment Now { get; set; } =
        new(ImmutableDictionary.Create<ISymbol, Binding>(SymbolEqualityComparer.Default), []);

    public bool IsLive(int part) => Now.Live.Contains(part);

    public int NewPart(string name)
    {
        _partNames.Add(name);
        var part = _partNames.Count - 1;
        Now = Now with { Live = Now.Live.Add(part) };
        return part;
    }

    public void Rename(int part, string name) => _partNames[part] = name;

    public void Consume(int part) => Now = Now with { Live = Now.Live.Remove(part) };

    public void BindPart(ISymbol symbol, int part) => Bind(symbol, new(part, null));

    public void BindValue(ISymbol symbol, int value) => Bind(symbol, new(null, value));

    /// <summary>Whether some variable still stands for a part.</summary>
    public bool IsBound(int part) => Now.Bindings.Values.Any(b => b.Part == part);

    public Binding? Find(IOperation op) => Operations.Variable(op) is { } symbol ? Find(symbol) : null;

    public Binding? Find(ISymbol symbol) => Now.Bindings.TryGetValue(symbol, out var binding) ? binding : null;

    private void Bind(ISymbol symbol, Binding binding) =>
        Now = Now with { Bindings = Now.Bindings.SetItem(symbol, binding) };
}
