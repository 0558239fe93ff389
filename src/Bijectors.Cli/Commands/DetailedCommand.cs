using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Bijectors.Cli;

/// <summary>A command with one line for the list of commands and more below its own help.</summary>
internal sealed class DetailedCommand(string name, string summary, string details) : Command(name, summary)
{
    /// <summary>Makes the help of every command below a root show its details.</summary>
    /// <param name="root">The root.</param>
    /// <param name="details">What the root itself shows.</param>
    public static void Explain(RootCommand root, string details)
    {
        var help = root.Options.OfType<HelpOption>().Single();

        // A path looks like these where a shell completes one.
        help.Aliases.Remove("/h");
        help.Aliases.Remove("/?");
        help.Action = new DetailedHelp((HelpAction)help.Action!, details);
    }

    /// <summary>Whether <c>mpirun</c> may start it on several ranks, which then share its work.</summary>
    public bool IsShared { get; init; }

    /// <summary>Says what the command does: it gives a result, which the terminal writes.</summary>
    public void Gives(Terminal terminal, Func<ParseResult, CommandResult> act) =>
        SetAction(line => terminal.Give(Name, act(line)));

    private sealed class DetailedHelp(HelpAction usual, string ofRoot) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult line)
        {
            var exitCode = usual.Invoke(line);
            var details = line.CommandResult.Command switch
            {
                DetailedCommand command => command.Details,
                RootCommand => ofRoot,
                _ => null,
            };
            if (details is not null)
            {
                line.InvocationConfiguration.Output.WriteLine(details);
                line.InvocationConfiguration.Output.WriteLine();
            }

            return exitCode;
        }
    }

    private string Details { get; } = details;
}
