using Bijectors.RandomPrograms.Draw;

namespace Bijectors.RandomPrograms.Mutate;

/// <summary>Draws programs with one mistake.</summary>
internal static class MutantDrawer
{
    // Far from the indices of well-formed programs, so that the two kinds have different programs under one seed.
    private const int Offset = 1_000_000;

    /// <summary>The mutant with an index under a seed: always the same, whatever else is drawn.</summary>
    public static Mutant Draw(int seed, int index, Features features)
    {
        var program = ProgramDrawer.Draw(seed, Offset + index, features);
        var chance = Chance.Of(seed, Offset + index);
        var groups = Mutations.All.Where(m => features.HasFlag(m.Needs)).GroupBy(m => m.Name).ToList();

        // Each kind of mistake is as likely as any other, in however many ways it can be written.
        while (true)
        {
            var mutation = chance.Pick([.. chance.Pick(groups)]);
            if (mutation.Make(program, chance) is { } mutant)
            {
                return new(mutant with { Name = $"M{index}" }, mutation);
            }
        }
    }
}
