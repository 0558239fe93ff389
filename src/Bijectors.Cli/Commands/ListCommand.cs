using System.CommandLine;

namespace Bijectors.Cli;

/// <summary><c>bijectors list</c>.</summary>
internal static class ListCommand
{
    private const string Summary = "Lists the runs of a folder: what was trained, how far it is, how good it is.";

    private const string Details =
        """
        A run is a folder that "bijectors train --run" has made; those up to three folders deep are found. A run is
        finished, unfinished (stopped or killed: "bijectors resume FOLDER" continues it), running, failed or damaged.

        Examples:
          bijectors list
          bijectors list runs --json
        """;

    public static Command Build(Terminal terminal)
    {
        var folder = new Argument<string>("folder")
        {
            Description = "Where to look.",
            DefaultValueFactory = _ => ".",
        };
        var command = new DetailedCommand("list", Summary, Details) { folder };
        command.Gives(terminal, line =>
        {
            var root = line.GetValue(folder)!;
            return new RunListResult(root, RunSummary.All(root));
        });
        return command;
    }
}
