using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>
/// What can be asked of a tensor that its numbers do not decide on: <c>x.size(-1)</c>, <c>x.shape</c>, <c>x.dtype</c>,
/// <c>x.device</c> and the like.
/// </summary>
internal static class ShapeQuestions
{
    /// <summary>The tensor of which an operation asks such a thing; null for all other operations.</summary>
    public static IOperation? Subject(IOperation op) => op switch
    {
        IInvocationOperation { TargetMethod.Name: "size" or "dim" or "numel", Instance: { } tensor }
            when Operations.IsTensor(tensor.Type) => tensor,
        IPropertyReferenceOperation
        {
            Property.Name: "shape" or "dtype" or "device" or "device_type" or "ndim" or "Dimensions"
                or "NumberOfElements",
            Instance: { } tensor,
        }
            when Operations.IsTensor(tensor.Type) => tensor,
        _ => null,
    };

    /// <summary>Whether a variable is read only to ask such a thing of it.</summary>
    public static bool IsAskedOf(IOperation variable)
    {
        var outer = variable.Parent;
        while (outer is not null && Operations.Unwrap(outer) == variable)
        {
            outer = outer.Parent;
        }

        return outer is not null && Subject(outer) is { } tensor && Operations.Unwrap(tensor) == variable;
    }
}
