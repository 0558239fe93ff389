using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>
/// Expressions are copied as text into other members in another file: what would not be there, or not mean the same.
/// </summary>
internal static class Copies
{
    private const string FileLocal = "A type that only its file sees";
    private const string Checked = "Arithmetic that is checked for overflow otherwise than in the rest of the project";

    /// <summary>Says what a piece of C# is that cannot be copied; null for all that can.</summary>
    public static string? Refused(IOperation op) => op switch
    {
        IInvocationOperation { TargetMethod.MethodKind: MethodKind.LocalFunction } => "A local function",
        IInvocationOperation { TargetMethod: var method }
            when IsFileLocal(method.ContainingType) || method.TypeArguments.Any(IsFileLocal) => FileLocal,
        IMemberReferenceOperation { Member: var member } when IsFileLocal(member.ContainingType) => FileLocal,
        ITypeOfOperation { TypeOperand: var named } when IsFileLocal(named) => FileLocal,
        IIsTypeOperation { TypeOperand: var named } when IsFileLocal(named) => FileLocal,
        { Type: { } type } when IsFileLocal(type) => FileLocal,

        // Also 'in': a value stands where the variable stood.
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out }
            or IArgumentOperation { Syntax: ArgumentSyntax { RefKindKeyword.RawKind: not 0 } } =>
            "A 'ref', 'out' or 'in' argument",
        IArgumentOperation { ArgumentKind: ArgumentKind.DefaultValue, Parameter: { } parameter }
            when IsCallerInfo(parameter) =>
            $"'{parameter.Name}', for which C# gives what it knows of the caller,",
        IBinaryOperation { IsChecked: var isChecked, Type: var type }
            when ChecksOtherwise(op, type, isChecked) => Checked,
        IUnaryOperation { IsChecked: var isChecked, Type: var type }
            when ChecksOtherwise(op, type, isChecked) => Checked,
        IConversionOperation { IsChecked: var isChecked, Type: var type }
            when ChecksOtherwise(op, type, isChecked) => Checked,
        { Kind: OperationKind.None } or ISizeOfOperation { TypeOperand.SpecialType: SpecialType.None } =>
            $"'{op.Syntax}'",
        { Type: IPointerTypeSymbol or IFunctionPointerTypeSymbol } => "A pointer",
        _ => null,
    };

    private static bool IsFileLocal(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => IsFileLocal(array.ElementType),
        INamedTypeSymbol named => named.IsFileLocal || named.TypeArguments.Any(IsFileLocal)
            || (named.ContainingType is { } outer && IsFileLocal(outer)),
        _ => false,
    };

    private static bool IsCallerInfo(IParameterSymbol parameter) =>
        parameter.GetAttributes().Any(a => a.AttributeClass is
        {
            Name: "CallerMemberNameAttribute" or "CallerLineNumberAttribute"
                or "CallerFilePathAttribute" or "CallerArgumentExpressionAttribute",
        } caller && caller.ContainingNamespace.IsNamed("System.Runtime.CompilerServices"));

    /// <summary>
    /// Whether arithmetic of whole numbers stands in a <c>checked</c> or <c>unchecked</c> that is no part
    /// of its own text.
    /// </summary>
    private static bool ChecksOtherwise(IOperation op, ITypeSymbol? type, bool isChecked) =>
        Operations.KindOf(type) == ValueKind.Number
        && type!.SpecialType is not (SpecialType.System_Double or SpecialType.System_Single)
        && op.SemanticModel!.Compilation.Options is CSharpCompilationOptions options
        && isChecked != options.CheckOverflow
        && (isChecked || op.Syntax.Ancestors().Any(a => a is CheckedExpressionSyntax or CheckedStatementSyntax));
}
