using Bijectors;
using Bijectors.Testing;
using Bijectors.Zoo;

/// <summary>All laws on models whose layers run on vectors.</summary>
internal static class Laws
{
    public static void Check()
    {
        foreach (var (name, shape) in new[]
        {
            ("nsf", Shape.Vector(4)), ("maf", Shape.Vector(5)), ("flowpp", Shape.Image(2, 4, 4)),
            ("realnvp", Shape.Image(1, 4, 4)),
        })
        {
            BijectorLaws.Check(() => Models.Named(name).Create(shape).Transform, shape);
            Console.WriteLine($"{name} keeps the laws.");
        }
    }
}
