namespace Bijectors.Generators.Model;

/// <summary>
/// One step of the forward map. Parts are numbered; every part is made by one step (or is the input) and
/// consumed by at most one.
/// </summary>
internal abstract record Step;

/// <summary>A step that takes one part to one part and leaves every element in its place, with its shape.</summary>
internal abstract record ElementwiseStep(int Input, int Output) : Step;

/// <summary>
/// Maps one part with known operands. Where an operand is a causal function of an earlier state of the same part,
/// <see cref="Head"/> is that state and <see cref="Axes"/> the order of its entries.
/// </summary>
internal abstract record RowStep(int Input, int Output, EquatableArray<int> Operands, int? Head,
    EquatableArray<int> Axes)
    : ElementwiseStep(Input, Output);

/// <summary>Maps one part through a row of the table: <c>Output = primitive(Input, Operands)</c>.</summary>
internal sealed record MapStep(string Primitive, int Input, int Output, EquatableArray<int> Operands, int? Head = null,
    EquatableArray<int> Axes = default)
    : RowStep(Input, Output, Operands, Head, Axes);

/// <summary>
/// Maps one part through a function whose row is an attribute: <c>Output = function(Input, Operands)</c>.
/// <see cref="Trailing"/> is, where it has a head, how many dimensions each operand has behind those of the part.
/// </summary>
internal sealed record FunctionStep(
    Function Function, int Input, int Output, EquatableArray<int> Operands, int? Head = null,
        EquatableArray<int> Axes = default, EquatableArray<int> Trailing = default)
    : RowStep(Input, Output, Operands, Head, Axes);

/// <summary>
/// Maps that are conditioned on what stood in the part before the first of them, entry by entry: undone
/// together, entry by entry.
/// </summary>
internal sealed record CausalStep(int Input, int Output, EquatableArray<RowStep> Maps, EquatableArray<int> Axes)
    : ElementwiseStep(Input, Output);

/// <summary>
/// Maps those entries of a part that a mask does not keep: <c>Output = Kept Input + (1 - Kept) maps(Input)</c>. The
/// maps read the part as <c>Kept Input</c> alone, which is what <c>Kept Output</c> is. The first of them starts from
/// <c>Input</c>; what the last one gives is no part on its own.
/// </summary>
internal sealed record MaskedStep(int Input, int Output, int Kept, EquatableArray<RowStep> Maps)
    : ElementwiseStep(Input, Output);

/// <summary>
/// <c>Output = Input + g(Input)</c> for a contraction g: the value <see cref="Term"/>, which reads the input.
/// </summary>
internal sealed record ContractiveStep(int Input, int Output, int Term, double Constant, string? Estimator)
    : ElementwiseStep(Input, Output);

/// <summary>Maps the entries of one part together: <c>Output = map(Input, Operands)</c>.</summary>
internal sealed record JointStep(Language.JointMap Map, int Input, int Output, EquatableArray<int> Operands)
    : ElementwiseStep(Input, Output);

/// <summary>
/// Maps the whole point onto a surface in a space of another number of entries: <c>Output = map(Input, Operands)</c>.
/// It is the last step.
/// </summary>
internal sealed record SurfaceStep(Language.JointMap Map, int Input, int Output, EquatableArray<int> Operands) : Step;

/// <summary>
/// Mixes two parts of one shape: <c>(y1, y2) = (a x1 + b x2, c x1 + d x2)</c> with the four <see cref="Coefficients"/>
/// in this order, and <see cref="Determinant"/>, the value of a d - b c. <see cref="LogAbs"/> is the logarithm of its
/// absolute value, null where that is 0.
/// </summary>
internal sealed record MixStep(
    EquatableArray<int> Inputs, EquatableArray<int> Outputs, EquatableArray<int> Coefficients, int Determinant,
        int? LogAbs) : Step;

/// <summary>
/// Moves elements: <c>(Outputs) = Receiver.Method(Inputs, Arguments)</c>, undone by
/// <c>(Inputs) = Receiver.Inverse(Outputs, InverseArguments)</c>.
/// </summary>
internal sealed record MoveStep(
    int Receiver,
    string Method,
    string Inverse,
    EquatableArray<int> Inputs,
    EquatableArray<int> Outputs,
    EquatableArray<int> Arguments,
    EquatableArray<int> InverseArguments,
    bool ChangesRank) : Step;

/// <summary>Applies another bijector, or its inverse, to one part.</summary>
internal sealed record ApplyStep(int Bijector, int Input, int Output, int? Context, bool Inverse) : Step;

/// <summary>
/// Repeats steps: <c>Inputs</c> go in, each pass takes <c>Heads</c> to the tails of the body, and what the last pass
/// gave becomes <c>Outputs</c>.
/// </summary>
internal sealed record RepeatStep(
    Header Header, EquatableArray<int> Inputs, EquatableArray<int> Outputs, EquatableArray<int> Heads, Arm Body) : Step;

/// <summary>
/// Runs one of two branches: both take <c>Inputs</c> to their own tails, which become <c>Outputs</c>.
/// </summary>
internal sealed record BranchStep(
    int Condition, EquatableArray<int> Inputs, EquatableArray<int> Outputs, Arm Then, Arm Else) : Step;

/// <summary>Steps in a block of their own, the parts that stand at its end, and the number of the block.</summary>
internal sealed record Arm(EquatableArray<Step> Steps, EquatableArray<int> Tails, int Block);

/// <summary>
/// What a loop runs over: a collection, or whole numbers from <see cref="From"/> on while <see cref="Comparison"/> with
/// <see cref="To"/> holds.
/// </summary>
internal sealed record Header(string Variable, string Type, int? Collection, int? From, int? To, string Comparison);

/// <summary>
/// A map that an attribute describes, by the names of methods of <see cref="Receiver"/>. <see cref="Inverse"/> and
/// <see cref="LogSlope"/> are null where they are found by iteration and by autograd, the other two where no method
/// gives value and log-slope at once.
/// </summary>
internal sealed record Function(
    string Name, string Receiver, string Forward, string? Inverse, string? LogSlope, Language.Bounds Domain,
    Language.Bounds Range, string? WithLogSlope = null, string? InverseWithLogSlope = null);

/// <summary>Steps and the steps inside them.</summary>
internal static class StepTree
{
    /// <summary>All steps that do something themselves, in order, those of loops and branches among them.</summary>
    public static IEnumerable<Step> Flatten(this IEnumerable<Step> steps) => steps.SelectMany(step => step switch
    {
        RepeatStep repeat => repeat.Body.Steps.Flatten(),
        BranchStep branch => branch.Then.Steps.Flatten().Concat(branch.Else.Steps.Flatten()),
        CausalStep causal => causal.Maps,
        MaskedStep masked => masked.Maps,
        _ => new[] { step },
    });

    /// <summary>All steps, loops and branches before those inside them.</summary>
    public static IEnumerable<Step> WithInner(this IEnumerable<Step> steps) => steps.SelectMany(step => step switch
    {
        RepeatStep repeat => repeat.Body.Steps.WithInner().Prepend(step),
        BranchStep branch => branch.Then.Steps.WithInner().Concat(branch.Else.Steps.WithInner()).Prepend(step),
        MaskedStep masked => masked.Maps.Prepend(step),
        _ => new[] { step },
    });
}
