namespace Bijectors;

/// <summary>
/// Promises that a function g is a contraction of its first argument, <c>|g(a) - g(b)| &lt;= c |a - b|</c> in the
/// Euclidean norm over the event, with c &lt; 1. Then <c>x + g(x)</c> has exactly one inverse, which fixed-point
/// iteration finds.
/// </summary>
/// <remarks>On a method it speaks of that method, on a class or on a field of all methods of the object.
/// Source: Behrmann et al. 2019, Invertible residual networks, arXiv 1811.00995.</remarks>
/// <param name="constant">The constant c, between 0 and 1.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ContractiveAttribute(double constant) : Attribute
{
    /// <summary>The Lipschitz constant c.</summary>
    public double Constant { get; } = constant;

    /// <summary>
    /// The field that holds a <see cref="LogDetEstimator"/> for <c>log|det(I + dg/dx)|</c>. Without it the log-det is
    /// exact and costs one backward pass for every dimension of the event.
    /// </summary>
    public string? Estimator { get; set; }
}
