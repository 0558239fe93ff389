using Bijectors.RandomPrograms.Draw;
using Bijectors.RandomPrograms.Mutate;

namespace Bijectors.RandomPrograms.Run;

/// <summary>Draws ill-formed programs and checks that they are refused, a batch at a time.</summary>
internal static class InvalidRun
{
    private const int Batch = 50;

    /// <summary>The report; programs that fail are shrunk, the first of each kind.</summary>
    public static Report Run(IEnumerable<int> indices, int seed, Features features, TextWriter output)
    {
        var report = new Report(output);
        var shrunk = new HashSet<string>();
        foreach (var batch in indices.Chunk(Batch))
        {
            var mutants = batch.Select(index => MutantDrawer.Draw(seed, index, features)).ToList();
            foreach (var (mutant, failure, index) in mutants.Zip(IllFormed.Check(mutants), batch))
            {
                report.Count(new Dictionary<string, int>
                {
                    [$"{string.Join(" or ", mutant.Mutation.Expected)}: {mutant.Mutation.Name}"] = 1,
                });
                if (failure is not null)
                {
                    var least = shrunk.Add(failure.Kind) ? Least(mutant, failure) : null;
                    report.Fail($"ill-formed program {index}", $"--seed {seed} --program {index}", failure,
                        mutant.Program, least);
                }
            }
        }

        return report;
    }

    /// <summary>Without the mistake a program is nothing to look at, so the statement that makes it stays.</summary>
    private static DrawnProgram Least(Mutant mutant, Failure failure) => Shrinking.Least(
        mutant.Program, failure,
        p => Statement.All(p.Body).OfType<Foreign>().Any() == Statement.All(mutant.Program.Body).OfType<Foreign>().Any()
            ? IllFormed.Check([mutant with { Program = p }])[0] : null);
}
