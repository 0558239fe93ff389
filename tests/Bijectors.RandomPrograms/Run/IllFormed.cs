using Bijectors.RandomPrograms.Mutate;
using Bijectors.RandomPrograms.Print;
using Microsoft.CodeAnalysis;

namespace Bijectors.RandomPrograms.Run;

/// <summary>Checks that ill-formed programs are refused, for the right reason and for no other.</summary>
internal static class IllFormed
{
    /// <summary>One answer a program; null where nothing is wrong.</summary>
    public static IReadOnlyList<Failure?> Check(IReadOnlyList<Mutant> mutants)
    {
        var build = Build.Of([.. mutants.Select(m => (m.Program.Name, Listing.Of(m.Program)))]);
        if (build.OfNone.Count > 0)
        {
            return mutants.Count == 1
                ? [new("crash", string.Join('\n', build.OfNone))]
                : [.. mutants.Select(m => Check([m])[0])];
        }

        return [.. mutants.Select(m => Judge(build, m))];
    }

    private static Failure? Judge(Build build, Mutant mutant)
    {
        var reported = build.Of(mutant.Program.Name);
        var errors = reported.Where(d => d.Severity == DiagnosticSeverity.Error).ToList();
        var expected = mutant.Mutation.Expected;

        // A multiplier of unknown sign is a warning, and may take the part out of the domain of what follows.
        var judged = expected.Contains("BIJ0205") ? [.. errors, .. reported.Where(d => d.Id == "BIJ0205")] : errors;
        if (judged.Any(d => expected.Contains(d.Id))
            && judged.All(d => expected.Contains(d.Id) || (expected.Contains("BIJ0205") && d.Id == "BIJ0206")))
        {
            return null;
        }

        var got = judged.Count == 0 ? "nothing" : string.Join(" and ", judged.Select(d => d.Id).Distinct().Order());
        return new(
            $"{mutant.Mutation.Name}: {got} instead of {string.Join(" or ", expected)}",
            judged.Count == 0 ? "It was accepted." : string.Join('\n', judged)
                + (judged.Any(d => d.Id.StartsWith("CS", StringComparison.Ordinal))
                    ? "\n" + build.Emitted(mutant.Program.Name) : ""));
    }
}
