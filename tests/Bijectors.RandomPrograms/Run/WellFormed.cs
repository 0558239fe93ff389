using Bijectors.RandomPrograms.Draw;
using Bijectors.RandomPrograms.Print;
using Bijectors.Testing;
using Microsoft.CodeAnalysis;

namespace Bijectors.RandomPrograms.Run;

/// <summary>Checks that well-formed programs compile and obey the laws.</summary>
internal static class WellFormed
{
    private static readonly string[] s_laws =
    [
        "Shapes", "Deterministic", "NoTensorSurvives", "FusedEqualsSeparate", "Codomain", "RoundTrip", "LogDet",
        "InverseLogDet", "Batching", "EventRankSum", "Facts",
    ];

    private static readonly IReadOnlyList<Law> s_all =
        [new SameAsBody(), .. BijectorLaws.All.Where(law => s_laws.Contains(law.Name))];

    /// <summary>One answer a program; null where nothing is wrong.</summary>
    /// <param name="programs">The programs, built together.</param>
    /// <param name="skipped">Laws to leave out, with commas between.</param>
    public static IReadOnlyList<Failure?> Check(IReadOnlyList<DrawnProgram> programs, string skipped = "")
    {
        var build = Build.Of([.. programs.Select(p => (p.Name, Listing.Of(p)))]);
        var refused = programs.ToDictionary(p => p.Name, p => Refusal(build, p));
        if (build.OfNone.Count > 0)
        {
            return programs.Count == 1
                ? [new("crash", string.Join('\n', build.OfNone))]
                : [.. programs.Select(p => Check([p], skipped)[0])];
        }

        var accepted = programs.Where(p => refused[p.Name] is null).ToList();
        if (accepted.Count < programs.Count && accepted.Count > 0)
        {
            // An assembly comes out of a compilation without errors only.
            var rest =
                accepted.Zip(Check(accepted, skipped)).ToDictionary(pair => pair.First.Name, pair => pair.Second);
            return [.. programs.Select(p => refused[p.Name] ?? rest[p.Name])];
        }

        if (accepted.Count == 0)
        {
            return [.. programs.Select(p => refused[p.Name])];
        }

        using var loaded = new Loaded(build.Assembly());
        return [.. programs.Select(p => Laws(loaded, build, p, skipped))];
    }

    private static Failure? Refusal(Build build, DrawnProgram program)
    {
        // A poor form is worth a warning in a program that was drawn, too; so is everything C# says of
        // the class itself.
        var reported = build.Of(program.Name).Where(d => d.Severity == DiagnosticSeverity.Error
            || (d.Id.StartsWith("BIJ", StringComparison.Ordinal) && !d.Id.StartsWith("BIJ03", StringComparison.Ordinal))
            || (d.Location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) ?? false)).ToList();
        return reported.Count == 0 ? null : new(
            reported[0].Id,
            string.Join('\n', reported) + (reported.Any(d => d.Id.StartsWith("CS", StringComparison.Ordinal))
                ? "\n" + build.Emitted(program.Name)
                : ""), Where(reported[0]));
    }

    /// <summary>The refused expression, or in emitted code what is said of it, without names that count up.</summary>
    private static string Where(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree is { } tree && !tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)
            ? tree.GetText().ToString(diagnostic.Location.SourceSpan)
            : string.Concat(
                diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture).Where(c => !char.IsDigit(c)));

    private static Failure? Laws(Loaded loaded, Build build, DrawnProgram program, string skipped)
    {
        try
        {
            var subject = new LawCase(
                _ => new Stepped(loaded.Make(program.Name), program.Steps), program.Shape, (int?)program.ContextSize);
            foreach (var law in s_all.Where(law => !skipped.Split(',').Contains(law.Name)))
            {
                law.Check(subject);
            }

            return null;
        }
        catch (LawViolationException violation)
        {
            return new("law " + violation.Law, violation.Message + "\n" + build.Emitted(program.Name));
        }
        catch (Exception exception)
        {
            return new(
                "exception " + exception.GetType().Name, exception.ToString().Split("\n   at System.Reflection")[0]);
        }
    }
}
