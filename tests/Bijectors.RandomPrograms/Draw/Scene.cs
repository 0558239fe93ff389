namespace Bijectors.RandomPrograms.Draw;

/// <summary>A part of the point at some place of a program.</summary>
/// <param name="Variable">The C# variable that stands for it.</param>
/// <param name="Shape">Its event shape.</param>
/// <param name="Span">Where its entries lie, as far as a compiler can follow.</param>
/// <param name="IsLiteral">Whether only steps with literal operands lie between the input and it, so that a domain may
/// still shrink.</param>
/// <param name="Walks">What may have happened to an entry of it.</param>
internal sealed record Part(string Variable, Shape Shape, Span Span, bool IsLiteral, IReadOnlyList<Walk> Walks)
{
    public Part Through(Pace pace) => this with { Walks = [.. Walks.Select(w => w.Then(pace))] };
}

/// <summary>A known value in a variable.</summary>
/// <param name="Operand">What it is.</param>
/// <param name="Variable">The C# variable.</param>
internal sealed record Known(string Variable, Operand Operand);

/// <summary>What may be used at some place of a program.</summary>
internal sealed class Scene
{
    public List<Part> Parts { get; private init; } = [];

    public List<Known> Values { get; private init; } = [];

    /// <summary>Variables that stood for a part that has been taken apart since.</summary>
    public List<string> Stale { get; private init; } = [];

    /// <summary>How many blocks lie around.</summary>
    public int Depth { get; private init; }

    /// <summary>
    /// Whether entries may change their places: not where the context decides whether this place is reached.
    /// </summary>
    public bool MayMove { get; private init; } = true;

    /// <summary>The scene inside a block that begins here.</summary>
    public Scene Inside(bool repeated, bool mayMove = true) => new()
    {
        Parts = [.. Parts.Select((p, i) => p with { IsLiteral = false, Walks = [Walk.From(i)] })],
        Values = [.. repeated ? Values.Where(v => v.Operand.Reads.Count == 0) : Values],
        Stale = [.. Stale],
        Depth = Depth + 1,
        MayMove = MayMove && mayMove,
    };

    /// <summary>
    /// Another state takes the place of a part; what was computed from the old one is known no longer.
    /// </summary>
    public void Replace(Part old, params ReadOnlySpan<Part> next)
    {
        var place = Parts.IndexOf(old);
        Parts.RemoveAt(place);
        Parts.InsertRange(place, next);
        Forget(old.Variable);
    }

    public void Forget(string variable) => Values.RemoveAll(v => v.Operand.Reads.Contains(variable));

    public Sight Sight(bool hasContext, bool statesDomain) =>
        new([.. Parts], [.. Values], [.. Stale.Where(s => Parts.All(p => p.Variable != s))], hasContext, statesDomain);
}

/// <summary>What could be seen from a place of a finished program.</summary>
internal sealed record Sight(
    IReadOnlyList<Part> Parts, IReadOnlyList<Known> Values, IReadOnlyList<string> Stale,
    bool HasContext, bool StatesDomain)
{
    public static readonly Sight Nothing = new([], [], [], false, false);
}
