namespace Bijectors.Generators.Analyse;

/// <summary>
/// A value as a quotient of products: <c>+- Constant (Above ...) / (Below ...)</c>, taken apart as far as it is written
/// so.
/// </summary>
internal sealed record Factors(double Constant, bool IsNegative, IReadOnlyList<int> Above, IReadOnlyList<int> Below)
{
    public static Factors Of(IReadOnlyList<Value> values, int value)
    {
        var (above, below) = (new List<int>(), new List<int>());
        var constant = 1.0;
        var isNegative = false;
        Take(value, inverse: false);
        return new(Math.Abs(constant), isNegative != constant < 0, above, below);

        void Take(int index, bool inverse)
        {
            switch (values[index])
            {
                case Leaf { Constant: { } c }:
                    constant = inverse ? constant / c : constant * c;
                    break;
                case Call { Function: "mul" } product:
                    Take(product.Operands[0], inverse);
                    Take(product.Operands[1], inverse);
                    break;
                case Call { Function: "div" } quotient:
                    Take(quotient.Operands[0], inverse);
                    Take(quotient.Operands[1], !inverse);
                    break;
                case Call { Function: "reciprocal" } reciprocal:
                    Take(reciprocal.Operands[0], !inverse);
                    break;
                case Call { Function: "neg" } negative:
                    isNegative = !isNegative;
                    Take(negative.Operands[0], inverse);
                    break;
                default:
                    (inverse ? below : above).Add(index);
                    break;
            }
        }
    }
}
