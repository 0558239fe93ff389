using System.Globalization;
using System.Text;

namespace Bijectors.Testing;

/// <summary>A law does not hold. The message says which, of what, at which point, and where to look.</summary>
public sealed class LawViolationException : Exception
{
    private readonly Law _law;
    private readonly LawContext _context;

    internal LawViolationException(
        Law law, LawContext lawContext, Violation violation, Culprit? culprit = null, Exception? inner = null)
        : base(Compose(law, lawContext, violation, culprit), inner)
    {
        (_law, _context, Violation) = (law, lawContext, violation);
        Law = law.Name;
        Bijector = lawContext.Bijector.ToString();
        Seed = lawContext.Case.Seed;
        DType = lawContext.DType;
        Culprit = culprit is null ? null : $"{culprit.Path} ({culprit.Bijector})";
    }

    /// <summary>The name of the law.</summary>
    public string Law { get; }

    /// <summary>The bijector, as it calls itself.</summary>
    public string Bijector { get; }

    /// <summary>The seed that gives the same parameters and points again.</summary>
    public int Seed { get; }

    /// <summary>The dtype in which it was found.</summary>
    public ScalarType DType { get; }

    /// <summary>What was looked at, expected and got.</summary>
    public Mismatch Mismatch => Violation.Mismatch;

    /// <summary>
    /// The first of the bijectors inside that breaks the law on its own, as <c>layers.2 (MyLayer)</c>: its name in the
    /// state dictionary and what it calls itself. Null where there is none inside, or where each of them keeps the law.
    /// </summary>
    public string? Culprit { get; }

    internal Violation Violation { get; }

    /// <summary>The same, saying which bijector inside is to blame.</summary>
    internal LawViolationException Because(Culprit? culprit) => new(_law, _context, Violation, culprit);

    private static string Compose(Law law, LawContext lawContext, Violation violation, Culprit? culprit)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{lawContext.Bijector} breaks the law {law.Name}.");
        Line("law:", law.Statement);
        var on = lawContext.Case;
        Line("checked on:", $"events {on.Shape}, {Context(on)}, {lawContext.DType}, seed {on.Seed}");
        Line("looked at:", violation.Mismatch.What);
        if (violation.Points is { } points)
        {
            Line("at the point:", points.ToString());
        }

        Line("expected:", violation.Mismatch.Expected);
        Line("got:", violation.Mismatch.Got);
        if (culprit is not null)
        {
            Line("first wrong:", $"{culprit.Path} ({culprit.Bijector}), by itself: {culprit.Mismatch.What}");
            if (culprit.Point is { } point)
            {
                Line("", $"at the point {point}");
            }

            Line("", $"expected {culprit.Mismatch.Expected}, got {culprit.Mismatch.Got}");
        }
        else if (lawContext.Bijector.modules().Any(inner => inner is Bijector))
        {
            Line("first wrong:",
                "none of the bijectors inside breaks this law by itself: look at how they are put together");
        }

        if (violation.Mismatch.What != Testing.Law.Threw)
        {
            Line("often:", law.UsualCause);
        }

        Line("seldom:", "torch is wrong on this processor: run \"bijectors doctor\", or TorchCheck.Run()");

        return text.ToString().TrimEnd();

        void Line(string name, string what) => text.AppendLine(CultureInfo.InvariantCulture, $"  {name,-13} {what}");
    }

    private static string Context(LawCase subject) =>
        subject.ContextSize is { } size ? $"context of size {size}" : "no context";
}
