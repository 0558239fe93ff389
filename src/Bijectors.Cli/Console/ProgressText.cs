using Bijectors.Training;

namespace Bijectors.Cli;

/// <summary>Progress in words.</summary>
internal static class ProgressText
{
    /// <summary>How far a training is, as a line of a log.</summary>
    /// <param name="label">What is trained.</param>
    /// <param name="now">How far it is.</param>
    /// <param name="all">What is left of all that it is a part of; null for nothing more.</param>
    public static string Of(string label, TrainingProgress now, TimeSpan? all)
    {
        var validation = now.ValidationLoss is { } seen ? FormattableString.Invariant($", validation {seen:F3}") : "";
        var whole = all is { } left ? $", {Duration(left)} of all" : "";
        return FormattableString.Invariant($"{label,-13} {now.Fraction,4:P0}  epoch {now.Epoch}, step {now.Step}: ")
            + FormattableString.Invariant($"train {now.TrainLoss:F3}{validation}")
            + FormattableString.Invariant($" {now.Unit.Text()}, {now.StepsPerSecond:F1} steps/s, ")
            + $"{Duration(now.Remaining)} to go{whole}";
    }

    /// <summary>How far something is that is counted, as a line of a log.</summary>
    /// <param name="label">What is done.</param>
    /// <param name="unit">What is counted, in the plural.</param>
    /// <param name="done">How many are done.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="elapsed">How long it has taken so far.</param>
    public static string Of(string label, string unit, long done, long count, TimeSpan elapsed)
    {
        var pace = done > 0 ? $", {Duration(elapsed * ((double)(count - done) / done))} to go" : "";
        return $"{label}: {Numbers.Count(done)} of {Numbers.Count(count)} {unit}{pace}";
    }

    /// <summary>A time in its two largest units: <c>45 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var seconds = (long)Math.Max(0, Math.Round(time.TotalSeconds));
        return seconds switch
        {
            < 60 => $"{seconds} s",
            < 3600 => $"{seconds / 60} min {seconds % 60} s",
            < 86400 => $"{seconds / 3600} h {seconds % 3600 / 60} min",
            _ => $"{seconds / 86400} d {seconds % 86400 / 3600} h",
        };
    }
}
