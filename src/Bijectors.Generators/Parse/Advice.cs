using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>What to write in the place of what is refused.</summary>
internal static class Advice
{
    private const string IfAndElse = "write 'if' and 'else' that assign to the part in both";
    private const string MethodOfItsOwn = "compute the value in a method of its own and call that";

    /// <summary>Where a part is computed from itself.</summary>
    public static string ForSelf(IOperation condition) => "compute it from another part"
        + (IsElementwise(condition)
            ? ", or, if the whole is increasing, put it into a method marked [Monotone] and ask for "
                + "[GeneratedBijector(Numerical = true)]"
            : IsProjection(condition)
                ? ", or add what a planar map adds, x + u * h((x * w).sum(-1, keepdim: true) + b) with an h "
                    + "of bounded slope such as tanh"
                : "");

    /// <summary>Why an expression is no part.</summary>
    public static string WhyLost(IOperation op) => op switch
    {
        IInvocationOperation { TargetMethod: var method } when IsJoin(KnownFunctions.NameOf(method)) =>
            $"'{op.Syntax}' puts tensors together without saying how to take them apart: write Parts.Join(a, b)",
        IInvocationOperation { TargetMethod: var method } when KnownFunctions.NameOf(method) == "where" =>
            $"'{op.Syntax}' chooses by the input: write torch.where(x < c, f(x), g(x)) with a variable x and a literal "
            + "c, or put it into a method marked [Primitive] that names its inverse",
        IInvocationOperation { TargetMethod: { MethodKind: MethodKind.Ordinary } method } when IsOwn(method) =>
            $"'{op.Syntax}' is not a part of the input, since a method of your own maps one "
            + "only where it is marked [Primitive], [Monotone] or [Reindexing]",
        _ => $"'{op.Syntax}' is not a part of the input",
    };

    /// <summary>In the place of a statement.</summary>
    public static string ForStatement(IOperation statement) => statement switch
    {
        ISwitchOperation => IfAndElse,
        IReturnOperation => "write 'if' and 'else' that assign to one variable, and return that at the end of the body",
        IUsingDeclarationOperation or IUsingOperation => "leave 'using' out: what the compiler makes it disposes",
        _ => "a body is a row of assignments to local variables, foreach, for and if, and one return at its end",
    };

    /// <summary>In the place of an expression.</summary>
    public static string ForExpression(IOperation op) => op switch
    {
        IAssignmentOperation or IIncrementOrDecrementOperation =>
            "assign to local variables only, in statements of their own",
        IArgumentOperation { ArgumentKind: ArgumentKind.DefaultValue } => "write the argument",
        IConditionalOperation or ISwitchExpressionOperation when Operations.IsTensor(op.Type) =>
            $"{IfAndElse}, or {MethodOfItsOwn}",
        _ => MethodOfItsOwn,
    };

    private static bool IsJoin(string? function) =>
        function is "cat" or "concat" or "concatenate" or "stack" or "hstack" or "vstack";

    private static bool IsProjection(IOperation operation) => operation.DescendantsAndSelf()
        .OfType<IInvocationOperation>()
        .Any(call => KnownFunctions.NameOf(call.TargetMethod) is "matmul" or "linear" or "dot" or "sum" or "norm");

    private static bool IsOwn(IMethodSymbol method) =>
        Operations.IsTensor(method.ReturnType) && !method.DeclaringSyntaxReferences.IsEmpty;

    private static bool IsElementwise(IOperation operation)
    {
        var op = Operations.Unwrap(operation);
        return op switch
        {
            ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation => true,
            _ when op.ConstantValue.HasValue => true,
            IBinaryOperation b when Operations.IsArithmetic(b) =>
                IsElementwise(b.LeftOperand) && IsElementwise(b.RightOperand),
            IUnaryOperation u when Operations.IsArithmetic(u) => IsElementwise(u.Operand),
            IInvocationOperation call when KnownFunctions.NameOf(call.TargetMethod) is { } name
                && KnownFunctions.IsElementwise(name) => Operations.Explicit(call).All(IsElementwise),
            _ => false,
        };
    }
}
