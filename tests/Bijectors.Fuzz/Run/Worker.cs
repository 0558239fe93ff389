using System.Diagnostics;

namespace Bijectors.Fuzz;

/// <summary>The process that takes inputs, and may die of one. It writes a line before each and one after it.</summary>
internal static class Worker
{
    public const string Begins = "fuzz begins ";
    public const string Ends = "fuzz ends ";

    /// <summary>An input may take so much more memory than there was before.</summary>
    private const long MostMemory = 1L << 30;

    public static void Run(Target target, int seed, int first, int end)
    {
        var folder = Directory.CreateTempSubdirectory("bijectors-fuzz-");
        try
        {
            target.Prepare(folder.FullName);
            var place = folder.CreateSubdirectory("input").FullName;
            foreach (var input in first == 0 ? target.Seeds : [])
            {
                Say(-1, () => target.Run(input, place) is { } refusal
                    ? throw new Finding($"a file as it should be is refused: {refusal}") : null);
            }

            for (var i = first; i < end; i++)
            {
                var index = i;
                Say(i, () => target.Run(Inputs.Of(target, seed, index), place));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Say(int index, Func<string?> run)
    {
        Console.WriteLine($"{Begins}{index}");
        var (clock, memory) = (Stopwatch.StartNew(), new Memory());
        string outcome;
        try
        {
            outcome = run() is { } refusal ? $"refused {refusal}" : "right";
            if (memory.Growth > MostMemory)
            {
                outcome = $"finding {memory.Growth >> 20} MiB of memory";
            }
        }
        catch (Exception exception)
        {
            outcome = $"finding {(exception is Finding ? exception.Message : $"{exception}")}";
        }

        var line = outcome.ReplaceLineEndings(" | ");
        Console.WriteLine($"{Ends}{index} {clock.ElapsedMilliseconds} {memory.Growth >> 20} {line}");
    }
}
