using Bijectors.Generators.Model;

namespace Bijectors.Generators.Analyse;

/// <summary>What can be said of a matrix from the function that makes it and from its operands.</summary>
internal static class Matrices
{
    /// <param name="values">The known values.</param>
    /// <param name="function">The function or operator, as <see cref="Call.Function"/> has it.</param>
    /// <param name="operands">Its operands, in order.</param>
    public static Matrix Of(IReadOnlyList<Value> values, string function, IReadOnlyList<int> operands)
    {
        Matrix At(int place) => place < operands.Count ? values[operands[place]].Matrix : default;

        var a = At(0);
        return function switch
        {
            "eye" when operands.Count == 1 => Matrix.Identity,
            "tril" => Cut(values, operands, a, sign: 1),
            "triu" => Cut(values, operands, a.Transposed, sign: -1).Transposed,
            "diag_embed" when operands.Count == 1 =>
                new(IsLower: true, IsUpper: true, values[operands[0]].Sign == Sign.Unknown ? Diagonal.Unknown : Diagonal.NonZero),
            "transpose" => a.Transposed,
            "neg" => a with { Diagonal = a.Diagonal == Diagonal.One ? Diagonal.NonZero : a.Diagonal },
            "add" => new(a.IsLower && At(1).IsLower, a.IsUpper && At(1).IsUpper, Sum(a.Diagonal, At(1).Diagonal)),
            "sub" => Difference(values, operands, a, At(1)),
            "mul" => Product(values, operands, a, At(1)),
            "div" when operands.Count == 2 && values[operands[1]].Kind == ValueKind.Number => a with { IsOrthogonal = false, Diagonal = Scaled(a.Diagonal) },
            "matmul" or "mm" => Cayley(values, operands) ? new(IsOrthogonal: true) : MatrixProduct(a, At(1)),
            "inv" or "inverse" when a != default => a with { Diagonal = a.Diagonal == Diagonal.Zero ? Diagonal.Unknown : a.Diagonal, IsSkew = false },
            "matrix_exp" when a.IsSkew => new(IsOrthogonal: true),
            "solve" when operands.Count == 2 && IsCayley(values, operands[1], operands[0]) => new(IsOrthogonal: true),
            _ => default,
        };
    }

    /// <summary>An item of a tuple: the factors of a QR decomposition.</summary>
    public static Matrix OfItem(Value tuple, int place) => tuple is not Call { Function: "qr" } ? default
        : place == 0 ? new(IsOrthogonal: true) : new(IsUpper: true);

    /// <summary>tril(A, k): nothing above the k-th diagonal.</summary>
    private static Matrix Cut(IReadOnlyList<Value> values, IReadOnlyList<int> operands, Matrix a, int sign)
    {
        var k = operands.Count == 1 ? 0 : values[operands[1]] is Leaf { Constant: { } constant } ? sign * constant : double.NaN;
        return k < 0 ? new(IsLower: true, a.IsUpper, Diagonal.Zero)
            : k == 0 ? new(IsLower: true, a.IsUpper, a.Diagonal)
            : default;
    }

    private static Diagonal Sum(Diagonal a, Diagonal b) => a == Diagonal.Zero ? b : b == Diagonal.Zero ? a : Diagonal.Unknown;

    private static Diagonal Scaled(Diagonal a) => a == Diagonal.One ? Diagonal.NonZero : a;

    private static Matrix Difference(IReadOnlyList<Value> values, IReadOnlyList<int> operands, Matrix a, Matrix b)
    {
        if (IsTransposeOf(values, operands[1], operands[0]) || IsTransposeOf(values, operands[0], operands[1]))
        {
            return new(IsSkew: true);
        }

        return a.IsIdentity && IsTwiceAProjection(values, operands[1])
            ? new(IsOrthogonal: true)
            : new(a.IsLower && b.IsLower, a.IsUpper && b.IsUpper, Sum(a.Diagonal, Scaled(b.Diagonal)));
    }

    /// <summary>Entry by entry, or by a number.</summary>
    private static Matrix Product(IReadOnlyList<Value> values, IReadOnlyList<int> operands, Matrix a, Matrix b)
    {
        var number = operands.ToList().FindIndex(o => values[o].Kind == ValueKind.Number);
        if (number >= 0)
        {
            var matrix = number == 0 ? b : a;
            var keeps = values[operands[number]].Sign != Sign.Unknown;
            var diagonal = matrix.Diagonal == Diagonal.Zero ? Diagonal.Zero : keeps ? Scaled(matrix.Diagonal) : Diagonal.Unknown;
            return matrix with { IsOrthogonal = false, Diagonal = diagonal };
        }

        return new(
            a.IsLower || b.IsLower, a.IsUpper || b.IsUpper,
            a.Diagonal == Diagonal.Zero || b.Diagonal == Diagonal.Zero ? Diagonal.Zero : Times(a.Diagonal, b.Diagonal));
    }

    private static Diagonal Times(Diagonal a, Diagonal b) => a == Diagonal.One ? b : b == Diagonal.One ? a
        : a == Diagonal.NonZero && b == Diagonal.NonZero ? Diagonal.NonZero : Diagonal.Unknown;

    private static Matrix MatrixProduct(Matrix a, Matrix b)
    {
        var (lower, upper) = (a.IsLower && b.IsLower, a.IsUpper && b.IsUpper);
        var diagonal = !lower && !upper ? Diagonal.Unknown
            : a.Diagonal == Diagonal.Zero || b.Diagonal == Diagonal.Zero ? Diagonal.Zero : Times(a.Diagonal, b.Diagonal);
        return new(lower, upper, diagonal, a.IsOrthogonal && b.IsOrthogonal);
    }

    /// <summary>Whether a product is that of Cayley, (I - A) (I + A)^-1 with A' = -A, in either order and with either sign of A.</summary>
    private static bool Cayley(IReadOnlyList<Value> values, IReadOnlyList<int> operands) =>
        (values[operands[0]] is Call { Function: "inv" or "inverse" } first && IsCayley(values, operands[1], first.Operands[0]))
        || (values[operands[1]] is Call { Function: "inv" or "inverse" } second && IsCayley(values, operands[0], second.Operands[0]));

    private static bool IsCayley(IReadOnlyList<Value> values, int one, int other) =>
        OffIdentity(values, one) is var (a, plus) && OffIdentity(values, other) is var (b, otherPlus) && a == b && plus != otherPlus;

    /// <summary>The skew-symmetric A of I + A or I - A.</summary>
    private static (int Skew, bool Plus)? OffIdentity(IReadOnlyList<Value> values, int value) => values[value] switch
    {
        Call { Function: "add" } sum when values[sum.Operands[0]].Matrix.IsIdentity && values[sum.Operands[1]].Matrix.IsSkew => (sum.Operands[1], true),
        Call { Function: "add" } sum when values[sum.Operands[1]].Matrix.IsIdentity && values[sum.Operands[0]].Matrix.IsSkew => (sum.Operands[0], true),
        Call { Function: "sub" } sum when values[sum.Operands[0]].Matrix.IsIdentity && values[sum.Operands[1]].Matrix.IsSkew => (sum.Operands[1], false),
        _ => null,
    };

    private static bool IsTransposeOf(IReadOnlyList<Value> values, int value, int other) =>
        values[value] is Call { Function: "transpose" } transpose && transpose.Operands[0] == other;

    /// <summary>Whether a value is 2 v v' / (v' v): what Householder's reflection takes from the identity.</summary>
    private static bool IsTwiceAProjection(IReadOnlyList<Value> values, int value)
    {
        var factors = Factors.Of(values, value);
        return factors is { IsNegative: false, Constant: 2, Above: [var outer], Below: [var inner] }
            && values[outer] is Call { Function: "outer" } o && values[inner] is Call { Function: "dot" } i
            && o.Operands.Concat(i.Operands).Distinct().Count() == 1;
    }
}
