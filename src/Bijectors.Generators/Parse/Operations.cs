using System.Globalization;
using Bijectors.Generators.Analyse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>Questions about Roslyn operations, asked in several places.</summary>
internal static class Operations
{
    private const string Tensor = "TorchSharp.torch.Tensor";

    /// <summary>The operation without brackets, arguments and implicit conversions around it.</summary>
    public static IOperation Unwrap(IOperation op)
    {
        while (true)
        {
            switch (op)
            {
                case IParenthesizedOperation p:
                    op = p.Operand;
                    break;
                case IConversionOperation { IsImplicit: true } c when !IsForeign(c.OperatorMethod):
                    op = c.Operand;
                    break;
                case IConversionOperation { Conversion.IsIdentity: true } c:
                    op = c.Operand;
                    break;
                case IArgumentOperation a:
                    op = a.Value;
                    break;
                case IUnaryOperation { OperatorKind: UnaryOperatorKind.Plus, OperatorMethod: null } u:
                    op = u.Operand;
                    break;
                default:
                    return op;
            }
        }
    }

    /// <summary>
    /// Whether an operator or a conversion is somebody's own: then nothing is known of what it computes.
    /// </summary>
    public static bool IsForeign(IMethodSymbol? method) => method is not null
        && !method.ContainingNamespace.IsNamed("TorchSharp");

    /// <summary>Whether an operation is arithmetic as the tables understand it.</summary>
    public static bool IsArithmetic(IOperation op) => op switch
    {
        IBinaryOperation b => !IsForeign(b.OperatorMethod)
            && b.OperatorKind is BinaryOperatorKind.Add or BinaryOperatorKind.Subtract
                or BinaryOperatorKind.Multiply or BinaryOperatorKind.Divide,
        IUnaryOperation u => !IsForeign(u.OperatorMethod) && u.OperatorKind == UnaryOperatorKind.Minus,
        _ => false,
    };

    /// <summary>A type as it can be written anywhere.</summary>
    public static string FullName(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    /// <summary>Whether what an expression means depends on what it is assigned to.</summary>
    public static bool IsTargetTyped(IOperation op) =>
        op.Syntax is ImplicitObjectCreationExpressionSyntax or CollectionExpressionSyntax or TupleExpressionSyntax
            or ConditionalExpressionSyntax || op.Syntax.IsKind(SyntaxKind.NullLiteralExpression)
        || op.Syntax.IsKind(SyntaxKind.DefaultLiteralExpression);

    /// <summary>Whether a type's arithmetic wraps around where a literal in its place would not.</summary>
    public static bool WrapsEarly(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16
            or SpecialType.System_UInt16 or SpecialType.System_UInt32
            or SpecialType.System_UInt64 or SpecialType.System_Char;

    /// <summary>The local variable or parameter an operation reads; null for anything else.</summary>
    public static ISymbol? Variable(IOperation op) => op switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        _ => null,
    };

    /// <summary>Tensor itself, or a kind of it such as Parameter.</summary>
    public static bool IsTensor(ITypeSymbol? type) =>
        Bases(type?.WithNullableAnnotation(NullableAnnotation.None)).Any(t => t.IsNamed(Tensor));

    /// <summary>The type, its base, and so on.</summary>
    public static IEnumerable<ITypeSymbol> Bases(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }

    public static ValueKind KindOf(ITypeSymbol? type) => type switch
    {
        null => ValueKind.Other,
        _ when IsTensor(type) => ValueKind.Tensor,
        { IsTupleType: true } => ValueKind.Tuple,
        {
            SpecialType: SpecialType.System_Double or SpecialType.System_Single
            or SpecialType.System_Int32 or SpecialType.System_Int64
            or SpecialType.System_Int16 or SpecialType.System_UInt16
            or SpecialType.System_Byte or SpecialType.System_SByte
            or SpecialType.System_UInt32 or SpecialType.System_UInt64
        } => ValueKind.Number,
        _ => ValueKind.Other,
    };

    public static double? AsDouble(object constant) => constant switch
    {
        double d => d,
        float f => f,
        int i => i,
        long l => l,
        short s => s,
        byte b => b,
        uint u => u,
        ulong u => u,
        ushort u => u,
        sbyte s => s,
        _ => null,
    };

    /// <summary>
    /// The receiver (where it is an object) and the arguments a call was written with, defaults left out.
    /// </summary>
    public static IReadOnlyList<IOperation> Explicit(IInvocationOperation call)
    {
        IEnumerable<IOperation> arguments = call.Arguments.Where(a => a.ArgumentKind != ArgumentKind.DefaultValue)
            .OrderBy(a => a.Parameter?.Ordinal).Select(a => a.Value);
        return [.. call.Instance is { } instance ? arguments.Prepend(instance) : arguments];
    }

    /// <summary>The receiver of a call that runs a conditioner, as text; null for all other operations.</summary>
    public static string? Conditioner(IOperation op, Func<ISymbol, bool> isLoopVariable)
    {
        // The text stands in the shape rule too, where loops have the same variables and nothing else of
        // the body is there.
        if (op is not IInvocationOperation { Instance: { } instance,
            TargetMethod.Name: "Evaluate" or "Raw" or "ScaleAndShift" or "Table" or "Groups" }
            || instance is not (IFieldReferenceOperation or IPropertyReferenceOperation
                or IArrayElementReferenceOperation or ILocalReferenceOperation)
            || instance.DescendantsAndSelf().Any(d => Variable(d) is { } v && !isLoopVariable(v)))
        {
            return null;
        }

        return Bases(instance.Type).Any(t => t.IsNamed("Bijectors.Conditioner"))
            ? Expressions.Bracket(Text.Of(instance.Syntax)) : null;
    }

    /// <summary>
    /// What the marks [Positive] and [NonZero] on a field, property, parameter or return value promise.
    /// </summary>
    public static Sign DeclaredSign(IOperation op) => op switch
    {
        IFieldReferenceOperation { Field: { HasConstantValue: true, ConstantValue: { } c } }
            when AsDouble(c) is { } value => Signs.OfConstant(value),
        IMemberReferenceOperation member => Promise(member.Member.GetAttributes()),
        IParameterReferenceOperation parameter => Promise(parameter.Parameter.GetAttributes()),
        IInvocationOperation call => Promise(call.TargetMethod.GetReturnTypeAttributes()),
        _ => Sign.Unknown,
    };

    /// <summary>Whether a field or a property is marked [Mask].</summary>
    public static bool IsMask(IOperation op) =>
        op is IMemberReferenceOperation { Member: var member } && member.GetAttributes()
            .Any(a => a.AttributeClass?.ToDisplayString() == "Bijectors.MaskAttribute");

    /// <summary>
    /// Says what a piece of C# is that has no place inside an expression of the language; null for all that has.
    /// </summary>
    public static string? Refused(IOperation op) => op switch
    {
        IMethodReferenceOperation => "A method as a value",
        IDeclarationPatternOperation or IRecursivePatternOperation { DeclaredSymbol: not null }
            or IListPatternOperation { DeclaredSymbol: not null } => "A variable of a pattern",
        IArrayCreationOperation { Syntax: InitializerExpressionSyntax } => "An array without its type",
        IConversionOperation { IsImplicit: true } c when IsForeign(c.OperatorMethod) =>
            $"An implicit conversion from {c.Operand.Type?.Name}",
        IAnonymousFunctionOperation => "A lambda",
        IAwaitOperation => "'await'",
        IAssignmentOperation or IIncrementOrDecrementOperation => "An assignment inside an expression",
        IDeclarationExpressionOperation => "A declaration inside an expression",
        ISwitchExpressionOperation => "A switch expression",
        IConditionalAccessOperation => "'?.'",
        IThrowOperation => "A throw expression",
        _ => Copies.Refused(op),
    };


    private static Sign Promise(IEnumerable<AttributeData> attributes)
    {
        var sign = Sign.Unknown;
        foreach (var attribute in attributes)
        {
            sign = attribute.AttributeClass?.ToDisplayString() switch
            {
                "Bijectors.PositiveAttribute" => Sign.Positive,
                "Bijectors.NonZeroAttribute" when sign != Sign.Positive => Sign.NonZero,
                _ => sign,
            };
        }

        return sign;
    }
}
