namespace Bijectors.Data;

/// <summary>What is asked for of a table; columns by name, or by number from 1.</summary>
internal sealed record TableRequest
{
    /// <summary>The columns of an item; null: those of the schema, or all that are nothing else.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>The columns that items are given; null: none.</summary>
    public IReadOnlyList<string>? Context { get; init; }

    /// <summary>The columns of numbers or texts that are categories; null: none but those of texts.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>The columns of which cells may be empty; null: none.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    /// <summary>What is known of columns, by name; it goes before the lists above.</summary>
    public IReadOnlyList<TableColumn>? Schema { get; init; }

    /// <summary>The column of integer classes, from 0, negative from the end; null: none.</summary>
    public int? LabelColumn { get; init; }
}
