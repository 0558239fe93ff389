using System.Text;
using Bijectors.Cli;

namespace Bijectors.Fuzz;

/// <summary>The directory of a run, one of whose files is changed.</summary>
internal sealed class RunTarget() : Target("run", 30)
{
    private static readonly string[] s_files = ["config.json", "results.json", "curves.csv", "checkpoint.safetensors"];
    private readonly List<byte[]> _contents = [];
    private string _run = "";

    public override IEnumerable<byte[]> Seeds => _contents.Select((content, i) => (byte[])[(byte)i, .. content]);

    public override void Prepare(string folder)
    {
        _run = Path.Combine(folder, "run");
        var data = Path.Combine(folder, "a.csv");
        File.WriteAllText(data, "a,b\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{i * i % 7}\n")));
        using var output = new StringWriter();
        Application.Run(
            [
                "train", "--model", "maf", "--data", data, "--set", "hidden=3", "--set", "layers=1", "--steps", "3",
                "--checkpoint-every", "1", "--layers", "0", "--run", _run,
            ],
            new Terminal(output, output), default);
        _contents.AddRange(s_files.Select(name => File.ReadAllBytes(Path.Combine(_run, name))));
    }

    public override byte[] Draw(Random random)
    {
        var file = random.Next(s_files.Length);
        var content = _contents[file];
        byte[] changed = (Path.GetExtension(s_files[file]), random.Next(4)) switch
        {
            (".json", > 0) => Encoding.UTF8.GetBytes(JsonMutation.Of(Encoding.UTF8.GetString(content), random)),
            (".csv", > 0) => Encoding.UTF8.GetBytes(TextMutation.Of(Encoding.UTF8.GetString(content), random)),
            _ => ByteMutation.Of(content, random),
        };
        return [(byte)file, .. changed];
    }

    public override string? Run(byte[] input, string folder)
    {
        var run = Directory.CreateDirectory(Path.Combine(folder, "changed")).FullName;
        foreach (var file in Directory.EnumerateFiles(_run))
        {
            File.Copy(file, Path.Combine(run, Path.GetFileName(file)), overwrite: true);
        }

        if (s_files[input[0]] != "results.json")
        {
            // Otherwise the run is finished, and nothing else is read.
            File.Delete(Path.Combine(run, "results.json"));
        }

        File.WriteAllBytes(Path.Combine(run, s_files[input[0]]), input[1..]);
        var refusals = ((string[][])[["list", folder], ["diff", _run, run], ["resume", run], ["describe", run]])
            .Select(args => CommandLine.Run(args)).ToList();
        CommandLine.CheckLeftovers(run);
        return refusals.FirstOrDefault(refusal => refusal is not null);
    }
}
