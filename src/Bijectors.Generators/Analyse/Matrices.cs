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
                new(IsLower: true, IsUpper: true, OfSign(values[operands[0]].Sign))
                {
                    Between = Intervals.Of(values[operands[0]]),
                },
            "transpose" => a.Transposed,
            "neg" => a with { Diagonal = Times(a.Diagonal, Diagonal.NonZero), Between = null },
            "add" => new(a.IsLower && At(1).IsLower, a.IsUpper && At(1).IsUpper, Sum(a.Diagonal, At(1).Diagonal))
            {
                Between = a.Diagonal == Diagonal.Zero ? At(1).Between
                    : At(1).Diagonal == Diagonal.Zero ? a.Between : null,
            },
            "sub" => Difference(values, operands, a, At(1)),
            "mul" => Product(values, operands, a, At(1)),
            "div" when operands.Count == 2 && values[operands[1]].Kind == ValueKind.Number =>
                Scaled(a, values[operands[1]].Sign),
            "matmul" or "mm" => Cayley(values, operands) ? new(IsOrthogonal: true) : MatrixProduct(a, At(1)),
            "inv" or "inverse" => a with
            {
                Diagonal = a.IsTriangular && a.Diagonal != Diagonal.Zero ? a.Diagonal : Diagonal.Unknown,
                Between = null,
            },
            "matrix_exponential" when a.IsSkew => new(IsOrthogonal: true),
            "solve" when operands.Count == 2 && IsCayley(values, operands[1], operands[0]) => new(IsOrthogonal: true),
            _ => default,
        };
    }

    /// <summary>
    /// A matrix and those that it is made of, as far as what is known of it follows from them. They must all be of one
    /// size: broadcasting would undo it.
    /// </summary>
    public static IReadOnlyList<int> MadeOf(IReadOnlyList<Value> values, int matrix)
    {
        var found = new List<int>();
        Take(matrix);
        return found;

        void Take(int index)
        {
            if (found.Contains(index))
            {
                return;
            }

            found.Add(index);
            if (values[index] is Call { Matrix: var known } call && known != default)
            {
                foreach (var operand in call.Operands.Where(o => IsMatrixIn(values, call, o)))
                {
                    Take(operand);
                }
            }
        }
    }

    private static bool IsMatrixIn(IReadOnlyList<Value> values, Call call, int operand) =>
        values[operand].Kind == ValueKind.Tensor && call.Function switch
    {
        "add" or "sub" or "solve" or "transpose" or "neg" or "tril" or "triu" or "matmul" or "mm" or "inv" or "inverse"
            or "matrix_exponential" => true,
        "mul" or "div" => values[operand].Matrix != default,
        _ => false,
    };

    /// <summary>An item of a tuple, with what is known of it: the factors of a QR decomposition.</summary>
    public static Item ItemOf(IReadOnlyList<Value> values, int tuple, int place, int count, ValueKind kind) =>
        new(tuple, place, count, kind)
    {
        Matrix = values[tuple] is not Call { Function: "qr" } ? default : place == 0 ? new(IsOrthogonal: true)
            : new(IsUpper: true),
    };

    /// <summary>tril(A, k): nothing above the k-th diagonal.</summary>
    private static Matrix Cut(IReadOnlyList<Value> values, IReadOnlyList<int> operands, Matrix a, int sign)
    {
        var k = operands.Count == 1 ? 0 : values[operands[1]] is Leaf { Constant: { } constant } ? sign * constant
            : double.NaN;
        return k < 0 ? new(IsLower: true, a.IsUpper, Diagonal.Zero)
            : k == 0 ? new(IsLower: true, a.IsUpper, a.Diagonal) { Between = a.Between }
            : default;
    }

    private static Diagonal OfSign(Sign sign) => sign switch
    {
        Sign.Positive => Diagonal.Positive,
        Sign.NonZero => Diagonal.NonZero,
        _ => Diagonal.Unknown,
    };

    private static Diagonal Sum(Diagonal a, Diagonal b) => a == Diagonal.Zero ? b : b == Diagonal.Zero ? a
        : IsPositive(a) && IsPositive(b) ? Diagonal.Positive : Diagonal.Unknown;

    private static Diagonal Times(Diagonal a, Diagonal b) =>
        a == Diagonal.Zero || b == Diagonal.Zero ? Diagonal.Zero
        : a == Diagonal.Unknown || b == Diagonal.Unknown ? Diagonal.Unknown
        : a == Diagonal.One ? b : b == Diagonal.One ? a
        : IsPositive(a) && IsPositive(b) ? Diagonal.Positive : Diagonal.NonZero;

    private static bool IsPositive(Diagonal diagonal) => diagonal is Diagonal.Positive or Diagonal.One;

    private static Matrix Scaled(Matrix matrix, Sign number) =>
        matrix with { IsOrthogonal = false, Diagonal = Times(matrix.Diagonal, OfSign(number)), Between = null };

    private static Matrix Difference(IReadOnlyList<Value> values, IReadOnlyList<int> operands, Matrix a, Matrix b)
    {
        if (IsTransposeOf(values, operands[1], operands[0]) || IsTransposeOf(values, operands[0], operands[1]))
        {
            return new(IsSkew: true);
        }

        return a.IsIdentity && IsTwiceAProjection(values, operands[1])
            ? new(IsOrthogonal: true)
            : new(a.IsLower && b.IsLower, a.IsUpper && b.IsUpper, Sum(a.Diagonal, Times(b.Diagonal, Diagonal.NonZero)));
    }

    /// <summary>Entry by entry, or by a number.</summary>
    private static Matrix Product(IReadOnlyList<Value> values, IReadOnlyList<int> operands, Matrix a, Matrix b)
    {
        var number = operands.ToList().FindIndex(o => values[o].Kind == ValueKind.Number);
        if (number >= 0)
        {
            return Scaled(number == 0 ? b : a, values[operands[number]].Sign);
        }

        return new(a.IsLower || b.IsLower, a.IsUpper || b.IsUpper, Times(a.Diagonal, b.Diagonal));
    }

    private static Matrix MatrixProduct(Matrix a, Matrix b)
    {
        var (lower, upper) = (a.IsLower && b.IsLower, a.IsUpper && b.IsUpper);
        var diagonal = lower || upper ? Times(a.Diagonal, b.Diagonal) : Diagonal.Unknown;
        return new(lower, upper, diagonal, a.IsOrthogonal && b.IsOrthogonal);
    }

    /// <summary>
    /// Whether a product is that of Cayley, (I - A) (I + A)^-1 with A' = -A, in either order and with either sign of A.
    /// </summary>
    private static bool Cayley(IReadOnlyList<Value> values, IReadOnlyList<int> operands) =>
        (values[operands[0]] is Call { Function: "inv" or "inverse" } first
            && IsCayley(values, operands[1], first.Operands[0]))
        || (values[operands[1]] is Call { Function: "inv" or "inverse" } second
            && IsCayley(values, operands[0], second.Operands[0]));

    private static bool IsCayley(IReadOnlyList<Value> values, int one, int other) =>
        OffIdentity(values, one) is var (a, plus) && OffIdentity(values, other) is var (b, otherPlus) && a == b
            && plus != otherPlus;

    /// <summary>The skew-symmetric A of I + A or I - A.</summary>
    private static (int Skew, bool Plus)? OffIdentity(IReadOnlyList<Value> values, int value) => values[value] switch
    {
        Call { Function: "add" } sum when values[sum.Operands[0]].Matrix.IsIdentity
            && values[sum.Operands[1]].Matrix.IsSkew => (sum.Operands[1], true),
        Call { Function: "add" } sum when values[sum.Operands[1]].Matrix.IsIdentity
            && values[sum.Operands[0]].Matrix.IsSkew => (sum.Operands[0], true),
        Call { Function: "sub" } sum when values[sum.Operands[0]].Matrix.IsIdentity
            && values[sum.Operands[1]].Matrix.IsSkew => (sum.Operands[1], false),
        _ => null,
    };

    private static bool IsTransposeOf(IReadOnlyList<Value> values, int value, int other) =>
        values[value] is Call { Function: "transpose" } transpose && transpose.Operands[0] == other;

    /// <summary>Whether a value is 2 v v' / (v' v): what Householder's reflection takes from the identity.</summary>
    private static bool IsTwiceAProjection(IReadOnlyList<Value> values, int value)
    {
        var factors = Factors.Of(values, value);
        return factors is { IsNegative: false, Constant: 2, Above: [var outer], Below: [var inner] }
            && values[outer] is Call { Function: "outer", Operands: [var v, var w] } && v == w
                && IsSquareOf(values, inner, v);
    }

    /// <summary>Whether a value is v.v, in one of its spellings.</summary>
    public static bool IsSquareOf(IReadOnlyList<Value> values, int value, int v) => values[value] switch
    {
        Call { Function: "dot", Operands: [var a, var b] } => a == v && b == v,
        Call { Function: "sum", Operands: [var of], Options.Count: 0 } => values[of] switch
        {
            Call { Function: "mul", Operands: [var a, var b] } => a == v && b == v,
            Call { Function: "square", Operands: [var a] } => a == v,
            Call { Function: "pow", Operands: [var a, var k] } => a == v && values[k] is Leaf { Constant: 2 },
            _ => false,
        },
        _ => false,
    };
}
