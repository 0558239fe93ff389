using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Bijectors.Cli;

/// <summary>A command with one line for the list of commands and more below its own help.</summary>
internal sealed class DetailedCommand(string name, string summary, string details) : Command(name, summary)
{
    /// <summary>Makes the help of every command below a root show its details.</summary>
    public static void Explain(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new DetailedHelp((HelpAction)help.Action!);
    }

    private sealed class DetailedHelp(HelpAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult line)
        {
            var exitCode = usual.Invoke(line);
            if (line.CommandResult.Command is DetailedCommand command)
            {
                line.InvocationConfiguration.Output.WriteLine(command.Details);
                line.InvocationConfiguration.Output.WriteLine();
            }

            return exitCode;
        }
    }

    private string Details { get; } = details;
}
