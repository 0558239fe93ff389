namespace Bijectors.Fuzz;

/// <summary>Which input has which index: the same for the same seed, whatever ran before.</summary>
internal static class Inputs
{
    public static byte[] Of(Target target, int seed, int index)
    {
        var name = target.Name.Aggregate(17, (hash, letter) => unchecked(hash * 31 + letter));
        return target.Draw(new Random(unchecked((seed * 1_000_003 + index) * 486_187_739 + name)));
    }
}
