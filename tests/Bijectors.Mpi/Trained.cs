using System.Globalization;

namespace Bijectors.Mpi;

/// <summary>What a training wrote: losses by epoch, and a digest of the weights of each rank.</summary>
internal sealed record Trained(IReadOnlyList<double> Losses, IReadOnlyList<string> Weights)
{
    public static Trained Read(string output)
    {
        // Where a rank has the terminal of mpirun, .NET writes a code to it before the first line.
        var rows = output.Split('\n')
            .Select(line => line[Math.Max(0, line.IndexOf("epoch ", StringComparison.Ordinal))..].Trim().Split(' '))
            .ToList();
        return new(
            [.. rows.Where(row => row[0] == "epoch").SelectMany(row => row[2..])
                .Select(number => double.Parse(number, CultureInfo.InvariantCulture))],
            [.. rows.Where(row => row[0] == "weights").Select(row => row[1])]);
    }

    /// <summary>The largest relative difference of a loss; infinite where there is another number of them.</summary>
    public double DifferenceTo(Trained other) => Losses.Count != other.Losses.Count || Losses.Count == 0
        ? double.PositiveInfinity
        : Losses.Zip(other.Losses).Max(pair => Math.Abs(pair.First - pair.Second) / Math.Abs(pair.Second));

    /// <summary>Whether all ranks have the same weights, bit for bit.</summary>
    public bool HasEqualRanks => Weights.Count > 0 && Weights.Distinct().Count() == 1;
}
