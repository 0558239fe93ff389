namespace Bijectors.Data;

/// <summary>A column that is read, and as what.</summary>
/// <param name="Index">Its place in the table, from 0.</param>
/// <param name="Name">Its name; its number from 1 where the table has no names.</param>
/// <param name="Shown">How messages call it.</param>
internal sealed record ColumnPlan(int Index, string Name, string Shown)
{
    /// <summary>Whether it holds categories.</summary>
    public bool IsCategory { get; init; }

    /// <summary>Whether cells may be empty.</summary>
    public bool MayBeMissing { get; init; }

    /// <summary>The categories in the order of their codes; null where the table itself says.</summary>
    public IReadOnlyList<string>? Known { get; init; }

    /// <summary>Whether it is part of what items are given.</summary>
    public bool IsContext { get; init; }
}
