using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bijectors.Generators.Parse;

/// <summary>What the marks [Orthogonal] and [Triangular] on a field, property or return value promise.</summary>
internal static class MatrixMarks
{
    public static Matrix Of(IOperation op)
    {
        var attributes = op switch
        {
            IMemberReferenceOperation member => member.Member.GetAttributes(),
            IInvocationOperation call => call.TargetMethod.GetReturnTypeAttributes()
                .AddRange(call.TargetMethod.GetAttributes()),
            _ => [],
        };
        var matrix = default(Matrix);
        foreach (var attribute in attributes)
        {
            bool Says(string name) => attribute.NamedArguments.Any(n => n.Key == name && n.Value.Value is true);

            if (attribute.AttributeClass.IsNamed("Bijectors.OrthogonalAttribute"))
            {
                matrix = matrix with { IsOrthogonal = true };
            }
            else if (attribute.AttributeClass.IsNamed("Bijectors.TriangularAttribute"))
            {
                var diagonal = Says("UnitDiagonal") ? Diagonal.One : Diagonal.NonZero;
                matrix = matrix with { IsLower = !Says("Upper"), IsUpper = Says("Upper"), Diagonal = diagonal };
            }
        }

        return matrix;
    }
}
