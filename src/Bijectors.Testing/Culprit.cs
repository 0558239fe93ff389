namespace Bijectors.Testing;

/// <summary>Of the bijectors inside one that breaks a law, the first that breaks it on its own.</summary>
/// <param name="Path">Its name among the modules, as in the state dictionary.</param>
/// <param name="Bijector">The bijector, as it calls itself.</param>
/// <param name="Mismatch">What was looked at there, expected and got.</param>
/// <param name="Point">The smallest points of its own, as text; null for a law that is not of points.</param>
internal sealed record Culprit(string Path, string Bijector, Mismatch Mismatch, string? Point)
{
    /// <summary>The culprit of a violation; null where all bijectors inside keep the law, or there are none.</summary>
    public static Culprit? Of(Law law, LawContext lawContext, Violation violation)
    {
        // One that stands in two places is named by the first.
        var names = lawContext.Bijector.named_modules().Where(inner => inner.module is Bijector)
            .DistinctBy(inner => inner.module)
            .ToDictionary(inner => inner.module, inner => inner.name);
        if (names.Count == 0)
        {
            return null;
        }

        using var recording = new Recording(lawContext, violation);
        foreach (var inner in recording.Called)
        {
            if (names.TryGetValue(inner, out var path) && recording.Reaching(inner) is var (shape, contextSize))
            {
                var found = Look(law, lawContext, violation, recording, path, shape, contextSize);
                if (found is not null)
                {
                    return found;
                }
            }
        }

        return null;
    }

    private static Culprit? Look(
        Law law, LawContext outer, Violation violation, Recording recording, string path, Shape shape, int? contextSize)
    {
        using var lawContext = outer.Inside(path, shape, contextSize);
        var found = Look(law, lawContext, violation, recording);
        if (found is { } ignored && contextSize is not null
            && IsOfContext(ignored.Mismatch) && !IsOfContext(violation.Mismatch))
        {
            // A layer need not use the context that is handed through all of them.
            return Look(law, outer, violation, recording, path, shape, null);
        }

        return found is null
            ? null
            : Of(law, lawContext, found) is { } deeper
            ? deeper with { Path = $"{path}.{deeper.Path}" }
            : new(path, lawContext.Bijector.ToString(), found.Mismatch, found.Points?.ToString());
    }

    private static Violation? Look(Law law, LawContext lawContext, Violation violation, Recording recording)
    {
        try
        {
            return law.Look(lawContext, recording);
        }
        catch (Exception e)
        {
            return violation.Mismatch.What == Law.Threw ? new(Law.Thrown(e)) : null;
        }
    }

    private static bool IsOfContext(Mismatch mismatch) =>
        mismatch.What.EndsWith("the context", StringComparison.Ordinal);
}
