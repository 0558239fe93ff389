using System.Collections.Immutable;

namespace Bijectors.Testing.RandomFlows;

/// <summary>The numbers that a curve takes.</summary>
internal readonly record struct Parameters
{
    private readonly ImmutableArray<double> _numbers;

    public Parameters(params double[] numbers) => _numbers = [.. numbers];

    /// <summary>The numbers, none by default.</summary>
    public ImmutableArray<double> Numbers => _numbers.IsDefault ? [] : _numbers;

    /// <summary>How much there is to read in them.</summary>
    public int Cost => Numbers.Sum(Length);

    /// <summary>Simpler numbers: usual ones, a first one of 2, a half or without digits, others of 1.</summary>
    public IEnumerable<Parameters> Simpler()
    {
        if (Numbers is not [var first, .. var others])
        {
            return [];
        }

        double[] ones = [.. others.Select(_ => 1.0)];
        Parameters[] all =
        [
            new([2, .. ones]), new([2, .. others]), new([0.5, .. others]), new([Math.Round(first), .. others]),
            new([first, .. ones]),
        ];
        return all.Where(p => p.Numbers[0] != 0);
    }

    public bool Equals(Parameters other) => Numbers.SequenceEqual(other.Numbers);

    public override int GetHashCode() => Numbers.Aggregate(17, HashCode.Combine);

    private static int Length(double number) =>
        number == 0 ? 0 : Text.Of(number).Length + (number < 0 ? 1 : 0) + (number == Math.Round(number) ? 0 : 1);
}
