namespace Bijectors.Training;

/// <summary>Numbers of schedules from 0 to 1.</summary>
internal static class Share
{
    /// <summary>Gives the number back, or stops where it is no share of the peak.</summary>
    public static double Expect(string whose, double share) => share is >= 0 and <= 1
        ? share
        : throw new ArgumentException($"Schedule.{whose}: expected shares of the peak from 0 to 1, got {share}.");
}
