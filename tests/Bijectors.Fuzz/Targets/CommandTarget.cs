using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bijectors.Cli;
using Bijectors.Zoo;

namespace Bijectors.Fuzz;

/// <summary>Command lines: options that there are with values that there are, and odd ones of both.</summary>
internal sealed partial class CommandTarget() : Target("command line", 60)
{
    // Of a command whose work is what is to be tested elsewhere, and takes long.
    private static readonly string[] s_verbs =
    [
        "train", "compare", "sample", "score", "describe", "convert", "list", "diff", "resume", "completions", "serve",
        "experiment", "check", "doctor", "bench", "",
    ];

    private readonly Dictionary<string, string[]> _options = [];
    private string _folder = "";

    public override IEnumerable<byte[]> Seeds => [];

    public override void Prepare(string folder)
    {
        // Deep, so that ".." leads to nowhere else.
        _folder = Directory.CreateDirectory(Path.Combine(folder, "a", "b", "c")).FullName;
        Environment.CurrentDirectory = _folder;
        File.WriteAllText("a.csv", "a,b\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{i * i % 7}\n")));
        SavedSeed.Save("m.safetensors", "maf", size: 2);
        foreach (var verb in s_verbs)
        {
            using var help = new StringWriter();
            Application.Run(verb.Length == 0 ? ["--help"] : [verb, "--help"], new Terminal(help, help), default);
            var found = OptionPattern().Matches(help.ToString()).Select(match => match.Value);
            _options[verb] = [.. found.Distinct()];
        }
    }

    public override byte[] Draw(Random random)
    {
        var verb = s_verbs[random.Next(s_verbs.Length)];
        List<string> args = verb.Length == 0 ? [] : [verb];
        var options = _options[verb];
        if (random.Next(3) > 0)
        {
            args.AddRange(verb switch
            {
                "train" => ["--model", "maf", "--data", "moons"],
                "score" => ["--model", "m.safetensors", "--data", "a.csv", "--out", "o.csv"],
                "sample" => ["--model", "m.safetensors", "--out", "o.csv", "--count", "3"],
                "convert" => ["a.csv", "o.npy"],
                "describe" or "check" => ["m.safetensors"],
                "serve" => ["m.safetensors", "--port", "0"],
                _ => Array.Empty<string>(),
            });
        }

        for (var i = random.Next(4); i > 0; i--)
        {
            args.Add(options.Length > 0 && random.Next(5) > 0 ? options[random.Next(options.Length)] : Value(random));
            if (random.Next(4) > 0)
            {
                args.Add(Value(random));
            }
        }

        if (args.Count > 0 && random.Next(4) == 0)
        {
            var at = random.Next(args.Count);
            args[at] = TextMutation.Of(args[at], random);
        }

        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(args.Where(arg => !Leads(arg)).ToArray()));
    }

    public override string? Run(byte[] input, string folder)
    {
        var refusal = CommandLine.Run(JsonSerializer.Deserialize<string[]>(input)!);
        CommandLine.CheckLeftovers(_folder);
        return refusal;
    }

    private static string Value(Random random) => random.Next(6) switch
    {
        0 => Numbers.Text(random),
        1 => TextMutation.Odd(random),
        2 => Models.Names[random.Next(Models.Names.Count)],
        3 => $"{random.Next(1, 5)}",
        _ => ((string[])
        [
            "a.csv", "m.safetensors", "moons", "digits", "none.csv", ".", "o.npy", "o.csv", "o", "maf.hidden=4",
            "hidden=4", "constant", "float64", "bash", "a.csv?target=a&context=b", "m.safetensors/x",
        ])[random.Next(16)],
    };

    // To a place outside of the folder, which nothing may be written to.
    private static bool Leads(string arg) => Path.IsPathRooted(arg) || arg.Contains("=/", StringComparison.Ordinal)
        || arg.Contains(":/", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<=^  (?:-\w, )?)--[a-z-]+", RegexOptions.Multiline)]
    private static partial Regex OptionPattern();
}
