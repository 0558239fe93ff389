namespace Bijectors.Testing;

/// <summary>How much <see cref="TorchCheck"/> asks.</summary>
public sealed record TorchCheckOptions
{
    /// <summary>Everything, in less than a minute on two cores.</summary>
    public static TorchCheckOptions Full { get; } = new();

    /// <summary>Each operation at every shape, dtype and layout, once, with one and with two threads.</summary>
    public static TorchCheckOptions Quick { get; } = new() { Threads = [1, 2], Repeats = 1 };

    /// <summary>The numbers of threads of torch. What was set before is set again afterwards.</summary>
    public IReadOnlyList<int> Threads { get; init; } = [1, 2, 3];

    /// <summary>How often each call is made: memory that was never written differs from call to call.</summary>
    public int Repeats { get; init; } = 3;

    /// <summary>The names of the operations to check; all where it is empty.</summary>
    public IReadOnlyList<string> Operations { get; init; } = [];

    /// <summary>
    /// An operation whose values are made wrong in one place, by a thousandth, after torch has given them: for tests
    /// that a wrong operation is seen. None by default.
    /// </summary>
    public string? SpoiltValue { get; init; }

    /// <summary>An operation whose gradients are made wrong in the same way.</summary>
    public string? SpoiltGradient { get; init; }

    /// <summary>How many of the sets of shapes of each operation are asked, from the first; all by default.</summary>
    internal int MostCases { get; init; } = int.MaxValue;

    /// <summary>How many threads torch had before it was asked.</summary>
    internal int OwnThreads { get; init; } = 1;

    internal void Spoilt(string operation, string what, double[] numbers)
    {
        var spoilt = what.StartsWith("gradient", StringComparison.Ordinal) ? SpoiltGradient : SpoiltValue;
        if (operation == spoilt && numbers.Length > 0)
        {
            numbers[^1] = double.IsFinite(numbers[^1]) ? numbers[^1] + ((1 + Math.Abs(numbers[^1])) / 1000) : 0;
        }
    }
}
