using System.Text;
using Bijectors.Data;

namespace Bijectors.Fuzz;

/// <summary>Texts that name data.</summary>
internal sealed class SpecTarget() : Target("spec", 100)
{
    private static readonly string[] s_seeds =
    [
        "moons", "*/a.csv", "csv:*/a.csv", "*/a.csv?target=a,b", "*/a.csv?target=2-3&context=1", "*/a.csv?context=c",
        "*/a.csv?category=c&missing=a,b", "csv:*/a.csv?target=a&context=3&category=c",
        "*/a.npz#x", "npz:*/a.npz#x?context=y", "*/a.npy", "digits?context=label", "png:*", "idx:*", "eight-gaussians",
    ];

    private string _folder = "";

    public override IEnumerable<byte[]> Seeds => [];

    public override void Prepare(string folder)
    {
        _folder = folder;
        var rows = Enumerable.Range(0, 30).Select(i => $"{i},{i % 7},{i * i % 5}\n");
        File.WriteAllText(Path.Combine(folder, "a.csv"), $"a,b,c\n{string.Concat(rows)}");
    }

    public override byte[] Draw(Random random) => Encoding.UTF8.GetBytes(
        TextMutation.Of(s_seeds[random.Next(s_seeds.Length)], random).Replace("*", _folder, StringComparison.Ordinal));

    public override string? Run(byte[] input, string folder) =>
        Answer(() => Datasets.Open(Encoding.UTF8.GetString(input)).Dispose());
}
