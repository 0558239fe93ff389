using System.CommandLine;

namespace Bijectors.Cli;

/// <summary><c>bijectors diff</c>.</summary>
internal static class DiffCommand
{
    private const string Summary = "Shows in which options two runs differ, and their results side by side.";

    private const string Details =
        """
        The runs need not be finished: of one that was killed the curves say how far it came.

        Examples:
          bijectors diff runs/a runs/b
        """;

    public static Command Build(Terminal terminal)
    {
        var a = new Argument<string>("a") { Description = "The folder of a run." };
        var b = new Argument<string>("b") { Description = "The folder of another one." };
        var command = new DetailedCommand("diff", Summary, Details) { a, b };
        command.Gives(
            terminal,
            line => RunDiffResult.Of(new RunFolder(line.GetValue(a)!), new RunFolder(line.GetValue(b)!)));
        return command;
    }
}
