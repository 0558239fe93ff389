using Bijectors.RandomPrograms.Draw;

namespace Bijectors.RandomPrograms.Run;

/// <summary>Draws well-formed programs and checks them, a batch at a time.</summary>
internal static class ValidRun
{
    private const int Batch = 25;

    /// <summary>The report; programs that fail are shrunk, the first few of each kind.</summary>
    public static Report Run(
        IEnumerable<int> indices, int seed, Features features, TextWriter output, string skipped = "")
    {
        var report = new Report(output);
        var shrunk = new Dictionary<string, int>();
        foreach (var batch in indices.Chunk(Batch))
        {
            var programs = batch.Select(index => ProgramDrawer.Draw(seed, index, features)).ToList();
            foreach (var (program, failure, index) in programs.Zip(WellFormed.Check(programs, skipped), batch))
            {
                report.Count(program.Forms);
                if (failure is null)
                {
                    continue;
                }

                var before = shrunk.GetValueOrDefault(failure.Kind);
                shrunk[failure.Kind] = before + 1;
                var least =
                    before < 2 ? Shrinking.Least(program, failure, p => WellFormed.Check([p], skipped)[0]) : null;
                report.Fail(
                    $"well-formed program {index}", $"--seed {seed} --program {index}", failure, program, least);
            }
        }

        return report;
    }
}
