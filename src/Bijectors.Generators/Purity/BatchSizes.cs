using Bijectors.Generators.Parse;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Purity;

/// <summary>
/// Numbers that say how many points there are: <c>a.shape[0]</c>, <c>a.size(0)</c>, <c>a.numel()</c>, and what is
/// computed from them. They may say how a tensor is shaped, but not what is in it.
/// </summary>
internal static class BatchSizes
{
    /// <summary>The tensor whose size is asked, and along which axis; no axis stands for all entries.</summary>
    public static (IOperation Tensor, int? Axis)? Asked(IOperation op) => op switch
    {
        IArrayElementReferenceOperation { Indices: [var index] } element
            when ShapeOf(element.ArrayReference) is { } tensor && Axis(index) is { } axis => (tensor, axis),
        IInvocationOperation { TargetMethod.Name: "size", Instance: { } tensor, Arguments: [var dim] }
            when Operations.IsTensor(tensor.Type) && Axis(dim.Value) is { } axis => (tensor, axis),
        IInvocationOperation { TargetMethod.Name: "numel", Instance: { } tensor }
            when Operations.IsTensor(tensor.Type) => (tensor, null),
        IPropertyReferenceOperation { Property.Name: "NumberOfElements", Instance: { } tensor }
            when Operations.IsTensor(tensor.Type) => (tensor, null),
        _ => null,
    };

    /// <summary>The tensor whose number of axes is asked, which tells how many are the batch's.</summary>
    public static IOperation? DimensionAsked(IOperation op) => op switch
    {
        IInvocationOperation { TargetMethod.Name: "dim", Instance: { } tensor }
            when Operations.IsTensor(tensor.Type) => tensor,
        IPropertyReferenceOperation { Property.Name: "ndim" or "Dimensions", Instance: { } tensor }
            when Operations.IsTensor(tensor.Type) => tensor,
        _ => null,
    };

    /// <summary>Whether a number of axes is asked, also of a shape.</summary>
    public static bool IsDimension(IOperation op) => Reduction.Plain(op) is var plain
        && (DimensionAsked(plain) is not null
            || plain is IPropertyReferenceOperation { Property.Name: "Length", Instance: { } shape }
            && ShapeOf(shape) is not null);

    /// <summary>Whether the size of a value along an axis is one of the batch.</summary>
    public static bool IsOfBatch(int? axis, Extent extent) => axis switch
    {
        null => extent.LeadsBatch,
        < 0 => -axis > extent.Rank,
        _ => axis == 0 && extent.LeadsBatch,
    };

    /// <summary>Whether what is computed from a count may be one: a number, or an answer about one.</summary>
    public static bool IsNumber(ITypeSymbol? type) =>
        Operations.KindOf(type) == ValueKind.Number || type?.SpecialType == SpecialType.System_Boolean
            || type.IsNamed("TorchSharp.Scalar");

    /// <summary>Whether a type holds the sizes of a shape.</summary>
    public static bool IsSizes(ITypeSymbol? type) => type is IArrayTypeSymbol array ? IsNumber(array.ElementType)
        : type is INamedTypeSymbol { IsGenericType: true, TypeArguments: [var element] } && IsNumber(element);

    /// <summary>Whether a parameter of torch becomes an entry of the result; others say how it is shaped.</summary>
    public static bool IsEntry(IParameterSymbol parameter) =>
        HandWritten.Types.Name(parameter.Type) == "TorchSharp.Scalar"
            || parameter.Type.SpecialType is SpecialType.System_Double or SpecialType.System_Single
            || parameter.ContainingSymbol.Name is "tensor" or "as_tensor";

    /// <summary>The tensor whose shape is asked.</summary>
    public static IOperation? ShapeOf(IOperation array) => Operations.Unwrap(array) switch
    {
        IPropertyReferenceOperation { Property.Name: "shape", Instance: { } tensor }
            when Operations.IsTensor(tensor.Type) => tensor,
        IInvocationOperation { TargetMethod.Name: "size", Instance: { } tensor, Arguments.IsEmpty: true }
            when Operations.IsTensor(tensor.Type) => tensor,
        _ => null,
    };

    /// <summary>The axis that an index of a shape names.</summary>
    public static int? Axis(IOperation index) => Operations.Unwrap(index) switch
    {
        { ConstantValue: { HasValue: true, Value: { } constant } } =>
            Operations.AsDouble(constant) is { } number ? (int)number : null,
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat, Operand.ConstantValue.Value: int back } => -back,
        _ => null,
    };
}
