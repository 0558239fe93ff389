using Bijectors.RandomPrograms.Draw;

namespace Bijectors.RandomPrograms.Run;

/// <summary>Takes statements out of a failing program for as long as it fails in the same way.</summary>
internal static class Shrinking
{
    private const int Patience = 120;

    public static DrawnProgram Least(DrawnProgram program, Failure failure, Func<DrawnProgram, Failure?> check)
    {
        var tries = 0;
        bool StillFails(DrawnProgram candidate) => ++tries <= Patience && check(candidate) is { } still
            && still.Kind == failure.Kind && still.Where == failure.Where;

        for (var changed = true; changed && tries < Patience;)
        {
            changed = false;
            foreach (var candidate in Smaller(program))
            {
                if (StillFails(candidate))
                {
                    (program, changed) = (candidate, true);
                    break;
                }
            }
        }

        return WithoutMembers(program, StillFails);
    }

    /// <summary>
    /// The program with a block in the place of the statement around it, without a statement, or with less of one.
    /// </summary>
    private static IEnumerable<DrawnProgram> Smaller(DrawnProgram program)
    {
        DrawnProgram With(Statement statement, params IReadOnlyList<Statement> by) =>
            program with { Body = Statement.Edit(program.Body, s => ReferenceEquals(s, statement) ? by : [s]) };

        foreach (var statement in Statement.All(program.Body).Reverse())
        {
            yield return With(statement);
            switch (statement)
            {
                case Loop loop:
                    yield return With(statement, loop.Body);
                    break;
                case Branch branch:
                    yield return With(statement, branch.Then);
                    yield return With(statement, branch.Else ?? []);
                    yield return With(statement, branch with { Else = null });
                    break;
                case Assign { Maps: not null } assign:
                    foreach (var less in Less(assign.Value))
                    {
                        yield return With(statement, assign with { Value = less });
                    }

                    break;
                case Return last:
                    foreach (var less in Less(last.Value))
                    {
                        yield return With(statement, last with { Value = less });
                    }

                    break;
            }
        }
    }

    private static IEnumerable<Expression> Less(Expression value) => value switch
    {
        Binary binary => [binary.Left, binary.Right],
        Negative negative => [negative.Operand],
        Invoke { On: Name { Text: "Parts" }, Method: "Join" } => [],
        Invoke { On: not null } call => [call.On, .. call.Arguments.Take(1)],
        Invoke call => call.Arguments.Take(1),
        _ => [],
    };

    private static DrawnProgram WithoutMembers(DrawnProgram program, Func<DrawnProgram, bool> stillFails)
    {
        var text = Print.Listing.Of(program with { Members = [] });
        var used = program.Members.Where(m => m.Contains("override", StringComparison.Ordinal)
            || Named(m).Any(n => text.Contains(n, StringComparison.Ordinal))).ToList();
        var without = program with { Members = used };
        return stillFails(without) ? without : program;
    }

    private static IEnumerable<string> Named(string member) =>
        member.Split(['=', '('], 2)[0].Trim().Split(' ').TakeLast(1)
            .Append(member.Contains("Made", StringComparison.Ordinal) ? "made" : "\0");
}
