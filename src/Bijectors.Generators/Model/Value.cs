namespace Bijectors.Generators.Model;

/// <summary>What a known value is in C#: decides whether it needs a variable and a dispose, or can stand inline.</summary>
internal enum ValueKind
{
    Tensor,
    Number,
    Tuple,
    Other,
}

/// <summary>What is proven of a value's sign, everywhere.</summary>
internal enum Sign
{
    Unknown,
    NonZero,
    Positive,
}

/// <summary>
/// A value that a step may use without mapping it: a parameter, a constant, the context, or a function of parts that are live
/// at that point. Values refer to one another by index into <see cref="ForwardModel.Values"/>, and equal ones share an index.
/// </summary>
internal abstract record Value(ValueKind Kind, Sign Sign);

/// <summary>An expression that stands as it was written: a field, a literal, the context.</summary>
internal sealed record Leaf(string Text, ValueKind Kind, Sign Sign, double? Constant = null, bool IsContext = false) : Value(Kind, Sign);

/// <summary>A part that is read, not mapped.</summary>
internal sealed record PartRead(int Part) : Value(ValueKind.Tensor, Sign.Unknown);

/// <summary>
/// An expression with operands cut out: <c>Pieces[0] Operands[0] Pieces[1] ...</c>. <see cref="Function"/> names it where the compiler
/// knows it (<see cref="Language.KnownFunctions"/>); then the operands are its arguments in order. <see cref="Conditioner"/> is the receiver
/// of a network's call, which also knows what shapes it reads.
/// </summary>
internal sealed record Call(
    EquatableArray<string> Pieces, EquatableArray<int> Operands, ValueKind Kind, Sign Sign, string Function = "", string? Conditioner = null) : Value(Kind, Sign);

/// <summary>One element of a tuple.</summary>
internal sealed record Item(int Tuple, int Index, int Count, ValueKind Kind) : Value(Kind, Sign.Unknown);
