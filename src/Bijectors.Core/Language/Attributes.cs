namespace Bijectors;

/// <summary>
/// Marks a sealed partial <see cref="Bijector"/> whose inverse and log-det the compiler derives from its one
/// <see cref="ForwardAttribute">[Forward]</see> method.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GeneratedBijectorAttribute : Attribute
{
    /// <summary>
    /// Asks for inverses found by iteration where no closed form exists: of
    /// <see cref="MonotoneAttribute">[Monotone]</see> maps.
    /// </summary>
    public bool Numerical { get; set; }
}

/// <summary>
/// Marks the map from data towards the base: <c>Tensor Map(Tensor x)</c> or
/// <c>Tensor Map(Tensor x, Tensor? context)</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ForwardAttribute : Attribute;

/// <summary>Promises the compiler that a tensor is greater than zero everywhere, always.</summary>
[AttributeUsage(
    AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class PositiveAttribute : Attribute;

/// <summary>Promises the compiler that a tensor is zero nowhere, ever.</summary>
[AttributeUsage(
    AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class NonZeroAttribute : Attribute;
