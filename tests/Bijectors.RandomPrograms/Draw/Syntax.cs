namespace Bijectors.RandomPrograms.Draw;

/// <summary>An expression of a drawn program.</summary>
internal abstract record Expression
{
    /// <summary>This expression with one variable replaced by another expression.</summary>
    public virtual Expression Replace(string variable, Expression by) => this;
}

/// <summary>A variable, a field, or any other piece of C# that needs no brackets.</summary>
internal sealed record Name(string Text) : Expression
{
    public override Expression Replace(string variable, Expression by) => Text == variable ? by : this;
}

internal sealed record Binary(string Operator, Expression Left, Expression Right) : Expression
{
    public override Expression Replace(string variable, Expression by) =>
        new Binary(Operator, Left.Replace(variable, by), Right.Replace(variable, by));
}

internal sealed record Negative(Expression Operand) : Expression
{
    public override Expression Replace(string variable, Expression by) => new Negative(Operand.Replace(variable, by));
}

/// <summary>A call, on something or by its bare name.</summary>
internal sealed record Invoke(Expression? On, string Method, params Expression[] Arguments) : Expression
{
    public override Expression Replace(string variable, Expression by) =>
        new Invoke(On?.Replace(variable, by), Method, [.. Arguments.Select(a => a.Replace(variable, by))]);
}

/// <summary>A tuple: <c>(b, a)</c>.</summary>
internal sealed record Bundle(params Expression[] Items) : Expression
{
    public override Expression Replace(string variable, Expression by) =>
        new Bundle([.. Items.Select(i => i.Replace(variable, by))]);
}

/// <summary>How an assignment introduces its variable.</summary>
internal enum Declares
{
    Nothing,
    Var,
    Typed,
}

/// <summary>A statement of a drawn program.</summary>
internal abstract record Statement
{
    /// <summary>What could be seen from this place when the statement was drawn.</summary>
    public Sight Before { get; init; } = Sight.Nothing;

    /// <summary>
    /// What may stand in the place of a statement: every statement of the block and of the blocks inside goes through
    /// <paramref name="edit"/>.
    /// </summary>
    public static IReadOnlyList<Statement> Edit(
        IReadOnlyList<Statement> block, Func<Statement, IEnumerable<Statement>> edit) =>
        [.. block.SelectMany(edit).Select(s => s switch
        {
            Loop loop => loop with { Body = Edit(loop.Body, edit) },
            Branch branch => branch with { Then = Edit(branch.Then, edit),
                Else = branch.Else is { } other ? Edit(other, edit) : null },
            _ => s,
        })];

    /// <summary>All statements, those inside others too.</summary>
    public static IEnumerable<Statement> All(IReadOnlyList<Statement> block) => block.SelectMany(s => s switch
    {
        Loop loop => All(loop.Body).Prepend(s),
        Branch branch => All(branch.Then).Concat(All(branch.Else ?? [])).Prepend(s),
        _ => [s],
    });
}

/// <summary>
/// <c>b = value</c>. <paramref name="Maps"/> is the variable whose part the value maps, where it maps one.
/// </summary>
internal sealed record Assign(Declares Declares, string Target, Expression Value, string? Maps = null) : Statement;

/// <summary><c>var (a, b) = value</c>, or <c>(a, b) = value</c> of variables that are there.</summary>
internal sealed record TakeApart(bool Declares, IReadOnlyList<string> Targets, Expression Value) : Statement;

/// <summary><c>foreach</c> or <c>for</c>, whatever the head says.</summary>
internal sealed record Loop(string Head, IReadOnlyList<Statement> Body) : Statement;

internal sealed record Branch(string Condition, IReadOnlyList<Statement> Then, IReadOnlyList<Statement>? Else)
    : Statement;

internal sealed record Return(Expression Value) : Statement;

/// <summary>A statement as text: what mutations put in, which the model of programs has no words for.</summary>
internal sealed record Foreign(string Text) : Statement;
