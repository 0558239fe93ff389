using System.Text;
using static TorchSharp.torch;

namespace Bijectors.Testing;

/// <summary>A law does not hold. The message says which, of what, at which point, and where to look.</summary>
public sealed class LawViolationException : Exception
{
    internal LawViolationException(Law law, Trial trial, Mismatch mismatch, Points? points, Exception? inner = null)
        : base(Compose(law, trial, mismatch, points), inner)
    {
        Law = law.Name;
        Bijector = trial.Bijector.ToString();
        Seed = trial.Case.Seed;
        DType = trial.DType;
        Mismatch = mismatch;
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
    public Mismatch Mismatch { get; }

    private static string Compose(Law law, Trial trial, Mismatch mismatch, Points? points)
    {
        var text = new StringBuilder();
        text.AppendLine($"{trial.Bijector} breaks the law {law.Name}.");
        text.AppendLine($"  law:          {law.Statement}");
        text.AppendLine($"  checked on:   events {trial.Case.Shape}, {Context(trial.Case)}, {trial.DType}, seed {trial.Case.Seed}");
        text.AppendLine($"  looked at:    {mismatch.What}");
        if (points is not null)
        {
            text.AppendLine($"  at the point: {points}");
        }

        text.AppendLine($"  expected:     {mismatch.Expected}");
        text.AppendLine($"  got:          {mismatch.Got}");
        text.Append($"  often:        {law.UsualCause}");
        return text.ToString();
    }

    private static string Context(LawCase subject) =>
        subject.ContextSize is { } size ? $"context of size {size}" : "no context";
}
