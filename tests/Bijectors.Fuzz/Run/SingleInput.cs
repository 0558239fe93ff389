using System.Text;

namespace Bijectors.Fuzz;

/// <summary>One input, to look at.</summary>
internal static class SingleInput
{
    private const int MostShown = 4_000;

    public static void Show(Target target, int seed, int index)
    {
        var folder = Directory.CreateTempSubdirectory("bijectors-fuzz-");
        target.Prepare(folder.FullName);
        var input = Inputs.Of(target, seed, index);
        var text = Encoding.Latin1.GetString(input.AsSpan(0, Math.Min(MostShown, input.Length)));
        Console.WriteLine(string.Concat(text.Select(
            each => char.IsControl(each) && each != '\n' ? $"\\x{(int)each:x2}" : $"{each}")));
        using var slow = new Timer(_ => Console.WriteLine(target.Doing), null, 3_000, Timeout.Infinite);
        Console.WriteLine(target.Run(input, folder.CreateSubdirectory("input").FullName) ?? "answered");
        folder.Delete(recursive: true);
    }
}
