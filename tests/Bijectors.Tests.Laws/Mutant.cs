namespace Bijectors.Tests.Laws;

/// <summary>A bijector with one mistake.</summary>
/// <param name="Name">The mistake.</param>
/// <param name="Law">The law that must reject it.</param>
/// <param name="Says">What the law must have looked at or got, as its message says it.</param>
/// <param name="Make">Makes it from a seed.</param>
/// <param name="Alone">True where no other law sees the mistake.</param>
/// <param name="ContextSize">The size of the context it claims to use.</param>
internal sealed record Mutant(
    string Name, string Law, string Says, Func<int, Bijector> Make, bool Alone = false, int? ContextSize = null)
{
    public override string ToString() => Name;
}
