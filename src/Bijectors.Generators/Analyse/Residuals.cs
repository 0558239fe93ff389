namespace Bijectors.Generators.Analyse;

/// <summary>
/// Finds what <c>x + T(x)</c> adds: a step of low rank, <c>T = h(x W + b) A</c>, whose determinant is a small one (the
/// determinant lemma) and whose inverse is a root for every column of W; or a radial one,
/// <c>T = k (x - c)/(a + |x - c|)</c>.
/// </summary>
internal static class Residuals
{
    /// <summary>The map that adds a value to a part; null where the value is of no known form.</summary>
    /// <param name="values">The known values.</param>
    /// <param name="term">T, which reads the part.</param>
    /// <param name="part">The part.</param>
    /// <param name="isAdded">Whether T is added; else it is subtracted.</param>
    public static Residual? Of(ValueTable values, int term, int part, bool isAdded)
    {
        bool Reads(int value) => values.ReadsNumbers(value, part);

        if (values[term] is Call { Function: "matmul", Operands: [var bent, var matrix] } && !Reads(matrix))
        {
            return OfRanks(values, bent, [matrix], part, isAdded);
        }

        var factors = Factors.Of(values, term);
        var reading = factors.Above.Where(Reads).ToList();
        if (reading is not [var only])
        {
            return null;
        }

        var isNegative = factors.IsNegative == isAdded;
        return factors.Below.Any(Reads)
            ? Radial(values, factors, only, part, isNegative)
            : Planar(values, factors, only, part, isNegative);
    }

    /// <summary><c>u h(x.w + b)</c>, where u is the product of all other factors.</summary>
    private static Residual? Planar(ValueTable values, Factors factors, int bent, int part, bool isNegative)
    {
        if (Bend.Of(values, bent, part) is not { } bend
            || Projection.Of(values, bend.Inner, part, bend.HasAxis) is not { Weights: [var w] } projection)
        {
            return null;
        }

        var u = Quotient(values, factors, bent, isNegative);
        return new(JointMap.Planar(bend.Row, projection.Form), [u, w, projection.Bias])
        {
            // A reflection: u.w = -2 by the way that it is written.
            IsSafe = (bend.Row is { } row && Primitives.All[row].SteepestSlope <= 1
                && IsConstrained(values, u, w, projection.Form))
                || (bend.Row is null && IsReflection(values, factors, bent, w, isNegative)),
            Needs = (projection.Form == WeightForm.Column ? "LowRank.Constrained(u, w.squeeze(-1)) for u"
                : "LowRank.Constrained(u, w) for u")
                + ", and an h whose slope is at most 1, such as tanh",
        };
    }

    /// <summary><c>h(x W + b) A</c>, for matrices with a triangular product A W.</summary>
    private static Residual? OfRanks(ValueTable values, int bent, List<int> after, int part, bool isAdded)
    {
        // The last matrix stands outermost: (h L) Q'.
        while (values[bent] is Call { Function: "matmul", Operands: [var inner, var matrix] }
            && values.ReadsNumbers(inner, part) && !values.ReadsNumbers(matrix, part)
            && Bend.Of(values, bent, part) is null)
        {
            after.Insert(0, matrix);
            bent = inner;
        }

        if (Bend.Of(values, bent, part) is not { } bend || bend.HasAxis
            || Projection.Of(values, bend.Inner, part, hasAxis: false) is not { Form: WeightForm.Column } projection
            || Products(values, projection.Weights) is not { } before
            || Small(values, Products(values, after), before) is not { } small)
        {
            return null;
        }

        var product = Arithmetic.Product(values, Products(values, after));
        var outer = isAdded ? product : Arithmetic.Negate(values, product);
        return new(JointMap.Sylvester(bend.Row, small.IsUpper),
            [outer, Arithmetic.Product(values, before), projection.Bias, .. small.Made])
        {
            IsSafe = (small.IsPositive && isAdded) || IsGentle(bend.Row, small.OnDiagonal, isAdded),
            Needs = "triangular matrices with positive diagonals, such as torch.triu(r, 1) + "
                + "torch.diag_embed(torch.exp(s)), or with small ones, such as 0.9 * torch.tanh(s)",
        };
    }

    private static List<int> Products(ValueTable values, IReadOnlyList<int> chain) => [.. chain.SelectMany(m =>
        values[m] is Call { Function: "matmul" or "mm" } product
            ? Products(values, [product.Operands[0], product.Operands[1]]) : [m])];

    /// <summary>
    /// The product A W of two chains, (L1 Q') (Q L2), where Q has orthonormal columns: triangular, where L1 and L2 are
    /// so on the same side; and the matrices that these are made of.
    /// </summary>
    private static (bool IsUpper, bool IsPositive, Interval OnDiagonal, IReadOnlyList<int> Made)? Small(
        ValueTable values, List<int> after, List<int> before)
    {
        var (last, first) = (after[after.Count - 1], before[0]);
        if (!IsTransposed(values, last, first) || !values[first].Matrix.IsOrthogonal)
        {
            return null;
        }

        var rest = after.Take(after.Count - 1).Concat(before.Skip(1)).ToList();
        bool? isUpper = rest.All(m => values[m].Matrix.IsUpper) ? true : rest.All(m => values[m].Matrix.IsLower)
            ? false : null;
        return isUpper is { } upper
            ? (upper, rest.All(m => values[m].Matrix.Diagonal is Diagonal.One or Diagonal.Positive),
                rest.Aggregate(
                    Interval.At(1), (product, m) => Intervals.Of("mul", [product, values[m].Matrix.OnDiagonal])),
                [.. rest.SelectMany(m => Matrices.MadeOf(values, m)).Distinct()])
            : null;
    }

    /// <summary>Whether 1 + h' d is positive for every d of an interval, or 1 - h' d where it is subtracted.</summary>
    private static bool IsGentle(string? row, Interval d, bool isAdded) => row is not null
        && Primitives.All[row].SteepestSlope is { } steepest && (isAdded ? d.Low : -d.High) * steepest > -1;

    private static bool IsTransposed(ValueTable values, int one, int other) =>
        values[one] is Call { Function: "transpose" } t && t.Operands[0] == other;

    /// <summary><c>beta (x - c)/(alpha + |x - c|)</c>.</summary>
    private static Residual? Radial(ValueTable values, Factors factors, int offset, int part, bool isNegative)
    {
        var below = factors.Below.Where(v => values.ReadsNumbers(v, part)).ToList();
        if (below is not [var sum] || values[sum] is not Call { Function: "add", Operands: [var left, var right] })
        {
            return null;
        }

        var (norm, alpha) = values.ReadsNumbers(left, part) ? (left, right) : (right, left);
        if (values.ReadsNumbers(alpha, part) || !IsNorm(values, norm, offset)
            || Center(values, offset, part) is not { } center)
        {
            return null;
        }

        var beta = Quotient(values, factors with { Below = [.. factors.Below.Where(v => v != sum)] }, offset,
            isNegative);
        return new(JointMap.Radial, [alpha, beta, center])
        {
            IsSafe = values[alpha].Sign == Sign.Positive && IsAboveMinus(values, beta, alpha),
            Needs = "a positive alpha, and beta > -alpha: torch.nn.functional.softplus(b) - alpha",
        };
    }

    private static bool IsNorm(ValueTable values, int norm, int offset) =>
        values[norm] is Call { Function: "norm", Operands: [var of, ..] } call && of == offset
        && call.Options.Contains("keepdim=True") && call.Options.Any(o => o is "dim=-1" or "dimension=-1")
        && call.Options.All(o => o is "keepdim=True" or "dim=-1" or "dimension=-1" or "p=2");

    private static int? Center(ValueTable values, int offset, int part) => values[offset] switch
    {
        PartRead read when read.Part == part => Arithmetic.Constant(values, 0),
        Call { Function: "sub", Operands: [var x, var c] } when values[x] == new PartRead(part)
            && !values.ReadsNumbers(c, part) => c,
        Call { Function: "add", Operands: [var x, var c] } when values[x] == new PartRead(part)
            && !values.ReadsNumbers(c, part) => Arithmetic.Negate(values, c),
        _ => null,
    };

    /// <summary>Whether beta is a positive number less alpha.</summary>
    private static bool IsAboveMinus(ValueTable values, int beta, int alpha) => values[beta].Sign == Sign.Positive
        || (values[beta] is Call { Function: "sub", Operands: [var positive, var a] } && a == alpha
            && values[positive].Sign == Sign.Positive)
        || (values[beta] is Call { Function: "add", Operands: [var minus, var plus] }
            && values[minus] is Call { Function: "neg" } negative
            && negative.Operands[0] == alpha && values[plus].Sign == Sign.Positive);

    /// <summary>Whether u comes from the function that keeps u.w above -1; a column is a vector there.</summary>
    private static bool IsConstrained(ValueTable values, int u, int w, WeightForm form) =>
        values[u] is Call { Function: "Constrained", Operands: [_, var of] }
        && (form == WeightForm.Column ? values[of] is Call { Function: "squeeze", Operands: [var column, ..] }
            && column == w : of == w);

    /// <summary>Whether u is -2 w/(w.w).</summary>
    private static bool IsReflection(ValueTable values, Factors factors, int bent, int w, bool isNegative) =>
        isNegative && factors.Constant == 2 && factors.Above.Where(v => v != bent).ToList() is [var v] && v == w
        && factors.Below is [var square] && Matrices.IsSquareOf(values, square, w);

    /// <summary>The product of all factors but one.</summary>
    private static int Quotient(ValueTable values, Factors factors, int without, bool isNegative)
    {
        var product = Arithmetic.Constant(values, isNegative ? -factors.Constant : factors.Constant);
        product = factors.Above.Where(v => v != without)
            .Aggregate(product, (p, v) => Arithmetic.Multiply(values, p, v));
        return factors.Below.Aggregate(product, (p, v) => Arithmetic.Divide(values, p, v));
    }
}

/// <summary>A map that adds something of a known form to its part.</summary>
/// <param name="Map">The map.</param>
/// <param name="Operands">Its operands.</param>
internal sealed record Residual(JointMap Map, IReadOnlyList<int> Operands)
{
    /// <summary>Whether it is certain, whatever the numbers, that the map is one to one.</summary>
    public bool IsSafe { get; init; }

    /// <summary>What would make it certain.</summary>
    public string Needs { get; init; } = "";
}
