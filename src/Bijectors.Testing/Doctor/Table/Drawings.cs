namespace Bijectors.Testing.Doctor;

/// <summary>Operations that draw random numbers.</summary>
internal static class Drawings
{
    private const int Sides = 7;

    public static IReadOnlyList<Operation> Rows { get; } =
    [
        new RandomOperation("rand", (n, dtype, generator) => rand(n, dtype, generator: generator), _ => 0,
            _ => 1 - Math.Pow(2, -53), _ => 0.5, _ => 1 / Math.Sqrt(12)),
        new RandomOperation("randn", (n, dtype, generator) => randn(n, dtype, generator: generator), _ => -9, _ => 9,
            _ => 0, _ => 1),
        new RandomOperation(
            "randint", (n, dtype, generator) => randint(0, Sides, [n], dtype, generator: generator), _ => 0,
            _ => Sides - 1, _ => (Sides - 1) / 2.0, _ => Math.Sqrt(((Sides * Sides) - 1) / 12.0)),
        new RandomOperation("randperm", (n, _, generator) => randperm(n, generator: generator), _ => 0, n => n - 1,
            n => (n - 1) / 2.0, n => Math.Sqrt((((double)n * n) - 1) / 12))
        {
            Permutes = true,
        },
    ];
}
