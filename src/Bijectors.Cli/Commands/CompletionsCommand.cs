using System.CommandLine;

namespace Bijectors.Cli;

/// <summary><c>bijectors completions</c>.</summary>
internal static class CompletionsCommand
{
    private const string Summary = "Prints a script that completes commands, options and names in a shell.";

    private const string Details =
        """
        The script asks "bijectors" itself, which must be in the path of the shell.

        Examples:
          eval "$(bijectors completions bash)"
          source <(bijectors completions zsh)
          bijectors completions fish | source
          bijectors completions pwsh | Out-String | Invoke-Expression
        """;

    public static Command Build(Terminal terminal)
    {
        var shell = new Argument<string>("shell")
        {
            Description = $"Which shell: {string.Join(", ", CompletionScripts.Shells)}.",
        };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        var command = new DetailedCommand("completions", Summary, Details) { shell };
        command.Gives(terminal, line => new CompletionsResult(line.GetValue(shell)!));
        return command;
    }
}
