namespace Bijectors.Generators.Invert;

/// <summary>
/// One instruction of a program in one direction. On each path through it a part is made by exactly one instruction.
/// </summary>
internal abstract record Instruction;

/// <summary>
/// A row of the table or its inverse: <see cref="Template"/> with the holes of <see cref="Primitive"/>;
/// <see cref="Slope"/> is its contribution to the log-det.
/// </summary>
internal sealed record Compute(
    Primitive Row, string Template, int X, int Y, bool MakesY, IReadOnlyList<int> Operands, string? Slope,
        bool SlopeIsSubtracted) : Instruction
{
    /// <summary>Whether it divides by its operand to undo a product.</summary>
    public bool UndoesProduct => !MakesY && Row.Arithmetic == ArithmeticKind.Product;

    /// <summary>Whether it subtracts its operand to undo a sum.</summary>
    public bool UndoesSum => !MakesY && Row.Arithmetic == ArithmeticKind.Sum;

    /// <summary>Whether it adds its operand to undo a difference.</summary>
    public bool UndoesDifference => !MakesY && Row.Arithmetic == ArithmeticKind.Difference;

    /// <summary>A quotient as a product with the reciprocal of the operand.</summary>
    public Compute ByReciprocal() => this with { Template = "{y} * {k}" };
}

/// <summary>
/// A map that an attribute describes, or its inverse; <see cref="Trailing"/> as in <see cref="FunctionStep"/>.
/// </summary>
internal sealed record Evaluate(Function Function, int X, int Y, bool MakesY, IReadOnlyList<int> Operands,
    IReadOnlyList<int> Trailing) : Instruction;

/// <summary>A map of two pieces, or its inverse: the programs of both in this direction.</summary>
internal sealed record Piecewise(PiecewiseStep Step, bool MakesY, IReadOnlyList<Instruction> Below,
    IReadOnlyList<Instruction> Above) : Instruction;

/// <summary>
/// The inverse of maps that are conditioned on their own part, entry by entry; <see cref="Forward"/> are the
/// maps themselves.
/// </summary>
internal sealed record SolveCausal(CausalStep Step, IReadOnlyList<Instruction> Forward,
    IReadOnlyList<Instruction> Inverse) : Instruction;

/// <summary>Maps the entries that a mask does not keep, or undoes that.</summary>
internal sealed record MaskedRows(MaskedStep Step, bool MakesY, IReadOnlyList<Instruction> Forward,
    IReadOnlyList<Instruction> Inverse) : Instruction;

/// <summary><c>Y = X + g(X)</c>, or its inverse by iteration.</summary>
internal sealed record Contract(ContractiveStep Step, bool MakesY) : Instruction;

/// <summary>A map of the entries of a part together, or its inverse.</summary>
internal sealed record Joint(JointMap Map, int X, int Y, bool MakesY, IReadOnlyList<int> Operands) : Instruction;

/// <summary>A mixture of two parts, or its inverse.</summary>
internal sealed record Mix(MixStep Step, bool MakesY) : Instruction;

/// <summary><c>(Outputs) = Receiver.Method(Inputs, Arguments)</c>.</summary>
internal sealed record Move(
    int Receiver, string Method, IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs, IReadOnlyList<int> Arguments,
    bool ChangesRank) : Instruction;

/// <summary><c>Output = Bijector(Input)</c> or its inverse, with its own log-det.</summary>
internal sealed record Run(int Bijector, int Input, int Output, int? Context, bool Inverse) : Instruction;

/// <summary>Gives parts other numbers; nothing is computed.</summary>
internal sealed record Rename(IReadOnlyList<int> From, IReadOnlyList<int> To) : Instruction;

/// <summary>Runs a body once for every element of the header, from <c>Heads</c> to <c>Tails</c> in each pass.</summary>
internal sealed record Loop(
    Header Header, bool Backwards, IReadOnlyList<int> Inputs, IReadOnlyList<int> Outputs,
    IReadOnlyList<int> Heads, BlockProgram Body)
    : Instruction;

/// <summary>Runs one of two bodies.</summary>
internal sealed record Choose(int Condition, IReadOnlyList<int> Outputs, BlockProgram Then, BlockProgram Else)
    : Instruction;

/// <summary>The program of a block, and the parts that its outputs are at its end.</summary>
internal sealed record BlockProgram(IReadOnlyList<Instruction> Program, IReadOnlyList<int> Tails, int Block);

/// <summary>Programs and the programs inside them.</summary>
internal static class Programs
{
    public static IEnumerable<Instruction> Flatten(this IEnumerable<Instruction> program) =>
        program.SelectMany(i => i switch
        {
            Loop loop => loop.Body.Program.Flatten().Prepend(i),
            Choose choose => choose.Then.Program.Flatten().Concat(choose.Else.Program.Flatten()).Prepend(i),
            _ => new[] { i },
        });

    /// <summary>Whether something in a program adds to the log-det.</summary>
    public static bool HasSlope(this IEnumerable<Instruction> program) => program.Flatten().Any(i =>
        i is Compute { Slope: not null } or Joint { Map.HasLogDet: true } or Evaluate or SolveCausal or MaskedRows
            or Contract or Mix or Run
        || (i is Piecewise pieces && pieces.Below.Concat(pieces.Above).HasSlope()));

    /// <summary>The known values an instruction uses itself.</summary>
    public static IEnumerable<int> Operands(this Instruction instruction) => instruction switch
    {
        Compute i => i.Operands,
        Evaluate i => i.Operands,
        Joint i => i.Operands,
        Mix { Step: { LogAbs: { } logAbs } step } => [.. step.Coefficients, step.Determinant, logAbs],
        Mix i => i.Step.Coefficients.Append(i.Step.Determinant),
        Piecewise i => i.Below.Concat(i.Above).SelectMany(inner => inner.Operands()),
        SolveCausal i => i.Forward.SelectMany(Operands),
        MaskedRows i => i.Forward.SelectMany(Operands).Prepend(i.Step.Kept),
        Contract i => [i.Step.Term],
        Run { Context: { } context } i => [i.Bijector, context],
        Run i => [i.Bijector],
        Move i => i.Arguments.Prepend(i.Receiver),
        Loop i => new[] { i.Header.Collection, i.Header.From, i.Header.To }.OfType<int>(),
        Choose i => [i.Condition],
        _ => [],
    };
}
