using System.CommandLine;

namespace Bijectors.Cli;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Writes the result as one JSON object and nothing else; an error is one on the error stream.",
        Recursive = true,
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q")
    {
        Description = "Writes no progress and nothing on the way; of commands that make files, nothing but errors.",
        Recursive = true,
    };

    public void AddTo(RootCommand root)
    {
        root.Add(_json);
        root.Add(_quiet);
    }

    /// <summary>Makes the terminal as the command line asks for.</summary>
    public void Apply(ParseResult line, Terminal terminal) =>
        (terminal.IsJson, terminal.IsQuiet) = (line.GetValue(_json), line.GetValue(_quiet));
}
