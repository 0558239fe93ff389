using System.CommandLine;

namespace Bijectors.Cli;

/// <summary><c>bijectors resume</c>.</summary>
internal static class ResumeCommand
{
    private const string Summary = "Continues a run that was stopped or killed.";

    private const string Details =
        """
        The folder says all that the run depends on; the data must be where they were. The run ends with the same
        weights, bit for bit, as one that was never stopped, unless a limit in seconds makes it depend on time. Of a run
        that is finished nothing is left to do, and the exit code is 0. Under "mpirun -np N" it continues on N
        processes, however many they were before.

        Examples:
          bijectors resume runs/glow
        """;

    public static Command Build(Terminal terminal, SharedCommand shared, CancellationToken cancellation)
    {
        var folder = new Argument<string>("folder") { Description = "The folder of \"bijectors train --run\"." };
        var command = new DetailedCommand("resume", Summary, Details) { IsShared = true };
        command.Add(folder);
        command.Gives(
            terminal,
            line => RunSession.Resume(terminal, shared, new RunFolder(line.GetValue(folder)!), cancellation));
        return command;
    }
}
