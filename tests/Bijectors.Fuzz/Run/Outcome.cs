using System.Globalization;

namespace Bijectors.Fuzz;

/// <summary>What became of an input.</summary>
/// <param name="Kind">right, refused or finding.</param>
/// <param name="Text">The sentence of a refusal or a finding.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Mebibytes">How much memory it took.</param>
internal sealed record Outcome(string Kind, string Text, long Milliseconds, long Mebibytes)
{
    /// <summary>Reads what a worker wrote.</summary>
    public static (int Index, Outcome Outcome) Parse(string line)
    {
        var parts = line.Split(' ', 5);
        long Number(int i) => long.Parse(parts[i], CultureInfo.InvariantCulture);
        return ((int)Number(0), new(parts[3], parts.ElementAtOrDefault(4) ?? "", Number(1), Number(2)));
    }
}
