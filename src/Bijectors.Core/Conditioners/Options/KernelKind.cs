namespace Bijectors;

/// <summary>A kernel of the distance r of two points, in units of its lengths.</summary>
public enum KernelKind
{
    /// <summary><c>exp(-r^2 / 2)</c>: all derivatives are continuous.</summary>
    SquaredExponential,

    /// <summary>Of Matern, nu = 3/2: <c>(1 + sqrt(3) r) exp(-sqrt(3) r)</c>, with one continuous derivative.</summary>
    Matern32,

    /// <summary>Of Matern, nu = 5/2: <c>(1 + sqrt(5) r + 5 r^2 / 3) exp(-sqrt(5) r)</c>, with two.</summary>
    Matern52,
}
