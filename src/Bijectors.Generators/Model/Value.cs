namespace Bijectors.Generators.Model;

/// <summary>
/// What a known value is in C#: decides whether it needs a variable and a dispose, or can stand inline.
/// </summary>
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
/// A value that a step may use without mapping it: a parameter, a constant, the context, or a function of parts that
/// are live at that point. Values refer to one another by index into <see cref="ForwardModel.Values"/>, and equal
/// ones share an index.
/// </summary>
internal abstract record Value(ValueKind Kind, Sign Sign)
{
    /// <summary>What is proven of it as a matrix.</summary>
    public Matrix Matrix { get; init; }

    /// <summary>In which interval it is known to lie.</summary>
    public Interval Interval { get; init; } = Interval.All;
}

/// <summary>An expression that stands as it was written: a field, a literal, the context.</summary>
/// <param name="Text">The expression.</param>
/// <param name="Kind">What it is in C#.</param>
/// <param name="Sign">What is proven of its sign.</param>
/// <param name="Constant">Its value, where that is a literal.</param>
/// <param name="IsContext">Whether it is the context.</param>
/// <param name="Loop">The loop whose variable it is: two loops may use one name.</param>
/// <param name="IsField">Whether it is a field, which may be read as often as one likes.</param>
/// <param name="IsMask">Whether it is marked as zeros and ones.</param>
internal sealed record Leaf(string Text, ValueKind Kind, Sign Sign, double? Constant = null, bool IsContext = false,
    int? Loop = null, bool IsField = false, bool IsMask = false)
    : Value(Kind, Sign);

/// <summary>
/// A part that is read, not mapped; or asked for its shape, its dtype or its device alone, which every other state of
/// the same shape can tell as well.
/// </summary>
internal sealed record PartRead(int Part, bool IsShapeOnly = false) : Value(ValueKind.Tensor, Sign.Unknown);

/// <summary>
/// An expression with operands cut out: <c>Pieces[0] Operands[0] Pieces[1] ...</c>. <see cref="Function"/> names it
/// where the compiler knows it (<see cref="Language.KnownFunctions"/>); then the operands are its arguments in order.
/// <see cref="Conditioner"/> is the receiver of a network's call, which also knows what shapes it reads.
/// <see cref="Promise"/> is what attributes say of the function.
/// </summary>
internal sealed record Call(
    EquatableArray<string> Pieces, EquatableArray<int> Operands, ValueKind Kind, Sign Sign, string Function = "",
    string? Conditioner = null, Promise? Promise = null)
    : Value(Kind, Sign)
{
    /// <summary>The arguments that are constants, <c>name=value</c>, of functions whose meaning they change.</summary>
    public EquatableArray<string> Options { get; init; }
}

/// <summary>
/// What attributes promise of a function. <see cref="Argument"/> is the operand that is its first argument, -1 where
/// that is no operand on its own.
/// </summary>
internal abstract record Promise(int Argument);

/// <summary>
/// [Causal]: entry i depends on the entries before i, in raster order over <see cref="Axes"/>; results have
/// <see cref="Trailing"/> dimensions behind those of the part. <see cref="Begin"/> are the pieces of the call that
/// begins an incremental pass.
/// </summary>
internal sealed record CausalPromise(int Argument, EquatableArray<int> Axes, int Trailing, string Method,
    EquatableArray<string>? Begin) : Promise(Argument);

/// <summary>[Contractive].</summary>
internal sealed record ContractivePromise(int Argument, double Constant, string? Estimator) : Promise(Argument);

/// <summary>
/// [Elementwise]. <see cref="ScaleMap"/> is one of Core's scale maps, where the function is the log-scale of one of a
/// member or of Core itself.
/// </summary>
internal sealed record ElementwisePromise(int Argument, string? ScaleMap) : Promise(Argument);

/// <summary>One element of a tuple.</summary>
internal sealed record Item(int Tuple, int Index, int Count, ValueKind Kind) : Value(Kind, Sign.Unknown);
