namespace Bijectors.RandomPrograms.Draw;

/// <summary>A bijector of the forward language as it was drawn.</summary>
internal sealed record DrawnProgram(
    string Name, Shape Shape, IReadOnlyList<string> Members, IReadOnlyList<Statement> Body)
{
    /// <summary>The C# of the whole class, where the forward map takes a context.</summary>
    public bool TakesContext { get; init; }

    public long? ContextSize { get; init; }

    public bool IsNumerical { get; init; }

    public int? EventRank { get; init; }

    /// <summary>How many elementwise steps a point goes through.</summary>
    public int Steps { get; init; }

    /// <summary>How often each form occurs.</summary>
    public IReadOnlyDictionary<string, int> Forms { get; init; } = new Dictionary<string, int>();
}
