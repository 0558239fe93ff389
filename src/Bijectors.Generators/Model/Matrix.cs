namespace Bijectors.Generators.Model;

/// <summary>What is proven of the entries on the diagonal of a matrix.</summary>
internal enum Diagonal
{
    Unknown,
    Zero,
    NonZero,
    Positive,
    One,
}

/// <summary>
/// What is proven of a square matrix, whatever the numbers in it: which triangles are zero, what stands on the
/// diagonal, whether its transpose is its inverse or its negative. The default says nothing. Sums are believed to be
/// sums of matrices of one size, which the emitted code checks.
/// </summary>
/// <param name="IsLower">Whether all entries above the diagonal are zero.</param>
/// <param name="IsUpper">Whether all entries below the diagonal are zero.</param>
/// <param name="Diagonal">What stands on the diagonal.</param>
/// <param name="IsOrthogonal">Whether A A' = I.</param>
/// <param name="IsSkew">Whether A' = -A.</param>
internal readonly record struct Matrix(
    bool IsLower = false, bool IsUpper = false, Diagonal Diagonal = Diagonal.Unknown, bool IsOrthogonal = false,
        bool IsSkew = false)
{
    /// <summary>In which interval the entries on the diagonal are known to lie; null where only <see cref="Diagonal"/>
    /// says something.</summary>
    public Interval? Between { get; init; }

    /// <summary>In which interval they lie, by all that is known.</summary>
    public Interval OnDiagonal => Diagonal switch
    {
        Diagonal.Zero => Interval.At(0),
        Diagonal.One => Interval.At(1),
        Diagonal.Positive => new(Math.Max(0, Between?.Low ?? 0), Between?.High ?? double.PositiveInfinity),
        _ => Between ?? Interval.All,
    };

    public static readonly Matrix Identity = new(IsLower: true, IsUpper: true, Diagonal.One, IsOrthogonal: true);

    public bool IsTriangular => IsLower || IsUpper;

    public bool IsIdentity => this == Identity;

    public Matrix Transposed => this with { IsLower = IsUpper, IsUpper = IsLower };
}
